// Values as people write them: references in other programs' ways, blanks at the ends, and what no
// HTTP header can carry.
#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/reference.hpp"
#include "config/test_support.hpp"

namespace patchbay {
namespace {

using config_test::load;
using config_test::problems_of;
using config_test::texts;
using config_test::Variables;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

/// A file whose only deployment has these lines in its litellm_params; they begin on line 5.
LoadedConfig with(const std::string& params, Variables variables = {}) {
    std::string text = "model_list:\n  - model_name: m\n    litellm_params:\n      model: p/m\n";
    return load(text + "      " + params + "\n", std::move(variables));
}

TEST(Values, a_reference_in_another_way_is_pointed_out) {
    for (const char* written :
         {"$OPENAI_KEY", "\"${OPENAI_KEY}\"", "os.environ.OPENAI_KEY",
          "\"os.environ['OPENAI_KEY']\"", "env/OPENAI_KEY", "\"${OPENAI_KEY:-none}\"",
          "\"{{ OPENAI_KEY }}\"", "'%OPENAI_KEY%'", "environ/OPENAI_KEY", "'$(OPENAI_KEY)'"}) {
        const auto loaded = with(std::string("api_key: ") + written);
        EXPECT_TRUE(loaded.config) << written;
        EXPECT_THAT(texts(loaded.problems),
                    ElementsAre("c.yaml:5:16: warning: this looks like a reference to a variable, "
                                "but is taken as it stands; write `os.environ/OPENAI_KEY`"))
            << written;
    }
    for (const char* value : {"$ab", "sk-$X", "$", "${}", "os.environ", "env/lower", "$1X"}) {
        EXPECT_EQ(meant_reference(value), "") << value;
    }
    EXPECT_EQ(
        with("api_key: \"os.environ/K \"", {{"K", "k"}}).config->model_list[0].api_key.reveal(),
        "k");
}

TEST(Values, blanks_at_the_ends_are_taken_off_with_a_word) {
    const auto loaded = with("api_key: \"sk-x \"\n      api_base: \" http://h/v1\"");
    EXPECT_THAT(texts(loaded.problems),
                ElementsAre("c.yaml:5:16: warning: `litellm_params.api_key`: blanks at the ends "
                            "of the text are taken off",
                            HasSubstr("c.yaml:6:17: warning: `litellm_params.api_base`: blanks")));
    ASSERT_TRUE(loaded.config);
    EXPECT_EQ(loaded.config->model_list[0].api_key.reveal(), "sk-x");
    EXPECT_EQ(loaded.config->model_list[0].api_base, "http://h/v1");
    EXPECT_EQ(loaded.config->model_list[0].api_base_place.text(), "c.yaml:6:17");
}

TEST(Values, blanks_in_the_name_of_a_model_are_taken_off_with_a_word) {
    for (const char* written : {"openai/ gpt-4o", "openai /gpt-4o", "openai / gpt-4o"}) {
        const auto loaded =
            load(std::string("model_list: [{model_name: m, litellm_params: {model: \"") + written +
                 "\"}}]");
        EXPECT_THAT(texts(loaded.problems), ElementsAre(HasSubstr("blanks beside a '/'")));
        ASSERT_TRUE(loaded.config);
        EXPECT_EQ(loaded.config->model_list[0].model, "openai/gpt-4o");
    }
}

TEST(Values, a_mounted_secret_ends_with_a_line_end_that_is_taken_off) {
    for (const char* end : {"\n", "\r\n", " ", "\t\n"}) {
        const auto loaded =
            with("api_key: os.environ/K\n      extra_headers: {x-key: os.environ/K}",
                 {{"K", std::string("sk-x") + end}});
        EXPECT_THAT(texts(loaded.problems), IsEmpty());
        ASSERT_TRUE(loaded.config);
        EXPECT_EQ(loaded.config->model_list[0].api_key.reveal(), "sk-x");
        EXPECT_EQ(loaded.config->model_list[0].params.at("extra_headers").at("x-key"), "sk-x");
    }
}

TEST(Values, true_and_false_may_be_one_and_zero) {
    for (const char* yes : {"1", "'1'", "os.environ/ONE", "true", "'True'", "on"}) {
        const auto loaded = with("drop_params: " + std::string(yes), {{"ONE", "1"}});
        ASSERT_TRUE(loaded.config) << yes;
        EXPECT_EQ(loaded.config->model_list[0].drop_params, true) << yes;
    }
    const auto no = with("drop_params: 0", {});
    ASSERT_TRUE(no.config);
    EXPECT_EQ(no.config->model_list[0].drop_params, false);
    for (const char* wrong : {"2", "-1", "1.5", "''", "maybe"}) {
        EXPECT_FALSE(with("drop_params: " + std::string(wrong), {}).config) << wrong;
    }
}

TEST(Values, what_no_header_can_carry_is_an_error_at_its_place) {
    const Variables bad{{"K", "sk\n-x"}};
    for (const char* params :
         {"api_key: os.environ/K", "api_key: \"sk\\n-x\"", "organization: os.environ/K",
          "api_version: os.environ/K", "extra_headers: {x: os.environ/K}",
          "extra_headers: {x: \"a\\u0001b\"}", "headers: {\"x\\ny\": a}",
          "aws_secret_access_key: os.environ/K", "azure_ad_token: os.environ/K"}) {
        const auto loaded = with(params, bad);
        EXPECT_FALSE(loaded.config) << params;
        EXPECT_THAT(texts(loaded.problems),
                    ElementsAre(testing::AllOf(HasSubstr("c.yaml:5:"),
                                               HasSubstr("no HTTP header can carry"))))
            << params;
    }
    EXPECT_THAT(problems_of("credential_list:\n  - credential_name: c\n    credential_values: "
                            "{api_key: os.environ/K}\nmodel_list:\n  - model_name: m\n    "
                            "litellm_params: {model: p/m, litellm_credential_name: c}\n",
                            bad),
                ElementsAre(HasSubstr("c.yaml:3:34: error")));
    // Texts that are no headers may have lines.
    EXPECT_TRUE(with("vertex_credentials: os.environ/K", {{"K", "{\n}"}}).config);
}

TEST(Values, credentials_may_stand_in_a_file) {
    const auto path = std::filesystem::path(testing::TempDir()) / "vertex_key.json";
    std::ofstream(path) << R"({"type":"service_account"})";
    const auto read = with("vertex_credentials: " + path.string());
    ASSERT_TRUE(read.config);
    EXPECT_EQ(read.config->model_list[0].params.at("vertex_credentials"),
              R"({"type":"service_account"})");
    for (const std::string bad : {"/no/such/file", "-----BEGIN PRIVATE KEY-----", "/"}) {
        const auto loaded = with("vertex_credentials: \"" + bad + "\"");
        ASSERT_TRUE(loaded.config) << bad;
        EXPECT_FALSE(loaded.config->model_list[0].left_out.empty()) << bad;
        EXPECT_THAT(
            texts(loaded.problems),
            ElementsAre(testing::AllOf(HasSubstr("c.yaml:5:"), HasSubstr("key file"),
                                       HasSubstr("is left out"), testing::Not(HasSubstr(bad)))));
    }
    EXPECT_TRUE(with("vertex_credentials: {type: service_account}").config);
}

}  // namespace
}  // namespace patchbay
