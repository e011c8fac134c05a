#include "engine/ledger/ledger_service.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/plugins/test_support.hpp"

namespace patchbay {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

constexpr LedgerNames kNames{.client_call = "c-1",
                             .key = "",
                             .model_group = "chat",
                             .model = "openai/gpt-4o",
                             .deployment = "d",
                             .provider = "openai",
                             .route = "/chat/completions",
                             .customer = "shop"};

LedgerEntry entry_of(std::int64_t charge) {
    LedgerEntry entry;
    entry.started_us = 1'795'780'800'000'000;
    entry.attempt = 1;
    entry.status = 200;
    entry.usage[0] = 11;
    entry.cost = charge;
    entry.charge = charge;
    return entry;
}

std::array<std::uint8_t, 16> call_of(int number) {
    std::array<std::uint8_t, 16> call{};
    call[0] = static_cast<std::uint8_t>(number);
    call[1] = static_cast<std::uint8_t>(number >> 8);
    return call;
}

class LedgerServiceTest : public testing::Test {
  protected:
    LedgerOptions options() const {
        return {.directory = directory_.path() / "rings",
                .store = directory_.path() / "ledger.db",
                .ring_bytes = 1u << 20,
                .pause = std::chrono::milliseconds(1)};
    }
    std::unique_ptr<LedgerService> start() const {
        auto service = LedgerService::start(options());
        EXPECT_TRUE(service) << (service ? "" : service.error());
        return service ? std::move(*service) : nullptr;
    }
    store::LedgerTotals totals() const {
        auto store = store::LedgerStore::open(options().store);
        EXPECT_TRUE(store);
        EXPECT_THAT(*store->check(), IsEmpty());
        return *store->totals();
    }
    test::TemporaryDirectory directory_;
};

TEST(LedgerRecord, is_read_as_it_was_written_and_long_names_are_cut) {
    LedgerHead head;
    head.seq = 7;
    head.entry = entry_of(5);
    LedgerNames names = kNames;
    const std::string longest(1000, 'x');
    names.model = longest;
    std::array<char, kMostLedgerRecord> buffer;
    const std::size_t size = write_ledger_record(head, names, buffer);
    const std::string_view bytes(buffer.data(), size);
    const auto read = read_ledger_record(bytes);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->head.seq, 7u);
    EXPECT_EQ(read->head.entry, head.entry);
    EXPECT_EQ(read->names.model, std::string(255, 'x'));
    EXPECT_EQ(read->names.customer, "shop");
    EXPECT_FALSE(read_ledger_record(bytes.substr(0, size - 1)));
    EXPECT_FALSE(read_ledger_record(std::string(bytes) + "x"));
    EXPECT_FALSE(read_ledger_record(std::string(size, 'x')));
}

TEST_F(LedgerServiceTest, what_was_written_is_in_the_books_after_a_stop) {
    {
        const auto service = start();
        for (int i = 0; i < 1000; ++i) service->ring(0).append(call_of(i), entry_of(i), kNames);
        service->stop();
        EXPECT_EQ(service->figures(), (LedgerFigures{.posted = 1000}));
    }
    EXPECT_EQ(totals().entries, 1000);
    EXPECT_EQ(totals().charge, 999 * 1000 / 2);
}

// The writer is a process that is killed without a word; the next one finds what it wrote.
TEST_F(LedgerServiceTest, what_a_killed_process_wrote_is_posted_once_by_the_next) {
    for (int round = 0; round < 3; ++round) {
        const pid_t child = ::fork();
        if (child == 0) {
            const auto service = start();
            if (!service) ::_exit(1);
            for (int i = 0; i < 500; ++i) {
                service->ring(0).append(call_of(round * 500 + i), entry_of(1), kNames);
            }
            ::kill(::getpid(), SIGKILL);
        }
        int status = 0;
        ::waitpid(child, &status, 0);
        ASSERT_TRUE(WIFSIGNALED(status));
    }
    start()->stop();
    EXPECT_EQ(totals().entries, 1500);
    EXPECT_EQ(totals().charge, 1500);
    EXPECT_EQ(totals().poison, 0);
}

TEST_F(LedgerServiceTest, sums_that_are_read_after_a_start_have_what_was_left_before) {
    constexpr int kEntries = 950;
    auto options = this->options();
    options.batch = 100;
    std::filesystem::create_directories(options.directory);
    {
        auto journal = Journal::open(options.directory / "worker-0.ring", options.ring_bytes);
        ASSERT_TRUE(journal) << journal.error();
        LedgerRing left(std::move(*journal), call_of(7), 0);
        for (int i = 0; i < kEntries; ++i) left.append(call_of(i), entry_of(1), kNames);
    }
    const auto service = LedgerService::start(std::move(options));
    ASSERT_TRUE(service) << service.error();
    EXPECT_EQ((*service)->figures(), (LedgerFigures{.posted = kEntries}));
    EXPECT_EQ(totals().entries, kEntries);
}

TEST_F(LedgerServiceTest, a_ring_without_room_has_no_place_until_its_entries_are_posted) {
    auto o = options();
    o.ring_bytes = 1u << 16;
    auto started = LedgerService::start(o);
    ASSERT_TRUE(started);
    LedgerRing& ring = (*started)->ring(0);
    std::vector<std::unique_ptr<LedgerPlace>> places;
    while (true) {
        auto place = std::make_unique<LedgerPlace>(&ring);
        if (!*place) break;
        places.push_back(std::move(place));
    }
    EXPECT_GE(places.size(), 1u);
    EXPECT_LE(places.size(), 4u);
    places.clear();
    EXPECT_TRUE(LedgerPlace(&ring));
    EXPECT_TRUE(LedgerPlace(nullptr));
}

TEST_F(LedgerServiceTest, a_directory_or_a_store_that_cannot_be_used_is_told) {
    const auto service = start();
    EXPECT_THAT(LedgerService::start(options()).error(), HasSubstr("another gateway uses it"));
    auto elsewhere = options();
    elsewhere.directory = directory_.path() / "others";
    elsewhere.store = directory_.path() / "no" / "such" / "ledger.db";
    EXPECT_THAT(LedgerService::start(elsewhere).error(), HasSubstr("ledger.db: "));
}

}  // namespace
}  // namespace patchbay
