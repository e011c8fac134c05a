#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/test_support.hpp"

namespace patchbay {
namespace {

using config_test::load;
using config_test::problems_of;
using config_test::texts;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using namespace std::chrono_literals;

TEST(GeneralSettings, what_holds_for_keys_is_read) {
    struct Switch {
        const char* key;
        bool GeneralSettings::*member;
        bool usual;
    };
    constexpr Switch kSwitches[] = {
        {"enforce_fallback_model_access", &GeneralSettings::enforce_fallback_model_access, true},
        {"apply_user_budget_to_team_keys", &GeneralSettings::apply_user_budget_to_team_keys, false},
        {"disable_custom_api_keys", &GeneralSettings::disable_custom_api_keys, false},
    };
    for (const auto& [key, member, usual] : kSwitches) {
        for (const bool on : {true, false}) {
            const auto loaded =
                load("general_settings: {" + std::string(key) + (on ? ": true}" : ": false}"));
            EXPECT_THAT(texts(loaded.problems), IsEmpty()) << key;
            ASSERT_TRUE(loaded.config) << key;
            EXPECT_EQ(loaded.config->general.*member, on) << key;
        }
        EXPECT_EQ(load("{}").config->general.*member, usual) << key;
        EXPECT_THAT(problems_of("litellm_settings: {" + std::string(key) + ": true}"),
                    ElementsAre(HasSubstr("belongs into `general_settings`")));
    }
}

TEST(GeneralSettings, how_long_entries_are_kept_is_read) {
    const auto loaded = load(
        "general_settings: {maximum_spend_logs_retention_period: 7d, "
        "maximum_spend_logs_retention_interval: 12h}");
    EXPECT_THAT(texts(loaded.problems), IsEmpty());
    ASSERT_TRUE(loaded.config);
    EXPECT_EQ(loaded.config->general.spend_logs_kept, 7 * 24h);
    EXPECT_EQ(loaded.config->general.spend_logs_interval, 12h);
    const auto month = load("general_settings: {maximum_spend_logs_retention_period: 1mo}");
    EXPECT_EQ(month.config->general.spend_logs_kept, 31 * 24h);
    EXPECT_EQ(month.config->general.spend_logs_interval, 24h);
    EXPECT_EQ(load("{}").config->general.spend_logs_kept, 0s) << "for ever";
    for (const char* days : {"30", "'30'", "30d"}) {
        const auto read = load(
            "general_settings: {maximum_spend_logs_retention_period: " + std::string(days) + "}");
        EXPECT_THAT(texts(read.problems), IsEmpty()) << days;
        EXPECT_EQ(read.config->general.spend_logs_kept, 30 * 24h) << days;
    }
    for (const char* none : {"a week", "0", "-1", "1.5", "[7d]", "30 days", "7dd"}) {
        const auto read = load(
            "general_settings: {maximum_spend_logs_retention_period: " + std::string(none) + "}");
        EXPECT_THAT(texts(read.problems), ElementsAre(HasSubstr("as 30d: ignored"))) << none;
        ASSERT_TRUE(read.config) << none;
        EXPECT_EQ(read.config->general.spend_logs_kept, 0s) << none;
    }
}

TEST(GeneralSettings, bounds_of_event_loops_are_read_together) {
    const auto of = [](const std::string& keys) {
        const auto loaded = load("general_settings: {" + keys + "}");
        EXPECT_THAT(texts(loaded.problems), IsEmpty()) << keys;
        return loaded.config->general.loop_bounds;
    };
    const auto one = of("max_in_flight_requests_per_worker: 5");
    ASSERT_TRUE(one);
    EXPECT_EQ(one->in_flight, 5);
    EXPECT_EQ(one->queued, 5) << "as many as are served";
    EXPECT_EQ(one->wait, 1s);
    const auto all =
        of("max_queued_requests_per_worker: 0, admission_queue_timeout_seconds: 0.25, "
           "max_in_flight_requests_per_worker: 5");
    ASSERT_TRUE(all);
    EXPECT_EQ(all->queued, 0);
    EXPECT_EQ(all->wait, 250ms);
    EXPECT_FALSE(of("max_queued_requests_per_worker: 1, admission_queue_timeout_seconds: 2"));
    for (const char* none : {"max_in_flight_requests_per_worker: 0",
                             "max_in_flight_requests_per_worker: 2, "
                             "admission_queue_timeout_seconds: 0"}) {
        const auto loaded = load("general_settings: {" + std::string(none) + "}");
        EXPECT_THAT(texts(loaded.problems), ElementsAre(HasSubstr("above 0: ignored, so ")))
            << none;
        ASSERT_TRUE(loaded.config) << none;
        EXPECT_FALSE(loaded.config->general.loop_bounds) << none;
    }
    EXPECT_FALSE(load("general_settings: {max_in_flight_requests_per_worker: many}").config);
}

TEST(GeneralSettings, how_large_an_answer_may_be_is_read) {
    const auto loaded = load("general_settings: {max_response_size_mb: 1.5}");
    EXPECT_THAT(texts(loaded.problems), IsEmpty());
    ASSERT_TRUE(loaded.config);
    EXPECT_EQ(loaded.config->general.max_response_size, 1536u << 10);
    EXPECT_EQ(load("{}").config->general.max_response_size, 0u) << "no bound";
    for (const char* wrong : {"0", "-1", "large", "1e9"}) {
        EXPECT_FALSE(
            load("general_settings: {max_response_size_mb: " + std::string(wrong) + "}").config)
            << wrong;
    }
}

TEST(GeneralSettings, the_models_of_all_requests_are_read) {
    const auto loaded = load(
        "general_settings: {completion_model: a, embedding_model: b, image_generation_model: c, "
        "moderation_model: d, allow_requests_on_db_unavailable: true}");
    EXPECT_THAT(texts(loaded.problems), IsEmpty());
    ASSERT_TRUE(loaded.config);
    const GeneralSettings& general = loaded.config->general;
    EXPECT_EQ(general.completion_model, "a");
    EXPECT_EQ(general.embedding_model, "b");
    EXPECT_EQ(general.image_generation_model, "c");
    EXPECT_EQ(general.moderation_model, "d");
    EXPECT_TRUE(general.allow_on_db_unavailable);
}

TEST(LitellmSettings, what_is_booked_of_requests_is_read) {
    const auto loaded = load(
        "litellm_settings: {disable_end_user_cost_tracking: true, extra_spend_tag_headers: [x-a]}");
    EXPECT_THAT(texts(loaded.problems), IsEmpty());
    ASSERT_TRUE(loaded.config);
    EXPECT_FALSE(loaded.config->litellm.book_customers);
    EXPECT_THAT(loaded.config->litellm.tag_headers, ElementsAre("x-a"));
    EXPECT_TRUE(load("{}").config->litellm.book_customers);
}

TEST(LitellmSettings, what_may_be_fetched_of_links_is_read) {
    const auto loaded =
        load("litellm_settings: {user_url_validation: false, user_url_allowed_hosts: [a, 'b:80']}",
             {{"MAX_IMAGE_URL_DOWNLOAD_SIZE_MB", "0.5"}});
    EXPECT_THAT(texts(loaded.problems), IsEmpty());
    ASSERT_TRUE(loaded.config);
    const LinkSettings& links = loaded.config->litellm.links;
    EXPECT_FALSE(links.validate);
    EXPECT_THAT(links.allowed_hosts, ElementsAre("a", "b:80"));
    EXPECT_EQ(links.most_bytes, 512u * 1024);
    const auto usual = load("{}").config->litellm.links;
    EXPECT_TRUE(usual.validate);
    EXPECT_EQ(usual.most_bytes, 50u * 1024 * 1024);
    for (const char* wrong : {"much", "-1", "nan", "1MB", "1025"}) {
        EXPECT_THAT(problems_of("{}", {{"MAX_IMAGE_URL_DOWNLOAD_SIZE_MB", wrong}}),
                    ElementsAre(HasSubstr("MAX_IMAGE_URL_DOWNLOAD_SIZE_MB: expected 0 to 1024")))
            << wrong;
    }
}

TEST(LitellmSettings, books_that_were_not_to_be_kept_are_told) {
    for (const char* key : {"disable_spend_logs", "disable_spend_updates", "disable_error_logs",
                            "disable_reset_budget"}) {
        EXPECT_THAT(problems_of(std::string("general_settings: {") + key + ": true}"),
                    ElementsAre(HasSubstr("ignored, so ")))
            << key;
        EXPECT_THAT(problems_of(std::string("general_settings: {") + key + ": false}"), IsEmpty());
    }
}

}  // namespace
}  // namespace patchbay
