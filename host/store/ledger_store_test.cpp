#include "store/ledger_store.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <iostream>
#include <random>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/migrations.hpp"
#include "store/retention.hpp"
#include "store/test_support.hpp"

namespace patchbay::store {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;

class LedgerStoreTest : public test::StoreTest {
  protected:
    LedgerStore open() {
        auto store = LedgerStore::open(address());
        if (!store) throw std::runtime_error(store.error().text);
        return std::move(*store);
    }
    static std::vector<std::string> violations(LedgerStore& store) {
        auto found = store.check();
        std::vector<std::string> rules;
        if (!found) return {found.error().text};
        for (const Violation& violation : *found)
            rules.push_back(violation.rule.substr(0, violation.rule.find(' ')));
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

    std::mt19937_64 draw{5};
};
INSTANTIATE_TEST_SUITE_P(On, LedgerStoreTest, test::kBoth, test::kind_name);

TEST_P(LedgerStoreTest, the_books_agree_after_any_batches) {
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

TEST_P(LedgerStoreTest, what_comes_again_is_posted_once_after_a_restart_too) {
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

TEST_P(LedgerStoreTest, a_store_that_is_away_changes_nothing_and_takes_the_same_later) {
    LedgerStore store = open();
    ASSERT_TRUE(store.post({source(0, 1, 5)}));
    const LedgerSource more = source(0, 6, 3);
    {
        Database other = database();
        const auto locked = Transaction::begin(other);
        ASSERT_TRUE(locked);
        ASSERT_TRUE(other.execute("UPDATE source SET last_seq = 9"));
        store.database().within(std::chrono::milliseconds(50));
        const auto posted = store.post({more});
        ASSERT_FALSE(posted);
        EXPECT_EQ(posted.error().kind, Failure::Kind::away);
    }
    store.database().within({});
    // A server is asked again after a pause.
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(10);
    while (!store.totals() && std::chrono::steady_clock::now() < end) std::this_thread::yield();
    EXPECT_EQ(store.totals()->entries, 5);
    EXPECT_EQ(store.totals()->poison, 0);
    ASSERT_TRUE(store.post({more}));
    EXPECT_EQ(store.totals()->entries, 8);
    EXPECT_THAT(violations(store), IsEmpty());
}

// As a process that was killed, whose server is still committing, and the one that is started after it.
TEST_P(LedgerStoreTest, two_that_post_the_same_at_once_post_it_once) {
    { LedgerStore store = open(); }
    constexpr int kBatches = 20;
    std::vector<LedgerSource> batches;
    for (int i = 0; i < kBatches; ++i) batches.push_back(source(0, 1 + i * 10, 10));
    const auto post_all = [&] {
        LedgerStore store = open();
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
        for (const LedgerSource& batch : batches) {
            while (!store.post({batch})) ASSERT_LT(std::chrono::steady_clock::now(), end);
        }
    };
    std::thread other(post_all);
    post_all();
    other.join();
    LedgerStore store = open();
    EXPECT_EQ(store.totals()->entries, 10 * kBatches);
    EXPECT_EQ(store.totals()->poison, 0);
    EXPECT_THAT(violations(store), IsEmpty());
}

// Gateways that share a store: names that are new to both, and accounts that both charge.
TEST_P(LedgerStoreTest, several_that_post_at_once_wait_for_each_other) {
    { LedgerStore store = open(); }
    constexpr int kBatches = 15;
    std::array<std::vector<LedgerSource>, 3> of_each;
    for (std::size_t node = 0; node < of_each.size(); ++node) {
        for (int i = 0; i < kBatches; ++i) {
            of_each.at(node).push_back(source(static_cast<int>(node), 1 + i * 10, 10));
            for (LedgerLine& l : of_each.at(node).back().lines) l.debtors = {1, 2, 3, 4};
        }
    }
    std::vector<std::string> names;
    for (int i = 0; i < kBatches; ++i) names.push_back("customer " + std::to_string(i));
    std::vector<std::thread> nodes;
    for (auto& batches : of_each) {
        nodes.emplace_back([&] {
            LedgerStore store = open();
            const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
            std::size_t number = 0;
            for (LedgerSource& batch : batches) {
                for (LedgerLine& l : batch.lines) l.customer = names.at(number);
                ++number;
                while (!store.post({batch})) ASSERT_LT(std::chrono::steady_clock::now(), end);
            }
        });
    }
    for (std::thread& node : nodes) node.join();
    LedgerStore store = open();
    EXPECT_EQ(store.totals()->entries, 3 * 10 * kBatches);
    EXPECT_EQ(store.totals()->poison, 0);
    EXPECT_THAT(violations(store), IsEmpty());
}

TEST_P(LedgerStoreTest, an_entry_that_can_never_be_posted_is_set_aside_and_the_others_are_posted) {
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

TEST_P(LedgerStoreTest, every_rule_finds_the_fault_that_it_is_for) {
    struct Row {
        std::string fault;
        std::vector<std::string> rules;
    };
    for (const Row& row : {
             Row{"UPDATE posting SET amount = amount + 1 WHERE account = "
                 "(SELECT MIN(account) FROM posting)",
                 {"I1", "I2", "I3"}},
             Row{"UPDATE account SET posted = posted + 1 WHERE house = 0 AND book = 8 AND id = "
                 "(SELECT MIN(id) FROM account WHERE house = 0 AND book = 8)",
                 {"I2", "I4"}},
             Row{"UPDATE entry SET charge = charge + 1 WHERE attempt = 1 AND call = (SELECT call "
                 "FROM entry ORDER BY call LIMIT 1)",
                 {"I3", "I5", "I7"}},
             Row{"DELETE FROM entry WHERE call = (SELECT call FROM entry ORDER BY call LIMIT 1)",
                 {"I3", "I5", "I7"}},
             Row{"UPDATE daily SET requests = requests + 1 WHERE day = (SELECT MIN(day) FROM "
                 "daily)",
                 {"I5"}},
             Row{"UPDATE seq_range SET first_seq = first_seq + 100", {"I6"}},
             Row{"UPDATE batch SET charge = charge - 1", {"I7"}},
             Row{"UPDATE entry SET origin = origin + 1", {"I10"}},
         }) {
        if (row.rules.front() == "I10" && GetParam() == test::Kind::postgres) continue;
        renew();
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

TEST_P(LedgerStoreTest, entries_of_closed_days_go_and_the_books_still_agree) {
    LedgerStore store = open();
    LedgerSource posted = source(0, 1, 2500);
    const std::int64_t day = 20'784;  // 2026-11-27, in the middle of those of line()
    std::int64_t kept = 0;
    for (LedgerLine& line : posted.lines) {
        line.debtors = {1, 2, 3, 4};
        line.ended_us = line.started_us;
        kept += line.day() > day;
    }
    ASSERT_TRUE(store.post({posted}));
    const std::int64_t charge = store.totals()->charge;
    ASSERT_GT(kept, 0);
    ASSERT_LT(kept, 2500);

    ASSERT_TRUE(close_days(store.database(), day));
    EXPECT_EQ(*last_closed_day(store.database()), day);
    EXPECT_THAT(violations(store), IsEmpty()) << "closed, and still there";
    auto more = forget_entries(store.database());
    while (more && *more) {
        EXPECT_THAT(violations(store), IsEmpty()) << "half of them are gone";
        more = forget_entries(store.database());
    }
    ASSERT_TRUE(more);
    EXPECT_EQ(store.totals()->entries, kept);
    EXPECT_THAT(violations(store), IsEmpty());
    EXPECT_EQ(*store.database().number("SELECT SUM(charge) FROM daily"), charge);
    ASSERT_TRUE(close_days(store.database(), day - 1));
    EXPECT_EQ(*last_closed_day(store.database()), day) << "a day that is closed stays so";

    LedgerSource late = source(0, 2501, 2);
    late.lines[0].started_us = day * 86'400'000'000;
    late.lines[1].started_us = (day + 1) * 86'400'000'000;
    ASSERT_TRUE(store.post({late}));
    EXPECT_EQ(store.totals()->entries, kept + 1);
    EXPECT_EQ(store.totals()->poison, 1);
    EXPECT_THAT(violations(store), IsEmpty());
    ASSERT_TRUE(store.database().execute("UPDATE account SET closed = closed + 1"));
    EXPECT_THAT(violations(store), testing::Contains("I8"));
}

TEST_P(LedgerStoreTest, a_store_of_a_newer_program_is_refused) {
    { LedgerStore store = open(); }
    {
        const int newer = newest_schema() + 1;
        ASSERT_TRUE(database().execute("INSERT INTO migration VALUES(" + std::to_string(newer) +
                                       ", 'later', 0)"));
    }
    const auto store = LedgerStore::open(address());
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().kind, Failure::Kind::corrupt);
    EXPECT_THAT(store.error().text, HasSubstr("a newer program"));
}

TEST_P(LedgerStoreTest, what_is_no_store_is_refused) {
    const auto open_text = [](const std::string& text) {
        return LedgerStore::open(Address::read(text));
    };
    if (GetParam() == test::Kind::postgres) {
        const auto nowhere = open_text(address().server() + "&dbname=no_such_database");
        ASSERT_FALSE(nowhere);
        EXPECT_THAT(nowhere.error().text, HasSubstr("does not exist"));
        return;
    }
    std::FILE* file = std::fopen(address().file().c_str(), "w");
    std::fputs(std::string(5000, 'x').c_str(), file);
    std::fclose(file);
    const auto store = LedgerStore::open(address());
    ASSERT_FALSE(store);
    EXPECT_EQ(store.error().kind, Failure::Kind::corrupt);
    EXPECT_FALSE(open_text((directory / "no" / "such").string()));
}

// With PATCHBAY_LEDGER_BATCHES so many of them: what docs/performance.md tells.
TEST_P(LedgerStoreTest, two_thousand_entries_are_one_batch) {
    LedgerStore store = open();
    const char* const asked = std::getenv("PATCHBAY_LEDGER_BATCHES");
    const int batches = asked ? std::atoi(asked) : 5;
    const auto begun = std::chrono::steady_clock::now();
    const std::clock_t cpu = std::clock();
    for (int i = 0; i < batches; ++i) {
        LedgerSource batch = source(0, 1 + i * 2000, 2000);
        for (LedgerLine& l : batch.lines) {
            // Calls begin one after the other, and their names say so.
            l.started_us = 1'795'780'800'000'000 + l.seq * 50;
            l.ended_us = l.started_us + 900'000;
            for (int b = 0; b < 8; ++b) {
                l.call[static_cast<std::size_t>(b)] =
                    static_cast<std::uint8_t>(l.started_us >> (8 * (7 - b)));
            }
        }
        ASSERT_TRUE(store.post({batch}));
    }
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begun;
    const double busy = static_cast<double>(std::clock() - cpu) / CLOCKS_PER_SEC;
    RecordProperty("entries_per_second", static_cast<int>(batches * 2000 / took.count()));
    std::cout << static_cast<int>(batches * 2000 / took.count()) << " entries a second, "
              << static_cast<int>(batches * 2000 / busy) << " of one busy core\n";
    EXPECT_EQ(store.totals()->batches, batches);
}

}  // namespace
}  // namespace patchbay::store
