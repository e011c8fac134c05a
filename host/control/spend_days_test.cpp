#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "control/caller.hpp"
#include "control/test_support.hpp"
#include "store/hex.hpp"
#include "store/ledger_store.hpp"

namespace patchbay::control {
namespace {

constexpr std::int64_t kDay = 86'400'000'000;
constexpr std::int64_t kFirst = 20'785 * kDay;  // 2026-11-28

class SpendDaysTest : public ControlTest {
  protected:
    void begin() override {
        ASSERT_EQ(post("/user/new", R"({"user_id":"ada","auto_create_key":false})").status, 200);
        key = text(post("/key/generate", R"({"user_id":"ada"})")["key"]);
        other = text(post("/key/generate", R"({"key_alias":"other"})")["key"]);
        spend(kFirst, hash(key), "gpt-4o", 100);
        spend(kFirst + kDay - 1, hash(key), "gpt-4o-mini", 20);
        spend(kFirst + kDay - 1, hash(other), "gpt-4o", 3);
        spend(kFirst + 2 * kDay, "", "gpt-4o", 4000);
    }
    static std::string hash(const std::string& key) { return store::hex(key_hash(key)); }
    void spend(std::int64_t at, const std::string& hash_of_key, std::string_view model,
               std::int64_t charge) {
        auto ledger = store::LedgerStore::open(address());
        ASSERT_TRUE(ledger);
        store::LedgerLine line;
        line.seq = ++seq;
        line.call[15] = static_cast<std::uint8_t>(seq);
        line.attempt = 1;
        line.key = hash_of_key;
        line.model = model;
        line.started_us = line.ended_us = at;
        const auto ms = static_cast<std::uint64_t>(at / 1000);
        for (int i = 0; i < 6; ++i) line.call[5 - i] = static_cast<std::uint8_t>(ms >> (8 * i));
        line.cost = line.charge = charge;
        store::LedgerSource source;
        source.lines = {line};
        ASSERT_TRUE(ledger->post({source}));
    }
    std::string key, other;
    std::int64_t seq = 0;
};
INSTANTIATE_TEST_SUITE_P(On, SpendDaysTest, store::test::kBoth, store::test::kind_name);

constexpr const char* kRange = "/spend/logs?start_date=2026-11-28&end_date=2026-12-01";

TEST_P(SpendDaysTest, a_range_of_days_is_summed_up_by_key_user_and_model) {
    const Reply days = get(kRange);
    ASSERT_EQ(days.status, 200) << days.text;
    const std::string a = hash(key), b = hash(other);
    const auto member = [](const std::string& name, const char* sum) {
        return "\"" + name + "\":" + sum;
    };
    const std::string keys = a < b ? member(a, "1.2e-07") + "," + member(b, "3e-09")
                                   : member(b, "3e-09") + "," + member(a, "1.2e-07");
    EXPECT_EQ(days.text,
              "[{" + keys +
                  R"(,"startTime":"2026-11-28","spend":1.23e-07,"users":{"":3e-09,"ada":1.2e-07},)"
                  R"("models":{"gpt-4o":1.03e-07,"gpt-4o-mini":2e-08}},)"
                  R"({"litellm_proxy_master_key":4e-06,"startTime":"2026-11-30","spend":4e-06,)"
                  R"("users":{"":4e-06},"models":{"gpt-4o":4e-06}},)"
                  R"({"startTime":"2026-12-01","spend":0,"users":{},"models":{}}])");
}

TEST_P(SpendDaysTest, of_one_key_one_user_and_of_what_a_user_may_see) {
    const auto sum = [](const Reply& days) {
        std::string sums;
        for (const auto& day : days.body.as_array()) sums += text(day.at("spend")) + " ";
        return sums;
    };
    EXPECT_EQ(sum(get(std::string(kRange) + "&api_key=" + other)), "3e-09 0 0 0 ");
    EXPECT_EQ(sum(get(std::string(kRange) + "&api_key=" + hash(key))), "1.2e-07 0 0 0 ");
    EXPECT_EQ(sum(get(std::string(kRange) + "&user_id=ada")), "1.2e-07 0 0 0 ");
    EXPECT_EQ(sum(get(std::string(kRange) + "&user_id=bob")), "");
    EXPECT_EQ(sum(get(kRange, key)), "1.2e-07 0 0 0 ") << "an internal user's own";
    EXPECT_EQ(sum(get("/spend/logs?start_date=2026-11-29&end_date=2026-11-29")), "");
}

TEST_P(SpendDaysTest,
       attempts_are_told_without_a_range_for_one_request_and_when_no_sums_are_wanted) {
    EXPECT_EQ(get("/spend/logs").body.as_array().size(), 4u);
    EXPECT_EQ(get("/spend/logs?start_date=2026-11-28").body.as_array().size(), 4u);
    const Reply rows = get(std::string(kRange) + "&summarize=false");
    ASSERT_EQ(rows.body.as_array().size(), 4u);
    EXPECT_EQ(text(rows.body.at(0).at("spend")), "4e-06");
    EXPECT_EQ(get(std::string(kRange) + "&request_id=none").text, "[]");
    EXPECT_EQ(get("/spend/logs?start_date=1900-01-01&end_date=2999-11-28").body.as_array().size(),
              10'000u)
        << "empty days have an end";
    EXPECT_EQ(get("/spend/logs?start_date=soon&end_date=2026-11-28").status, 422);
}

}  // namespace
}  // namespace patchbay::control
