#include "store/spend.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/ledger_store.hpp"
#include "store/test_support.hpp"

namespace patchbay::store {
namespace {

class SpendTest : public test::StoreTest {
  protected:
    void SetUp() override {
        StoreTest::SetUp();
        if (IsSkipped()) return;
        auto opened = LedgerStore::open(address());
        if (!opened) throw std::runtime_error(opened.error().text);
        store.emplace(std::move(*opened));
        const auto made = store->database().execute(
            "INSERT INTO \"user\"(user_id) VALUES('ada'), ('bob');"
            "INSERT INTO team(team_id) VALUES('red');"
            "INSERT INTO customer(customer_id) VALUES('shop');"
            "INSERT INTO key(hash, \"user\", team) VALUES(" +
            bytes("01") + ", 1, 1), (" + bytes("02") + ", 2, NULL)");
        if (!made) throw std::runtime_error(made.error().text);
    }
    void TearDown() override { store.reset(); }

    // An attempt by a key; `at` is the second of its end.
    void spend(std::int64_t charge, LedgerDebtors debtors, std::int64_t at,
               std::string_view customer = "") {
        LedgerLine line;
        line.seq = ++seq;
        line.call[15] = static_cast<std::uint8_t>(seq);
        line.attempt = 1;
        line.client_call = seq == 1 ? "first" : "later";
        line.key = debtors.key == 1 ? "01" : "02";
        line.debtors = debtors;
        line.model_group = "chat";
        line.model = debtors.key == 1 ? "openai/gpt-4o" : "openai/gpt-4o-mini";
        line.provider = "openai";
        line.customer = customer;
        line.status = 200;
        line.started_us = line.ended_us = at * 1'000'000;
        line.prompt = 7;
        line.cost = line.charge = charge;
        LedgerSource source;
        source.lines = {line};
        const auto posted = store->post({source});
        ASSERT_TRUE(posted) << posted.error().text;
    }
    std::int64_t of(Subject subject, std::int64_t id) {
        return *spent(store->database(), subject, id);
    }

    std::optional<LedgerStore> store;
    std::int64_t seq = 0;
};
INSTANTIATE_TEST_SUITE_P(On, SpendTest, test::kBoth, test::kind_name);

TEST_P(SpendTest, each_debtor_owes_what_was_done_in_its_name) {
    spend(100, {.key = 1, .user = 1, .team = 1}, 1000);
    spend(30, {.key = 2, .user = 2}, 2000, "shop");
    spend(5, {.key = 1, .user = 1, .team = 1}, 90'000);
    EXPECT_EQ(of(Subject::key, 1), 105);
    EXPECT_EQ(of(Subject::key, 2), 30);
    EXPECT_EQ(of(Subject::user, 1), 105);
    EXPECT_EQ(of(Subject::team, 1), 105);
    EXPECT_EQ(of(Subject::customer, 1), 30);
    EXPECT_EQ(of(Subject::organization, 1), 0);
    EXPECT_EQ(*spent_by_member(store->database(), 1, 1), 105);
    EXPECT_EQ(*spent_by_member(store->database(), 1, 2), 0);
    EXPECT_EQ(of(Subject::key, 99), 0);
    EXPECT_EQ(*spent(store->database()), 135);
}

TEST_P(SpendTest, customers_that_calls_have_named_are_known_by_their_names) {
    spend(100, {.key = 1}, 1000, "walk-in");
    spend(30, {.key = 1}, 2000, "shop");
    spend(5, {.key = 1}, 3000, "walk-in");
    spend(7, {.key = 1}, 4000);
    const auto named = *spent_by_customer(store->database(), 10);
    ASSERT_EQ(named.size(), 2u);
    EXPECT_EQ(named[0].name, "walk-in");
    EXPECT_EQ(named[0].charge, 105);
    EXPECT_EQ(named[0].requests, 2);
    EXPECT_EQ(named[1].name, "shop");
    EXPECT_EQ(spent_by_customer(store->database(), 1)->size(), 1u);
    EXPECT_EQ(*spent_for(store->database(), "walk-in"), 105);
    EXPECT_EQ(*spent_for(store->database(), "nobody"), std::nullopt);
}

TEST_P(SpendTest, groups_come_with_their_sums) {
    spend(100, {.key = 1}, 1000);
    spend(130, {.key = 2}, 2000);
    spend(5, {.key = 1}, 90'000);
    const auto models = *spent_by(store->database(), GroupBy::model, 10);
    ASSERT_EQ(models.size(), 2u);
    EXPECT_EQ(models[0].name, "openai/gpt-4o-mini");
    EXPECT_EQ(models[1].charge, 105);
    EXPECT_EQ(models[1].requests, 2);
    EXPECT_EQ(spent_by(store->database(), GroupBy::model, 1)->size(), 1u);
    const auto days = *spent_by(store->database(), GroupBy::day, 10);
    ASSERT_EQ(days.size(), 2u);
    EXPECT_EQ(days[0].name, "1970-01-01");
    EXPECT_EQ(days[0].charge, 230);
    EXPECT_EQ(days[1].prompt, 7);
}

TEST_P(SpendTest, logs_are_newest_first_and_each_filter_counts) {
    spend(100, {.key = 1, .user = 1, .team = 1}, 1000);
    spend(30, {.key = 2, .user = 2}, 2000, "shop");
    spend(5, {.key = 1, .user = 1, .team = 1}, 90'000);
    const auto all = *spend_logs(store->database(), {});
    ASSERT_EQ(all.rows.size(), 3u);
    EXPECT_EQ(all.rows[0].charge, 5);
    EXPECT_EQ(all.rows[0].user, "ada");
    EXPECT_EQ(all.rows[0].team, "red");
    EXPECT_EQ(all.rows[1].customer, "shop");
    EXPECT_EQ(all.rows[1].team, "");
    struct Row {
        LogAsk ask;
        std::int64_t total;
    };
    for (const Row& row : {
             Row{{.key_hash = "02"}, 1},
             Row{{.key_hash = ""}, 0},
             Row{{.user = 1}, 2},
             Row{{.user = -1}, 0},
             Row{{.request = "first"}, 1},
             Row{{.from = 2'000'000'000}, 2},
             Row{{.until = 2'000'000'000}, 1},
             Row{{.user = 1, .from = 2'000'000'000}, 1},
             Row{{.key_hash = "01", .user = 1, .request = "later"}, 1},
             Row{{.key_hash = "01", .user = 2}, 0},
             Row{{.count_up_to = 2}, 2},
             Row{{.team = 1}, 2},
             Row{{.team = 0}, 0},
             Row{{.model = "openai/gpt-4o"}, 2},
             Row{{.model_group = "chat"}, 3},
             Row{{.deployment = "none"}, 0},
             Row{{.failed = true}, 0},
             Row{{.failed = false}, 3},
             Row{{.least = 1, .most = INT64_MAX}, 3},
             Row{{.least = INT64_MAX}, 0},
         }) {
        EXPECT_EQ(spend_logs(store->database(), row.ask)->total, row.total);
    }
    const auto second = *spend_logs(store->database(), {.limit = 1, .offset = 1});
    EXPECT_EQ(second.total, 3);
    ASSERT_EQ(second.rows.size(), 1u);
    EXPECT_EQ(second.rows[0].charge, 30);
}

}  // namespace
}  // namespace patchbay::store
