#include "engine/exchange/shared_values.hpp"

#include <gtest/gtest.h>

#include "patchbay/provider.h"

namespace patchbay {
namespace {

using namespace std::chrono_literals;
using Lookup = SharedValues::Lookup;

const SharedValues::Clock::time_point kFirst{1000s};

TEST(SharedValues, one_refresh_serves_everyone_who_asks_meanwhile) {
    SharedValues values;
    SharedValue out;
    std::vector<std::string> answers;
    const auto waiter = [&](const SharedValue& v) { answers.push_back(v.value); };
    EXPECT_EQ(values.get("token", kFirst, waiter, out), Lookup::refresh);
    EXPECT_EQ(values.get("token", kFirst, waiter, out), Lookup::waiting);
    EXPECT_EQ(values.get("token", kFirst, waiter, out), Lookup::waiting);
    values.put("token", "abc", 10s, kFirst);
    EXPECT_EQ(answers, (std::vector<std::string>{"abc", "abc", "abc"}));
}

TEST(SharedValues, a_value_is_fresh_until_its_time_is_up_and_kept_for_the_refresh) {
    SharedValues values;
    SharedValue out;
    ASSERT_EQ(values.get(
                  "token", kFirst, [](const SharedValue&) {}, out),
              Lookup::refresh);
    values.put("token", "abc", 10s, kFirst);
    EXPECT_EQ(values.get("token", kFirst + 9s, nullptr, out), Lookup::fresh);
    EXPECT_EQ(out.value, "abc");
    EXPECT_EQ(out.ttl, 1s);
    EXPECT_EQ(values.get(
                  "token", kFirst + 10s, [](const SharedValue&) {}, out),
              Lookup::refresh);
    EXPECT_EQ(values.old_value("token"), "abc");
}

TEST(SharedValues, a_failed_refresh_is_told_to_all_and_the_next_one_tries_again) {
    SharedValues values;
    SharedValue out;
    SharedValue seen;
    const auto waiter = [&](const SharedValue& v) { seen = v; };
    ASSERT_EQ(values.get("token", kFirst, waiter, out), Lookup::refresh);
    values.fail("token", {BAY_E_INVALID, {}, {}, "no token", BAY_ERR_RATE_LIMIT, 2000});
    EXPECT_EQ(seen.status, BAY_E_INVALID);
    EXPECT_EQ(seen.error, "no token");
    EXPECT_EQ(seen.cls, static_cast<std::uint32_t>(BAY_ERR_RATE_LIMIT));
    EXPECT_EQ(seen.retry_after_ms, 2000u);
    EXPECT_EQ(values.get("token", kFirst, waiter, out), Lookup::refresh);
}

TEST(SharedValues, a_refused_value_is_forgotten_unless_it_was_replaced) {
    SharedValues values;
    SharedValue out;
    ASSERT_EQ(values.get(
                  "token", kFirst, [](const SharedValue&) {}, out),
              Lookup::refresh);
    values.put("token", "new", 10s, kFirst);
    values.drop("token", "old");
    EXPECT_EQ(values.get("token", kFirst, nullptr, out), Lookup::fresh);
    values.drop("token", "new");
    EXPECT_EQ(values.get(
                  "token", kFirst, [](const SharedValue&) {}, out),
              Lookup::refresh);
}

TEST(SharedValues, keys_are_bounded) {
    SharedValues values;
    SharedValue out;
    for (std::size_t i = 0; i < SharedValues::kMaxKeys; ++i) {
        ASSERT_EQ(values.get(
                      std::to_string(i), kFirst, [](const SharedValue&) {}, out),
                  Lookup::refresh);
    }
    EXPECT_EQ(values.get(
                  "one more", kFirst, [](const SharedValue&) {}, out),
              Lookup::refused)
        << "all are being refreshed";
    values.put("7", "later", 2s, kFirst);
    values.put("8", "sooner", 1s, kFirst);
    const auto look = [&](std::string_view key) {
        return values.get(
            key, kFirst, [](const SharedValue&) {}, out);
    };
    EXPECT_EQ(look("one more"), Lookup::refresh) << "in the place of what ends first";
    EXPECT_EQ(look("7"), Lookup::fresh);
    EXPECT_EQ(look("8"), Lookup::refresh) << "forgotten, and in the place of the other now";
    EXPECT_EQ(look("7"), Lookup::refused);
}

}  // namespace
}  // namespace patchbay
