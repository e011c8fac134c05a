// What general_settings say of requests: what they must say, what they may name.
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

TEST(RequestRules, are_not_there_unless_they_are_given) {
    const GeneralSettings standard;
    EXPECT_THAT(standard.enforced_params, IsEmpty());
    EXPECT_FALSE(standard.reject_clientside_metadata_tags ||
                 standard.disable_responses_id_security || standard.allow_unmanaged_response_ids);
    const auto loaded = load(R"(general_settings:
  master_key: sk-a
  enforced_params: [user, metadata.generation_name]
  reject_clientside_metadata_tags: true
  disable_responses_id_security: true
  allow_unmanaged_response_ids: true
)");
    EXPECT_THAT(texts(loaded.problems), IsEmpty());
    ASSERT_TRUE(loaded.config);
    const GeneralSettings& general = loaded.config->general;
    EXPECT_THAT(general.enforced_params, ElementsAre("user", "metadata.generation_name"));
    EXPECT_TRUE(general.reject_clientside_metadata_tags && general.disable_responses_id_security &&
                general.allow_unmanaged_response_ids);
}

TEST(RequestRules, who_must_be_named_is_a_parameter_that_must_be_there) {
    const auto params = [](const std::string& more) {
        const auto loaded = load("general_settings:\n  master_key: sk-a\n" + more);
        EXPECT_THAT(texts(loaded.problems), IsEmpty()) << more;
        return loaded.config ? loaded.config->general.enforced_params : std::vector<std::string>{};
    };
    EXPECT_THAT(params("  enforce_user_param: true\n"), ElementsAre("user"));
    EXPECT_THAT(params("  enforce_user_param: true\n  enforced_params: [seed]\n"),
                ElementsAre("seed", "user"));
    EXPECT_THAT(params("  enforced_params: [user]\n  enforce_user_param: true\n"),
                ElementsAre("user"));
    EXPECT_THAT(params("  enforce_user_param: false\n"), IsEmpty());
    EXPECT_FALSE(load("general_settings: {enforce_user_param: sometimes}\n").config);
}

TEST(RequestRules, litellms_callback_for_the_ids_of_responses_is_always_on) {
    EXPECT_THAT(
        config_test::problems_of("litellm_settings: {callbacks: [responses_id_security]}\n"),
        IsEmpty());
}

TEST(RequestRules, that_cannot_be_read_are_errors) {
    for (const char* setting : {"enforced_params: {user: true}", "enforced_params: [[user]]",
                                "disable_responses_id_security: maybe"}) {
        const auto loaded =
            load("general_settings:\n  master_key: sk-a\n  " + std::string(setting) + "\n");
        EXPECT_FALSE(loaded.config) << setting;
        EXPECT_THAT(texts(loaded.problems), ElementsAre(HasSubstr("c.yaml:3:"))) << setting;
    }
}

}  // namespace
}  // namespace patchbay
