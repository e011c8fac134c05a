#include "config/cache_settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/test_support.hpp"

namespace patchbay {
namespace {

using config_test::load;
using config_test::texts;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::shared_ptr<const CacheSettings> settings_of(const std::string& members) {
    const auto loaded = load("litellm_settings: {" + members + "}\n");
    EXPECT_TRUE(loaded.config) << members;
    EXPECT_THAT(texts(loaded.problems), IsEmpty()) << members;
    return loaded.config ? loaded.config->litellm.cache : nullptr;
}

TEST(CacheSettings, nothing_is_kept_unless_the_cache_is_on) {
    for (const char* members : {"", "cache: false", "cache: null", "cache_params: {ttl: 5}",
                                "cache: false, cache_params: {type: local}"}) {
        EXPECT_FALSE(settings_of(members)) << members;
    }
}

TEST(CacheSettings, has_litellms_defaults) {
    const auto settings = settings_of("cache: true");
    ASSERT_TRUE(settings);
    EXPECT_EQ(settings->type, CacheType::local);
    EXPECT_EQ(settings->scope, CacheScope::shared);
    EXPECT_EQ(settings->ttl, std::chrono::minutes(10));
    EXPECT_FALSE(settings->opt_in);
    EXPECT_FALSE(settings->call_types);
}

TEST(CacheSettings, are_read_in_any_order) {
    for (const char* members :
         {"cache: true, cache_params: {type: local, ttl: 1.5, namespace: shop, mode: default_off, "
          "scope: key, supported_call_types: [acompletion], max_size_mb: 3, max_item_size_kb: 2, "
          "disk_cache_dir: /var/x, disk_max_size_mb: 5}",
          "cache_params: {type: local, ttl: 1.5, namespace: shop, mode: default_off, "
          "scope: key, supported_call_types: acompletion, max_size_mb: 3, max_item_size_kb: 2, "
          "disk_cache_dir: /var/x, disk_max_size_mb: 5}, cache: 'true'"}) {
        const auto settings = settings_of(members);
        ASSERT_TRUE(settings);
        EXPECT_EQ(settings->scope, CacheScope::key);
        EXPECT_EQ(settings->ttl, std::chrono::milliseconds(1'500));
        EXPECT_EQ(settings->name_space, "shop");
        EXPECT_TRUE(settings->opt_in);
        EXPECT_THAT(*settings->call_types, ElementsAre("acompletion"));
        EXPECT_EQ(settings->bytes, 3u << 20);
        EXPECT_EQ(settings->item_bytes, 2u << 10);
        EXPECT_EQ(settings->directory, "/var/x");
        EXPECT_EQ(settings->disk_bytes, 5u << 20);
    }
    EXPECT_THAT(*settings_of("cache: true, cache_params: {supported_call_types: []}")->call_types,
                IsEmpty());
}

TEST(CacheSettings, types_that_are_not_done_are_told_at_their_place_and_keep_here) {
    for (const char* type : {"s3", "gcs", "azure-blob", "qdrant-semantic"}) {
        const auto loaded = load("litellm_settings:\n  cache: true\n  cache_params:\n    type: " +
                                 std::string(type) + "\n");
        ASSERT_TRUE(loaded.config) << type;
        EXPECT_EQ(loaded.config->litellm.cache->type, CacheType::local);
        EXPECT_THAT(texts(loaded.problems),
                    ElementsAre(testing::AllOf(HasSubstr("c.yaml:4:11: warning: "),
                                               HasSubstr("`litellm_settings.cache_params.type`"),
                                               HasSubstr("`" + std::string(type) + "`"))));
    }
}

TEST(CacheSettings, a_semantic_cache_has_a_threshold_and_a_model) {
    const auto near = settings_of(
        "cache: true, cache_params: {type: local-semantic, similarity_threshold: 0.9, "
        "semantic_cache_embedding_model: e}");
    ASSERT_TRUE(near && near->semantic);
    EXPECT_EQ(near->type, CacheType::local);
    EXPECT_FLOAT_EQ(near->semantic->threshold, 0.9F);
    EXPECT_EQ(near->semantic->model, "e");
    const auto shared = settings_of(
        "cache: true, cache_params: {type: redis-semantic, host: h, similarity_threshold: 1}");
    ASSERT_TRUE(shared && shared->semantic);
    EXPECT_EQ(shared->type, CacheType::redis);
    EXPECT_EQ(shared->semantic->model, "text-embedding-ada-002");
    EXPECT_FALSE(settings_of("cache: true, cache_params: {similarity_threshold: 1}")->semantic);
}

TEST(CacheSettings, a_threshold_that_is_missing_or_absurd_is_refused_at_its_place) {
    const struct {
        const char* params;
        const char* message;
    } rows[] = {
        {"type: local-semantic",
         "c.yaml:4:11: error: `litellm_settings.cache_params.type`: a "
         "semantic cache needs `similarity_threshold`"},
        {"similarity_threshold: 1.1", "c.yaml:4:27: error: "},
        {"similarity_threshold: 0", "c.yaml:4:27: error: "},
        {"similarity_threshold: high", "c.yaml:4:27: error: "},
    };
    for (const auto& row : rows) {
        const auto loaded = load("litellm_settings:\n  cache: true\n  cache_params:\n    " +
                                 std::string(row.params) + "\n");
        EXPECT_THAT(texts(loaded.problems), ElementsAre(HasSubstr(row.message))) << row.params;
    }
}

std::shared_ptr<const CacheSettings> with_variables(const std::string& params,
                                                    config_test::Variables variables) {
    const auto loaded = load("litellm_settings: {cache: true, cache_params: {" + params + "}}\n",
                             std::move(variables));
    EXPECT_THAT(texts(loaded.problems), IsEmpty()) << params;
    return loaded.config ? loaded.config->litellm.cache : nullptr;
}

TEST(CacheSettings, a_redis_server_is_found_where_litellm_finds_it) {
    const struct {
        const char* params;
        config_test::Variables variables;
        const char* host;
        int port;
        const char* user;
        const char* password;
        int database;
        bool tls;
    } rows[] = {
        {"type: redis, host: h, port: 7, username: u, password: p, db: 2, ssl: true",
         {},
         "h",
         7,
         "u",
         "p",
         2,
         true},
        {"type: redis, host: h, port: os.environ/P", {{"P", "9"}}, "h", 9, "", "", 0, false},
        {"host: h", {{"REDIS_HOST", "no"}}, "h", 6379, "", "", 0, false},
        {"url: 'redis://u:p@h:7/3'", {}, "h", 7, "u", "p", 3, false},
        {"url: 'rediss://:p@[::1]:7'", {}, "::1", 7, "", "p", 0, true},
        {"url: 'redis://h'", {}, "h", 6379, "", "", 0, false},
        {"type: redis", {{"REDIS_URL", "redis://v:1/2"}}, "v", 1, "", "", 2, false},
        {"",
         {{"REDIS_HOST", "v"}, {"REDIS_PORT", "5"}, {"REDIS_PASSWORD", "s"}, {"REDIS_SSL", "True"}},
         "v",
         5,
         "",
         "s",
         0,
         true},
    };
    for (const auto& row : rows) {
        const auto settings = with_variables(row.params, row.variables);
        ASSERT_TRUE(settings) << row.params;
        EXPECT_EQ(settings->type, CacheType::redis) << row.params;
        EXPECT_EQ(settings->redis.host, row.host) << row.params;
        EXPECT_EQ(settings->redis.port, row.port) << row.params;
        EXPECT_EQ(settings->redis.username, row.user) << row.params;
        EXPECT_EQ(settings->redis.password.reveal(), row.password) << row.params;
        EXPECT_EQ(settings->redis.database, row.database) << row.params;
        EXPECT_EQ(settings->redis.tls, row.tls) << row.params;
        EXPECT_EQ(settings->ttl, std::chrono::seconds(60)) << row.params;
    }
    const config_test::Variables elsewhere{{"REDIS_HOST", "v"}};
    EXPECT_EQ(with_variables("type: local", elsewhere)->type, CacheType::local);
    EXPECT_EQ(with_variables("type: disk, ttl: 5", elsewhere)->ttl, std::chrono::seconds(5));
    EXPECT_EQ(with_variables("type: redis, ttl: 5", elsewhere)->ttl, std::chrono::seconds(5));
}

TEST(CacheSettings, redis_without_an_address_is_an_error_and_a_password_is_never_shown) {
    const auto none = load("litellm_settings:\n  cache: true\n  cache_params:\n    type: redis\n");
    EXPECT_FALSE(none.config);
    EXPECT_THAT(texts(none.problems), ElementsAre(HasSubstr("c.yaml:4:11: error: ")));
    for (const char* url : {"http://u:canary@h", "redis://u:ca%nary@h", "redis://u:canary@h:x",
                            "redis://u:canary@h/x", "canary"}) {
        const auto bad = load("litellm_settings:\n  cache: true\n  cache_params:\n    url: '" +
                              std::string(url) + "'\n");
        EXPECT_FALSE(bad.config) << url;
        ASSERT_FALSE(bad.problems.empty()) << url;
        EXPECT_THAT(bad.problems[0].text(), HasSubstr("c.yaml:4:10: error: ")) << url;
        EXPECT_THAT(bad.problems[0].text(), testing::Not(HasSubstr("nary"))) << url;
    }
}

TEST(CacheSettings, what_means_nothing_is_an_error_at_its_place) {
    for (const char* params :
         {"type: memcached", "mode: on", "scope: mars", "ttl: soon", "max_size_mb: 0",
          "max_item_size_kb: -1", "disk_max_size_mb: 99999999999999", "namespace: [a]"}) {
        const auto loaded =
            load("litellm_settings:\n  cache: true\n  cache_params:\n    " + std::string(params));
        EXPECT_FALSE(loaded.config) << params;
        EXPECT_THAT(texts(loaded.problems), ElementsAre(HasSubstr("c.yaml:4:"))) << params;
    }
}

TEST(CacheSettings, a_name_that_is_nearly_known_is_told) {
    const auto loaded = load("litellm_settings: {cache: true, cache_params: {namespac: x}}");
    EXPECT_THAT(texts(loaded.problems), ElementsAre(HasSubstr("namespace")));
}

}  // namespace
}  // namespace patchbay
