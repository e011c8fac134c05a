#include "store/corrections.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/ledger_counters.hpp"
#include "store/retention.hpp"
#include "store/test_support.hpp"

namespace patchbay::store {
namespace {

using testing::IsEmpty;

constexpr std::int64_t kDay = 20'785;
constexpr std::int64_t kDayUs = 86'400'000'000;

class CorrectionsTest : public test::StoreTest {
  protected:
    void SetUp() override {
        StoreTest::SetUp();
        if (IsSkipped()) return;
        auto opened = LedgerStore::open(address());
        if (!opened) throw std::runtime_error(opened.error().text);
        store.emplace(std::move(*opened));
        counters::pack(counters::of_tag("prod"), counters_);
        LedgerSource source;
        for (int i = 0; i < 5; ++i) source.lines.push_back(line(i));
        ASSERT_TRUE(store->post({source}));
    }
    void TearDown() override { store.reset(); }

    LedgerLine line(int i) {
        LedgerLine made;
        made.seq = i + 1;
        made.call[15] = static_cast<std::uint8_t>(i / 2);  // two attempts of each call
        made.attempt = 1 + i % 2;
        made.client_call = "c";
        made.key = "01";
        made.model = i == 4 ? "gpt-4o-mini" : "gpt-4o";
        made.provider = "openai";
        made.counters = counters_;
        made.debtors = {7, 3, 0, 0};
        made.status = 200;
        made.started_us = made.ended_us = (kDay + i / 4) * kDayUs + i;
        made.prompt = 10;
        made.price = 99;
        made.cost = 100;
        made.charge = 110;
        return made;
    }
    std::vector<BookedEntry> entries(EntryPage page = {.from = kDay, .until = kDay + 9}) {
        auto read = booked_entries(store->database(), page);
        EXPECT_TRUE(read) << (read ? "" : read.error().text);
        return read ? *read : std::vector<BookedEntry>();
    }
    Stored<void> correct(const BookedEntry& entry, std::int64_t cost, std::int64_t charge) {
        LedgerSource source;
        source.epoch[0] = ++epochs_;
        source.lines = {correction_of(entry, 77, cost, charge)};
        source.lines.front().seq = 1;
        return store->correct(source);
    }
    std::int64_t number(const std::string& sql) { return *store->database().number(sql); }
    std::vector<std::string> violations() {
        std::vector<std::string> rules;
        for (const Violation& violation : *store->check()) rules.push_back(violation.rule);
        return rules;
    }

    std::optional<LedgerStore> store;

  private:
    std::string counters_;
    std::uint8_t epochs_ = 100;
};
INSTANTIATE_TEST_SUITE_P(On, CorrectionsTest, test::kBoth, test::kind_name);

TEST_P(CorrectionsTest, entries_are_read_page_by_page_and_by_model) {
    const auto all = entries();
    ASSERT_EQ(all.size(), 5u);
    EXPECT_EQ(all[1].attempt, 2);
    EXPECT_EQ(all[4].model, "gpt-4o-mini");
    EXPECT_EQ(all[4].day, kDay + 1);
    std::size_t seen = 0;
    EntryPage page{.from = kDay, .until = kDay + 9, .limit = 2};
    BookedEntry last;
    while (true) {
        const auto some = entries(page);
        for (const BookedEntry& entry : some) EXPECT_EQ(entry.started_us, all[seen++].started_us);
        if (some.size() < 2) break;
        last = some.back();
        page.after = &last;
    }
    EXPECT_EQ(seen, 5u);
    EXPECT_EQ(entries({.from = kDay, .until = kDay + 1}).size(), 4u);
    EXPECT_EQ(entries({.from = kDay, .until = kDay + 9, .model = "gpt-4o-mini"}).size(), 1u);
}

TEST_P(CorrectionsTest, a_correction_reaches_every_book_and_is_no_request) {
    ASSERT_TRUE(correct(entries()[0], 250, 300));
    for (const char* book : {"1", "3", "7", "8", "9", "12", "13"}) {
        EXPECT_EQ(number("SELECT SUM(posted) FROM account WHERE house = 0 AND book = " +
                         std::string(book)),
                  5 * 110 + 190)
            << book;
    }
    EXPECT_EQ(number("SELECT SUM(requests) FROM daily"), 5);
    EXPECT_EQ(number("SELECT SUM(charge) FROM daily"), 5 * 110 + 190);
    EXPECT_EQ(number("SELECT entries FROM account WHERE book = 13 AND house = 0"), 5);
    EXPECT_THAT(violations(), IsEmpty());
}

TEST_P(CorrectionsTest, what_was_corrected_can_be_corrected_again) {
    ASSERT_TRUE(correct(entries()[1], 250, 300));
    const BookedEntry once = entries()[1];
    EXPECT_EQ(once.cost, 250);
    EXPECT_EQ(once.charge, 300);
    EXPECT_EQ(once.price, 99);
    EXPECT_EQ(once.own_charge, 110);
    EXPECT_EQ(once.corrections, 1);
    EXPECT_EQ(entries()[0].corrections, 0);
    ASSERT_TRUE(correct(once, 100, 110));
    EXPECT_EQ(entries()[1].charge, 110);
    EXPECT_EQ(number("SELECT SUM(posted) FROM account WHERE house = 0 AND book = 1"), 5 * 110);
    // Somebody who has read it before them comes too late, and nothing is posted.
    const auto late = correct(once, 1, 1);
    ASSERT_FALSE(late);
    EXPECT_EQ(late.error().kind, Failure::Kind::conflict);
    EXPECT_EQ(number("SELECT COUNT(*) FROM poison"), 0);
    EXPECT_THAT(violations(), IsEmpty());
}

TEST_P(CorrectionsTest, a_day_that_is_closed_is_not_corrected) {
    const auto read = entries();
    ASSERT_TRUE(close_days(store->database(), kDay));
    EXPECT_FALSE(correct(read[0], 1, 1));
    EXPECT_TRUE(correct(read[4], 1, 1));
    EXPECT_THAT(violations(), IsEmpty());
}

}  // namespace
}  // namespace patchbay::store
