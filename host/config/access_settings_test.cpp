#include "config/access_settings.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/test_support.hpp"

namespace patchbay {
namespace {

using config_test::load;
using config_test::problems_of;
using config_test::texts;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

TEST(AccessSettings, who_may_come_in_is_read) {
    const auto loaded = load(R"(general_settings:
  master_key: sk-a
  allowed_ips: [10.0.0.0/8, os.environ/OFFICE, "2001:db8::1"]
  use_x_forwarded_for: true
  trusted_proxy_ranges: [172.16.0.0/12]
  allowed_routes: [/chat/completions, /key/*, LiteLLMRoutes.info_routes, LiteLLMRoutes.public_routes]
  admin_only_routes: [/key/generate]
litellm_settings: {require_auth_for_metrics_endpoint: true}
)",
                             {{"OFFICE", "192.0.2.7"}});
    EXPECT_THAT(texts(loaded.problems), IsEmpty());
    ASSERT_TRUE(loaded.config && loaded.config->general.access);
    const AccessSettings& access = *loaded.config->general.access;
    ASSERT_TRUE(access.allowed_ips && access.allowed_routes);
    EXPECT_TRUE(access.allowed_ips->holds("10.1.2.3"));
    EXPECT_TRUE(access.allowed_ips->holds("192.0.2.7"));
    EXPECT_FALSE(access.allowed_ips->holds("192.0.2.8"));
    EXPECT_TRUE(access.use_x_forwarded_for);
    ASSERT_TRUE(access.trusted_proxies);
    EXPECT_TRUE(access.trusted_proxies->holds("172.16.0.1"));
    EXPECT_THAT(*access.allowed_routes,
                ElementsAre("/chat/completions", "/key/*", "info_routes", "public_routes"));
    EXPECT_THAT(access.admin_only_routes, ElementsAre("/key/generate"));
    EXPECT_TRUE(loaded.config->litellm.metrics_need_key);
}

TEST(AccessSettings, nothing_that_is_said_is_no_lock_and_an_empty_list_is_nobody) {
    for (const char* text : {"general_settings: {master_key: sk-a}",
                             "general_settings: {allowed_ips: null, allowed_routes: null}"}) {
        const auto loaded = load(text);
        EXPECT_THAT(texts(loaded.problems), IsEmpty());
        ASSERT_TRUE(loaded.config && loaded.config->general.access) << text;
        EXPECT_FALSE(loaded.config->general.access->allowed_ips) << text;
        EXPECT_FALSE(loaded.config->general.access->allowed_routes) << text;
    }
    const auto shut = load("general_settings: {allowed_ips: [], allowed_routes: []}");
    ASSERT_TRUE(shut.config);
    ASSERT_TRUE(shut.config->general.access->allowed_ips);
    EXPECT_FALSE(shut.config->general.access->allowed_ips->holds("127.0.0.1"));
    EXPECT_THAT(shut.config->general.access->allowed_routes.value(), IsEmpty());
}

TEST(AccessSettings, a_lock_that_cannot_be_read_keeps_the_configuration_from_being_used) {
    struct Row {
        const char *text, *place;
    };
    for (const Row& row :
         {Row{"allowed_ips: [10.0.0.0/8, office]", "2:29"}, Row{"allowed_ips: {a: b}", "2:16"},
          Row{"allowed_ips: [os.environ/NONE]", "2:17"}, Row{"allowed_ips: ''", "2:16"},
          Row{"use_x_forwarded_for: maybe", "2:24"}, Row{"allowed_routes: [chat]", "2:20"},
          Row{"allowed_routes: [LiteLLMRoutes.my_routes]", "2:20"},
          Row{"admin_only_routes: [key/generate]", "2:23"},
          Row{"admin_only_routes: [management_routes]", "2:23"}}) {
        const auto loaded =
            load("general_settings:\n  " + std::string(row.text) + "\n  master_key: sk-a\n");
        EXPECT_FALSE(loaded.config) << row.text;
        EXPECT_THAT(texts(loaded.problems),
                    ElementsAre(HasSubstr(std::string("c.yaml:") + row.place + ": error")))
            << row.text;
    }
}

TEST(AccessSettings, routes_of_administrators_need_a_master_key) {
    const auto open = load("general_settings:\n  admin_only_routes: [/key/generate]\n");
    EXPECT_FALSE(open.config);
    EXPECT_THAT(texts(open.problems),
                ElementsAre(AllOf(HasSubstr("c.yaml:2:3: error"), HasSubstr("master_key"))));
}

TEST(AccessSettings, locks_in_the_wrong_section_are_errors) {
    for (const char* text : {"litellm_settings: {allowed_ips: [10.1.2.3]}",
                             "router_settings: {allowed_routes: [/chat/completions]}",
                             "general_settings: {require_auth_for_metrics_endpoint: true}"}) {
        EXPECT_FALSE(load(text).config) << text;
        EXPECT_THAT(problems_of(text), ElementsAre(HasSubstr("belongs into"))) << text;
    }
}

}  // namespace
}  // namespace patchbay
