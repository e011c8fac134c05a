#include "engine/cache/controls.hpp"

#include <gtest/gtest.h>

#include "engine/surface/request_scan.hpp"

namespace patchbay {
namespace {

using std::chrono::milliseconds;

Result<CacheControls> controls_of(const std::string& members,
                                  std::vector<std::string> allowed = {}) {
    const std::string body = R"({"model":"a","messages":[])" + members + "}";
    const auto scan = scan_request(body, kMessagesForm);
    EXPECT_TRUE(scan) << body;
    return read_cache_controls({scan->members.data(), scan->members.size()}, allowed);
}

TEST(CacheControls, a_key_may_be_allowed_some_of_them_only) {
    const std::vector<std::string> some{"no-cache", "ttl"};
    EXPECT_TRUE(controls_of(R"(,"cache":{"no-cache":true,"ttl":1})", some));
    EXPECT_TRUE(controls_of(R"(,"caching":false)", some));
    const auto refused = controls_of(R"(,"cache":{"no-store":true})", some);
    ASSERT_FALSE(refused);
    EXPECT_EQ(refused.error().status(), 403);
    EXPECT_EQ(refused.error().message,
              "Not allowed to set no-store as a cache control. Contact admin to change "
              "permissions.");
}

TEST(CacheControls, are_those_of_litellm) {
    const auto all = controls_of(
        R"(,"cache":{"no-cache":true,"no-store":true,"use-cache":true,"ttl":2.5,"s-maxage":3,)"
        R"("namespace":"shop","other":[1]})");
    ASSERT_TRUE(all);
    EXPECT_TRUE(all->no_cache && all->no_store && all->use_cache && !all->off);
    EXPECT_EQ(all->ttl, milliseconds(2'500));
    EXPECT_EQ(all->max_age, milliseconds(3'000));
    EXPECT_EQ(all->name_space, "shop");
    EXPECT_EQ(controls_of(R"(,"cache":{"s-max-age":1})")->max_age, milliseconds(1'000));
    EXPECT_TRUE(controls_of(R"(,"caching":false)")->off);
    EXPECT_TRUE(controls_of(R"(,"caching":true)")->use_cache);
}

TEST(CacheControls, say_nothing_where_nothing_is_said) {
    for (const char* members :
         {"", R"(,"cache":null)", R"(,"cache":{})", R"(,"cache":{"ttl":null})"}) {
        const auto none = controls_of(members);
        ASSERT_TRUE(none) << members;
        EXPECT_FALSE(none->off || none->no_cache || none->no_store || none->use_cache) << members;
        EXPECT_FALSE(none->ttl || none->max_age || none->name_space) << members;
    }
}

TEST(CacheControls, of_the_wrong_type_are_refused_by_name) {
    const struct {
        const char* cache;
        const char* param;
    } rows[] = {{R"("no")", "cache"},
                {R"([1])", "cache"},
                {R"({"no-cache":"true"})", "cache.no-cache"},
                {R"({"ttl":"5"})", "cache.ttl"},
                {R"({"ttl":-1})", "cache.ttl"},
                {R"({"ttl":1e300})", "cache.ttl"},
                {R"({"s-maxage":true})", "cache.s-maxage"},
                {R"({"namespace":7})", "cache.namespace"}};
    for (const auto& row : rows) {
        const auto refused = controls_of(std::string(",\"cache\":") + row.cache);
        ASSERT_FALSE(refused) << row.cache;
        EXPECT_EQ(refused.error().status(), 400) << row.cache;
        EXPECT_EQ(refused.error().param, row.param);
    }
}

}  // namespace
}  // namespace patchbay
