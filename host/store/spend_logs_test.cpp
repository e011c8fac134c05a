#include <algorithm>
#include <functional>
#include <random>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/ledger_store.hpp"
#include "store/migrations.hpp"
#include "store/own_call.hpp"
#include "store/spend.hpp"
#include "store/test_support.hpp"

namespace patchbay::store {
namespace {

using testing::ElementsAreArray;
using testing::HasSubstr;
using testing::Not;

struct Known {
    std::int64_t ended, charge, user, status;
    std::string customer;
};

class SpendLogsTest : public test::StoreTest {
  protected:
    // Entries of two users and three customers at times in no order, in batches of 50.
    void post(LedgerStore& store, int count) {
        std::mt19937 draw(7);
        const std::array<std::string, 3> customers{"", "shop", "mill"};
        LedgerSource source;
        for (std::int64_t i = 0; i < count; ++i) {
            const Known& known =
                all.emplace_back(Known{1'000'000 + static_cast<std::int64_t>(draw() % 100'000'000),
                                       i + 1, static_cast<std::int64_t>(1 + draw() % 2),
                                       draw() % 5 ? 200 : 500, customers.at(draw() % 3)});
            LedgerLine line;
            line.seq = i + 1;
            line.call[0] = static_cast<std::uint8_t>(i);
            line.call[1] = static_cast<std::uint8_t>(i >> 8);
            line.attempt = 1;
            line.client_call = "c";
            line.key = known.user == 1 ? "01" : "02";
            line.debtors.user = known.user;
            line.customer = *std::find(customers.begin(), customers.end(), known.customer);
            line.model_group = "chat";
            line.model = "openai/gpt-4o";
            line.ended_us = known.ended;
            line.status = known.status;
            line.cost = line.charge = known.charge;
            source.lines.push_back(line);
            if (source.lines.size() < 50) continue;
            ASSERT_TRUE(store.post({source}));
            source.lines.clear();
        }
        std::sort(all.begin(), all.end(),
                  [](const Known& a, const Known& b) { return a.ended > b.ended; });
    }
    // The charges of a page, each of which is of one entry.
    std::vector<std::int64_t> page(const LogAsk& ask,
                                   const std::function<bool(const Known&)>& meant) {
        std::vector<std::int64_t> charges;
        std::int64_t skipped = 0;
        for (const Known& known : all) {
            if (!meant(known) || skipped++ < ask.offset) continue;
            if (static_cast<std::int64_t>(charges.size()) == ask.limit) break;
            charges.push_back(known.charge);
        }
        return charges;
    }

