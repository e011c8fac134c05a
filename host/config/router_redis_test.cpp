#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/cache_settings.hpp"
#include "config/test_support.hpp"

namespace patchbay {
namespace {

using config_test::load;
using config_test::texts;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::shared_ptr<const RedisSettings> redis_of(const std::string& settings,
                                              const config_test::Variables& variables = {}) {
    const auto loaded = load("router_settings: {" + settings + "}\n", variables);
    EXPECT_THAT(texts(loaded.problems), IsEmpty()) << settings;
    return loaded.config ? loaded.config->router.redis : nullptr;
}

TEST(RouterRedis, nothing_is_shared_without_an_address_of_its_own) {
    EXPECT_FALSE(redis_of("num_retries: 1"));
    EXPECT_FALSE(redis_of("redis_port: 7", {{"REDIS_HOST", "h"}, {"REDIS_URL", "redis://h"}}));
}

TEST(RouterRedis, an_address_is_read_from_litellms_keys) {
    const auto one = redis_of(
        "redis_host: os.environ/H, redis_port: '7', redis_password: p, redis_username: u, "
        "redis_db: 3, cache_kwargs: {ssl: true, ssl_verify: false}",
        {{"H", "there"}});
    ASSERT_TRUE(one);
    EXPECT_EQ(one->host, "there");
    EXPECT_EQ(one->port, 7);
    EXPECT_EQ(one->password.reveal(), "p");
    EXPECT_EQ(one->username, "u");
    EXPECT_EQ(one->database, 3);
    EXPECT_TRUE(one->tls);
    EXPECT_FALSE(one->verify);
    const auto two = redis_of("redis_url: 'rediss://u:q@h:8/2'");
    ASSERT_TRUE(two);
    EXPECT_EQ(two->host, "h");
    EXPECT_EQ(two->port, 8);
    EXPECT_EQ(two->password.reveal(), "q");
    EXPECT_TRUE(two->tls);
}

TEST(RouterRedis, what_is_wrong_is_told_at_its_place_without_the_password) {
    const auto bad = load("router_settings:\n  redis_url: 'http://u:canary@h'\n");
    EXPECT_FALSE(bad.config);
    EXPECT_THAT(texts(bad.problems),
                ElementsAre(AllOf(HasSubstr("c.yaml:2:14: error: `router_settings.redis_url`"),
                                  testing::Not(HasSubstr("canary")))));
    const auto port = load("router_settings:\n  redis_port: 0\n");
    EXPECT_THAT(texts(port.problems), ElementsAre(HasSubstr("`router_settings.redis_port`")));
}

}  // namespace
}  // namespace patchbay
