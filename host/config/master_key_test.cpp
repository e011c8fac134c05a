// A gateway never opens by accident: a master key that was asked for is there, or the file is
// refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/test_support.hpp"

namespace patchbay {
namespace {

using config_test::load;
using config_test::texts;
using config_test::Variables;
using testing::ElementsAre;
using testing::HasSubstr;

struct MasterKeyCase {
    const char* text;
    Variables variables;
    const char* problem;
};

TEST(MasterKey, one_that_is_configured_and_cannot_be_used_is_an_error) {
    const MasterKeyCase cases[] = {
        {"general_settings: {master_key: \"\"}", {}, "c.yaml:1:32: error: `general_settings."},
        {"general_settings: {master_key: \"\"}", {{"LITELLM_MASTER_KEY", "sk-a"}}, "is given, but"},
        {"general_settings:\n  master_key:\n", {}, "c.yaml:2:3: error: `general_settings."},
        {"general_settings: {master_key: os.environ/K}", {}, "`K` is not set"},
        {"general_settings: {master_key: os.environ/K}", {{"K", ""}}, "is given, but empty"},
        {"general_settings: {master_key: os.environ/K}", {{"K", "sk-1\n"}}, "white space"},
        {"general_settings: {master_key: os.environ/K}", {{"K", "sk-1\r\n"}}, "white space"},
        {"general_settings: {master_key: os.environ/K}", {{"K", " sk-1"}}, "white space"},
        {"general_settings: {master_key: os.environ/K}", {{"K", "sk\x01-1"}}, "control character"},
        {"general_settings: {master_key: \"sk-1 \"}", {}, "white space"},
        {"general_settings:\n  master_key: |\n    sk-1\n", {}, "white space"},
        {"general_settings: {master_key: \"${GATEWAY_KEY}\"}", {}, "`os.environ/GATEWAY_KEY`"},
        {"general_settings: {master_key: $GATEWAY_KEY}", {}, "`os.environ/GATEWAY_KEY`"},
        {"general_settings: {master_key: [sk-1]}", {}, "expected text, found a list"},
        {"general_settings: {master_key: 1234}", {}, "expected text, found a number"},
        {"model_list: []", {{"LITELLM_MASTER_KEY", ""}}, "error: the environment variable"},
        {"general_settings: {}", {{"LITELLM_MASTER_KEY", ""}}, "is given, but empty"},
        {"", {{"LITELLM_MASTER_KEY", "sk-1\n"}}, "white space"},
        {"environment_variables: {LITELLM_MASTER_KEY: \"\"}", {}, "is given, but empty"},
    };
    for (const MasterKeyCase& one : cases) {
        const auto loaded = load(one.text, one.variables);
        EXPECT_FALSE(loaded.config) << one.text;
        EXPECT_THAT(texts(loaded.problems), ElementsAre(HasSubstr(one.problem))) << one.text;
    }
    // The variable that was to hold it is left out, and that leaves the door open.
    for (const char* text : {"environment_variables: {LITELLM_MASTER_KEY: }",
                             "environment_variables: {LITELLM_MASTER_KEY: os.environ/NOPE}"}) {
        EXPECT_FALSE(load(text).config) << text;
    }
}

TEST(MasterKey, comes_from_the_file_or_else_from_the_environment) {
    const auto key = [](const char* text, Variables variables) {
        const auto loaded = load(text, std::move(variables));
        EXPECT_TRUE(loaded.problems.empty()) << text;
        return loaded.config ? std::string(loaded.config->general.master_key.reveal()) : "refused";
    };
    EXPECT_EQ(key("general_settings: {master_key: sk-a b}", {}), "sk-a b");
    EXPECT_EQ(key("general_settings: {master_key: os.environ/K}", {{"K", "sk-k"}}), "sk-k");
    EXPECT_EQ(key("general_settings: {master_key: }", {{"LITELLM_MASTER_KEY", "sk-e"}}), "sk-e");
    EXPECT_EQ(key("", {{"LITELLM_MASTER_KEY", "sk-e"}}), "sk-e");
    EXPECT_EQ(key("", {}), "") << "no key at all is an open gateway, with a warning at the start";
}

}  // namespace
}  // namespace patchbay