    std::vector<Known> all;  ///< newest first
};
INSTANTIATE_TEST_SUITE_P(On, SpendLogsTest, test::kBoth, test::kind_name);

TEST_P(SpendLogsTest, a_page_has_the_newest_of_all_that_are_meant_however_many_are_counted) {
    auto store = LedgerStore::open(address());
    ASSERT_TRUE(store);
    post(*store, 600);
    const auto of_user = [](std::int64_t user) {
        return [user](const Known& known) { return known.user == user; };
    };
    struct Row {
        LogAsk ask;
        std::function<bool(const Known&)> meant;
    };
    for (const std::int64_t count_up_to : {10, 10'000}) {
        for (const std::int64_t offset : {0, 7, 150, 5000}) {
            for (Row& row : std::vector<Row>{
                     {{}, [](const Known&) { return true; }},
                     {{.user = 1}, of_user(1)},
                     {{.key_hash = "02"}, of_user(2)},
                     {{.user = 2, .customer = "mill"},
                      [](const Known& k) { return k.user == 2 && k.customer == "mill"; }},
                     {{.customer = "shop", .least = 100, .most = 400},
                      [](const Known& k) {
                          return k.customer == "shop" && k.charge >= 100 && k.charge <= 400;
                      }},
                     {{.model_group = "chat", .failed = true},
                      [](const Known& k) { return k.status >= 400; }},
                     {{.user = 1, .from = 30'000'000, .until = 60'000'000},
                      [](const Known& k) {
                          return k.user == 1 && k.ended >= 30'000'000 && k.ended < 60'000'000;
                      }},
                     {{.user = 1, .request = "c"}, of_user(1)},
                     {{.model = "none"}, [](const Known&) { return false; }},
                 }) {
                row.ask.count_up_to = count_up_to;
                row.ask.offset = offset;
                row.ask.limit = 20;
                const auto logs = spend_logs(store->database(), row.ask);
                ASSERT_TRUE(logs) << logs.error().text;
                std::vector<std::int64_t> charges;
                for (const SpendLog& log : logs->rows) charges.push_back(log.charge);
                EXPECT_THAT(charges, ElementsAreArray(page(row.ask, row.meant)));
                EXPECT_EQ(logs->total,
                          std::min<std::int64_t>(std::count_if(all.begin(), all.end(), row.meant),
                                                 count_up_to));
            }
        }
    }
}

TEST_P(SpendLogsTest, a_call_is_found_by_its_id_whoever_made_it) {
    auto store = LedgerStore::open(address());
    ASSERT_TRUE(store);
    // The last millisecond of a day.
    const std::string made = "01a21f73-9bff-7800-8123-456789abcdef";
    LedgerSource source;
    const auto add = [&](std::string_view id, const Bytes16& call, int attempt) {
        LedgerLine line;
        line.seq = static_cast<std::int64_t>(source.lines.size()) + 1;
        line.call = call;
        line.attempt = attempt;
        line.client_call = id;
        line.started_us = line.ended_us = 20'785 * 86'400'000'000 + attempt - 2;
        line.cost = line.charge = line.seq;
        source.lines.push_back(line);
    };
    Bytes16 own = *ordered_uuid(made);
    own[15] = 1;
    add(made, own, 1);
    add(made, own, 2);
    const Bytes16 others{0x01, 0xa2};
    add(made, others, 1);  // a client has taken the id of its last call
    own[9] ^= 1;
    add("01a21f73-9bff-7800-8122-456789abcdef", own, 1);
    own[10] ^= 1;
    add("chosen", own, 1);
    ASSERT_TRUE(store->post({source}));
    const auto found = [&](const LogAsk& ask) {
        std::vector<std::int64_t> charges;
        const SpendLogs logs = *spend_logs(store->database(), ask);
        for (const SpendLog& log : logs.rows) {
            charges.push_back(log.charge);
        }
        std::sort(charges.begin(), charges.end());
        return charges;
    };
    using testing::ElementsAre;
    EXPECT_THAT(found({.request = made}), ElementsAre(1, 2, 3));
    EXPECT_THAT(found({.key_hash = "", .request = made}), ElementsAre(1, 2, 3));
    EXPECT_THAT(found({.key_hash = "no", .request = made}), ElementsAre());
    EXPECT_THAT(found({.request = "01a21f73-9bff-7800-8122-456789abcdef"}), ElementsAre(4));
    EXPECT_THAT(found({.request = "chosen"}), ElementsAre(5));
    EXPECT_THAT(found({.request = "01A21F73-9bff-7800-8122-456789abcdef"}), ElementsAre());
    if (!store->database().dialect().origins) return;
    EXPECT_EQ(*store->database().number("SELECT COUNT(*) FROM entry WHERE flags & 131072"), 3);
}

// The schema before entries had origins.
TEST_P(SpendLogsTest, entries_of_before_are_found_by_the_same_filters) {
    {
        Database before = database();
        ASSERT_TRUE(migrate(before, 7));
        const std::string entries = before.dialect().partitioned ? "entry_1" : "entry";
        if (before.dialect().partitioned) {
            ASSERT_TRUE(before.execute("SELECT make_day(1)"));
        }
        const auto made = before.execute(
            "INSERT INTO identity(id, kind, text) VALUES(1, 1, 'k'), (2, 2, 'g'), (3, 7, 'shop'), "
            "(4, 7, '');"
            "INSERT INTO " +
            entries +
            "(day, call, attempt, batch, client_call, key, model_group, model, deployment, "
            "provider, route, customer, "
            "status, flags, tier, started, ended, prompt, completion, cached, written, usage, "
            "price, cost, charge, "
            "\"user\") VALUES(1, " +
            bytes("01") + ", 1, 1, 'a', 1, 2, 2, 2, 2, 2, 3, 200, 0, 0, 1, 1, 0, 0, 0, 0, " +
            bytes("") + ", 0, 5, 5, 9), (1, " + bytes("02") +
            ", 1, 1, 'b', 1, 2, 2, 2, 2, 2, 4, 200, 0, 0, 2, 2, 0, 0, 0, 0, " + bytes("") +
            ", 0, 7, 7, 9)");
        ASSERT_TRUE(made) << made.error().text;
    }
    auto store = LedgerStore::open(address());
    ASSERT_TRUE(store) << store.error().text;
    Database& opened = store->database();
    EXPECT_EQ(spend_logs(opened, {.key_hash = "k"})->total, 2);
    EXPECT_EQ(spend_logs(opened, {.user = 9})->total, 2);
    EXPECT_EQ(spend_logs(opened, {.customer = "shop"})->rows.at(0).charge, 5);
    for (const Violation& broken : *store->check()) EXPECT_THAT(broken.rule, Not(HasSubstr("I10")));
}

}  // namespace
}  // namespace patchbay::store
