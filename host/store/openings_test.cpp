#include "store/openings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/ledger_store.hpp"
#include "store/test_support.hpp"

namespace patchbay::store {
namespace {

using testing::IsEmpty;

class OpeningsTest : public test::StoreTest {
  protected:
    void SetUp() override {
        StoreTest::SetUp();
        if (IsSkipped()) return;
        auto opened = LedgerStore::open(address());
        if (!opened) throw std::runtime_error(opened.error().text);
        store.emplace(std::move(*opened));
    }
    void TearDown() override { store.reset(); }

    std::int64_t post(std::vector<Opening> openings) {
        auto transaction = Transaction::begin(store->database(), Lock::management);
        const auto posted = post_openings(store->database(), std::move(openings));
        EXPECT_TRUE(posted && transaction->commit()) << (posted ? "" : posted.error().text);
        return posted ? *posted : -1;
    }
    std::int64_t number(const std::string& sql) { return *store->database().number(sql); }
    std::vector<std::string> violations() {
        std::vector<std::string> rules;
        for (const Violation& violation : *store->check()) rules.push_back(violation.rule);
        return rules;
    }

    std::optional<LedgerStore> store;
};
INSTANTIATE_TEST_SUITE_P(On, OpeningsTest, test::kBoth, test::kind_name);

TEST_P(OpeningsTest, what_was_owed_is_posted_once_and_its_growth_later) {
    const Opening key{kKeyRow, 7, {}, {}, 500, 200, 90};
    const Opening shop{kCustomer, 0, kCustomers, "shop", 40, 0, 90};
    EXPECT_EQ(post({key, shop}), 540);
    EXPECT_EQ(post({key, shop}), 0);
    Opening more = key;
    more.ever = 650;
    EXPECT_EQ(post({more, shop}), 150);
    more.ever = 1;
    EXPECT_EQ(post({more}), 0) << "an opening never falls";
    EXPECT_EQ(number("SELECT posted FROM account WHERE book = 12 AND house = 0 AND subject = 7"),
              650);
    EXPECT_EQ(number("SELECT posted FROM account WHERE book = 12 AND house = 1"), -650);
    EXPECT_EQ(number("SELECT charge FROM spend_minute WHERE minute = 90"), 200 + 150);
    EXPECT_EQ(number("SELECT SUM(charge) FROM spend_minute WHERE minute = 0"), 300 + 40);
    EXPECT_EQ(number("SELECT COUNT(*) FROM batch"), 2);
    EXPECT_THAT(violations(), IsEmpty());
}

TEST_P(OpeningsTest, entries_come_on_top_and_all_rules_hold) {
    post({{kKeyRow, 7, {}, {}, 500, 0, 0}, {kCustomer, 0, kCustomers, "shop", 40, 0, 90}});
    LedgerLine line;
    line.seq = 1;
    line.attempt = 1;
    line.key = "01";
    line.customer = "shop";
    line.debtors.key = 7;
    line.started_us = line.ended_us = 1'795'780'800'000'000;
    line.cost = line.charge = 30;
    ASSERT_TRUE(store->post({{{}, 0, {line}}}));
    EXPECT_EQ(number("SELECT posted FROM account WHERE book = 12 AND house = 0"), 530);
    EXPECT_EQ(number("SELECT posted FROM account WHERE book = 7 AND house = 0"), 70);
    EXPECT_THAT(violations(), IsEmpty());
    ASSERT_TRUE(
        store->database().execute("UPDATE account SET posted = posted + 1 WHERE book = 12"));
    EXPECT_FALSE(violations().empty());
}

}  // namespace
}  // namespace patchbay::store
