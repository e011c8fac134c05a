#include "store/ledger_store.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <iostream>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/migrations.hpp"

namespace patchbay::store {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;

class LedgerStoreTest : public testing::Test {
  protected:
    LedgerStoreTest() {
        std::string pattern = (fs::temp_directory_path() / "patchbay-store-XXXXXX").string();
        directory = mkdtemp(pattern.data());
    }
    ~LedgerStoreTest() override { fs::remove_all(directory); }

    LedgerStore open() {
        auto store = LedgerStore::open(directory / "ledger.db");
        if (!store) throw std::runtime_error(store.error().text);
        return std::move(*store);
    }
    static std::vector<std::string> violations(LedgerStore& store) {
        auto found = store.check();
        std::vector<std::string> rules;
        if (!found) return {found.error().text};
        for (const Violation& violation : *found) rules.push_back(violation.rule.substr(0, 2));
        return rules;
    }
    LedgerLine line(std::int64_t seq, std::int64_t charge = 10) {
        LedgerLine made;
        made.seq = seq;
        for (auto& byte : made.call) byte = static_cast<std::uint8_t>(draw());
        made.attempt = 1;
        made.client_call = "c-1";
        made.key = draw() % 2 ? "alice" : "bob";
        made.model_group = "chat";
        made.model = draw() % 2 ? "openai/gpt-4o" : "openai/gpt-4o-mini";
        made.deployment = "d-1";
        made.provider = "openai";
        made.route = "/chat/completions";
        made.customer = draw() % 3 ? "" : "shop";
        made.status = draw() % 10 ? 200 : 500;
        made.started_us =
            1'795'780'800'000'000 + static_cast<std::int64_t>(draw() % 200'000'000'000);
        made.prompt = 7;
        made.completion = 3;
        made.cost = charge;
        made.charge = charge + charge / 10;
        return made;
    }
    LedgerSource source(int ring, std::int64_t first, std::int64_t count) {
        LedgerSource made;
        made.epoch[0] = 1;
        made.ring = ring;
        for (std::int64_t i = 0; i < count; ++i) {
            made.lines.push_back(line(first + i, static_cast<std::int64_t>(draw() % 100'000)));
        }
        return made;
    }

    fs::path directory;
    std::mt19937_64 draw{5};
};

TEST_F(LedgerStoreTest, the_books_agree_after_any_batches) {
    LedgerStore store = open();
    std::array<std::int64_t, 3> next{1, 1, 1};
    std::int64_t charge = 0;
    std::int64_t entries = 0;
    for (int i = 0; i < 50; ++i) {
        std::vector<LedgerSource> batch;
        for (int ring = 0; ring < 3; ++ring) {
            const auto count = static_cast<std::int64_t>(draw() % 20);
            auto& seq = next.at(static_cast<std::size_t>(ring));
            batch.push_back(source(ring, seq, count));
            seq += count;
            entries += count;
            for (const LedgerLine& l : batch.back().lines) charge += l.charge;
        }
        ASSERT_TRUE(store.post(batch));
    }
    EXPECT_THAT(violations(store), IsEmpty());
    const auto totals = store.totals();
    ASSERT_TRUE(totals);
    EXPECT_EQ(totals->entries, entries);
    EXPECT_EQ(totals->charge, charge);
    EXPECT_EQ(totals->poison, 0);
}

TEST_F(LedgerStoreTest, what_comes_again_is_posted_once_after_a_restart_too) {
    const LedgerSource first = source(0, 1, 10);
    LedgerSource longer = first;
    for (const LedgerLine& l : source(0, 11, 5).lines) longer.lines.push_back(l);
    {
        LedgerStore store = open();
        ASSERT_TRUE(store.post({first}));
        ASSERT_TRUE(store.post({first}));
        EXPECT_EQ(store.totals()->entries, 10);
    }
    LedgerStore store = open();
    ASSERT_TRUE(store.post({longer}));
    ASSERT_TRUE(store.post({first}));
    EXPECT_EQ(store.totals()->entries, 15);
    EXPECT_EQ(*store.posted(first.epoch, 0), 15);
    EXPECT_EQ(*store.posted(first.epoch, 1), 0);
    EXPECT_THAT(violations(store), IsEmpty());
}

TEST_F(LedgerStoreTest, a_store_that_is_away_changes_nothing_and_takes_the_same_later) {
    LedgerStore store = open();
    ASSERT_TRUE(store.post({source(0, 1, 5)}));
    ASSERT_TRUE(store.database().execute("PRAGMA busy_timeout = 0"));
    const LedgerSource more = source(0, 6, 3);
    {
        auto other = Database::open(directory / "ledger.db");
        ASSERT_TRUE(other);
        const auto locked = Transaction::begin(*other);
        ASSERT_TRUE(locked);
        const auto posted = store.post({more});
        ASSERT_FALSE(posted);
        EXPECT_EQ(posted.error().kind, Failure::Kind::away);
    }
    EXPECT_EQ(store.totals()->entries, 5);
    EXPECT_EQ(store.totals()->poison, 0);
    ASSERT_TRUE(store.post({more}));
    EXPECT_EQ(store.totals()->entries, 8);
    EXPECT_THAT(violations(store), IsEmpty());
}

TEST_F(LedgerStoreTest, an_entry_that_can_never_be_posted_is_set_aside_and_the_others_are_posted) {
    LedgerStore store = open();
    LedgerSource bad = source(0, 1, 9);
    bad.lines[4].call = bad.lines[2].call;
    bad.lines[4].started_us = bad.lines[2].started_us;
    ASSERT_TRUE(store.post({bad, source(1, 1, 3)}));
    EXPECT_EQ(store.totals()->entries, 11);
    EXPECT_EQ(store.totals()->poison, 1);
    EXPECT_EQ(*store.posted(bad.epoch, 0), 9);
    EXPECT_THAT(violations(store), IsEmpty());
    ASSERT_TRUE(store.post({bad}));
    EXPECT_EQ(store.totals()->entries, 11);
}

TEST_F(LedgerStoreTest, every_rule_finds_the_fault_that_it_is_for) {
    struct Row {
        std::string fault;
        std::vector<std::string> rules;
    };
    for (
        const Row& row : {
            Row{"UPDATE posting SET amount = amount + 1 WHERE account = "
                "(SELECT MIN(account) FROM posting)",
                {"I1", "I2", "I3"}},
            Row{"UPDATE account SET posted = posted + 1 WHERE house = 0 AND book = 8 AND id = "
                "(SELECT MIN(id) FROM account WHERE house = 0 AND book = 8)",
                {"I2", "I4"}},
            Row{"UPDATE entry SET charge = charge + 1 WHERE attempt = 1 AND call = (SELECT "
                "MIN(call) "
                "FROM entry)",
                {"I3", "I5", "I7"}},
            Row{"DELETE FROM entry WHERE call = (SELECT MIN(call) FROM entry)", {"I3", "I5", "I7"}},
            Row{"UPDATE daily SET requests = requests + 1 WHERE day = (SELECT MIN(day) FROM daily)",
                {"I5"}},
            Row{"UPDATE seq_range SET first_seq = first_seq + 100", {"I6"}},
            Row{"UPDATE batch SET charge = charge - 1", {"I7"}},
        }) {
        fs::remove_all(directory);
        fs::create_directory(directory);
        LedgerStore store = open();
        ASSERT_TRUE(store.post({source(0, 1, 20)}));
        ASSERT_THAT(violations(store), IsEmpty());
        const auto planted = store.database().execute(row.fault);
        ASSERT_TRUE(planted) << row.fault << ": " << planted.error().text;
        auto found = violations(store);
        found.erase(std::unique(found.begin(), found.end()), found.end());
        EXPECT_EQ(found, row.rules) << row.fault;
    }
}

TEST_F(LedgerStoreTest, a_store_of_a_newer_program_is_refused) {
    { LedgerStore store = open(); }
    {
        auto database = Database::open(directory / "ledger.db");
        ASSERT_TRUE(database);
        const int newer = newest_schema() + 1;
        ASSERT_TRUE(database->execute("INSERT INTO migration VALUES(" + std::to_string(newer) +
                                      ", 'later', 0)"));
    }
    const auto store = LedgerStore::open(directory / "ledger.db");
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().kind, Failure::Kind::corrupt);
    EXPECT_THAT(store.error().text, HasSubstr("a newer program"));
}

TEST_F(LedgerStoreTest, a_file_that_is_no_store_is_refused) {
    {
        std::FILE* file = std::fopen((directory / "ledger.db").c_str(), "w");
        std::fputs(std::string(5000, 'x').c_str(), file);
        std::fclose(file);
    }
    const auto store = LedgerStore::open(directory / "ledger.db");
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().kind, Failure::Kind::corrupt);
    EXPECT_FALSE(LedgerStore::open(directory / "no" / "such"));
}

TEST_F(LedgerStoreTest, two_thousand_entries_are_one_batch) {
    LedgerStore store = open();
    const auto begun = std::chrono::steady_clock::now();
    constexpr int kBatches = 5;
    for (int i = 0; i < kBatches; ++i) ASSERT_TRUE(store.post({source(0, 1 + i * 2000, 2000)}));
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    RecordProperty("entries_per_second", static_cast<int>(kBatches * 2000 / took.count()));
    std::cout << static_cast<int>(kBatches * 2000 / took.count()) << " entries a second\n";
    EXPECT_EQ(store.totals()->batches, kBatches);
}

}  // namespace
}  // namespace patchbay::store
