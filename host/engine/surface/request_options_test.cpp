#include "engine/surface/request_options.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/surface/request_scan.hpp"

namespace patchbay {
namespace {

using namespace std::chrono_literals;
using testing::ElementsAre;
using testing::HasSubstr;

Result<RequestOptions> read(const std::string& members) {
    const std::string body =
        R"({"model":"m","messages":[])" + (members.empty() ? "" : "," + members) + "}";
    const auto scan = scan_request(body, kMessagesForm);
    EXPECT_TRUE(scan) << body;
    return read_request_options({scan->members.data(), scan->members.size()});
}

TEST(RequestOptions, a_plain_request_has_none) {
    const auto options = read(R"("temperature":1,"timeouts":3,"stream":true)");
    ASSERT_TRUE(options);
    EXPECT_FALSE(options->any_control);
    EXPECT_FALSE(options->mocked);
    EXPECT_FALSE(options->timeout);
    EXPECT_FALSE(options->num_retries);
}

TEST(RequestOptions, all_that_is_read) {
    const auto options = read(
        R"("timeout":1.5,"stream_timeout":2,"num_retries":3,"drop_params":true,"merge_reasoning_content_in_choices":false,)"
        R"("allowed_openai_params":["a","b"],"additional_drop_params":["c","d"])");
    ASSERT_TRUE(options);
    EXPECT_TRUE(options->any_control);
    EXPECT_EQ(options->timeout, 1500ms);
    EXPECT_EQ(options->stream_timeout, 2000ms);
    EXPECT_EQ(options->num_retries, 3);
    EXPECT_EQ(options->drop_params, true);
    EXPECT_EQ(options->merge_thoughts, false);
    EXPECT_EQ(options->allowed_params, "a,b");
    EXPECT_THAT(options->dropped_params, ElementsAre("c", "d"));
}

TEST(RequestOptions, max_retries_is_another_name_of_num_retries_which_goes_first) {
    EXPECT_EQ(read(R"("max_retries":4)")->num_retries, 4);
    EXPECT_EQ(read(R"("max_retries":4,"num_retries":0)")->num_retries, 0);
    EXPECT_EQ(read(R"("num_retries":0,"max_retries":4)")->num_retries, 0);
}

TEST(RequestOptions, null_is_as_if_it_were_absent_but_must_not_reach_the_provider) {
    const auto options = read(R"("timeout":null,"num_retries":null,"drop_params":null,)"
                              R"("allowed_openai_params":null,"additional_drop_params":null)");
    ASSERT_TRUE(options);
    EXPECT_TRUE(options->any_control);
    EXPECT_FALSE(options->timeout);
    EXPECT_FALSE(options->num_retries);
    EXPECT_FALSE(options->drop_params);
    EXPECT_EQ(options->allowed_params, "");
}

TEST(RequestOptions, other_control_parameters_are_only_noted) {
    const auto options = read(R"("metadata":{"a":1},"tags":[1],"no-log":true)");
    ASSERT_TRUE(options);
    EXPECT_TRUE(options->any_control);
    EXPECT_FALSE(options->mocked);
}

TEST(RequestOptions, mock_switches_are_told_apart) {
    const auto options = read(R"("mock_response":"hi")");
    ASSERT_TRUE(options);
    EXPECT_TRUE(options->mocked);
    EXPECT_TRUE(options->any_control);
}

TEST(RequestOptions, a_wrong_type_is_refused_by_name) {
    for (const std::string member :
         {R"("timeout":"1")", R"("timeout":-1)", R"("timeout":1e8)", R"("timeout":true)",
          R"("stream_timeout":[])", R"("request_timeout":{})", R"("num_retries":1.5)",
          R"("num_retries":-1)", R"("num_retries":101)", R"("num_retries":"2")",
          R"("max_retries":"2")", R"("merge_reasoning_content_in_choices":1)", R"("drop_params":1)",
          R"("drop_params":"true")", R"("allowed_openai_params":"a")",
          R"("allowed_openai_params":[1])", R"("additional_drop_params":{})",
          R"("additional_drop_params":[null])"}) {
        const auto options = read(member);
        ASSERT_FALSE(options) << member;
        EXPECT_EQ(options.error().status(), 400);
        EXPECT_EQ("\"" + options.error().param + "\"", member.substr(0, member.find(':')));
        EXPECT_THAT(options.error().message,
                    HasSubstr("Invalid value for '" + options.error().param + "'"));
    }
}

TEST(RequestOptions, a_client_cannot_redirect_its_request) {
    for (const std::string name :
         {"api_base", "base_url", "api_key", "api_version", "custom_llm_provider",
          "litellm_credential_name", "extra_headers", "headers", "user_config",
          "aws_secret_access_key", "azure_ad_token", "vertex_credentials", "langfuse_secret_key",
          "langsmith_base_url", "client_secret"}) {
        const auto options = read("\"" + name + "\":\"x\"");
        ASSERT_FALSE(options) << name;
        EXPECT_EQ(options.error().param, name);
        EXPECT_THAT(options.error().message, HasSubstr("may not be set by a client"));
    }
}

TEST(RequestOptions, a_name_that_holds_nothing_is_no_setting_and_is_not_sent) {
    const auto options =
        read(R"("additional_drop_params":["seed"],"api_key":null,"extra_headers":null)");
    ASSERT_TRUE(options) << options.error().message;
    EXPECT_THAT(options->dropped_params, ElementsAre("seed", "api_key", "extra_headers"));
}

// Each name is looked for among all members: a body that is full of both would hold up its loop.
TEST(RequestOptions, names_of_parameters_that_are_left_out_are_few) {
    const auto listed = [](int count) {
        std::string list = R"("additional_drop_params":["p0")";
        for (int i = 1; i < count; ++i) list += ",\"p" + std::to_string(i) + ".a\"";
        return read(list + "]");
    };
    ASSERT_TRUE(listed(100));
    EXPECT_EQ(listed(100)->dropped_params.size(), 100u);
    ASSERT_FALSE(listed(101));
    EXPECT_EQ(listed(101).error().param, "additional_drop_params");
    EXPECT_THAT(listed(101).error().message, HasSubstr("at most 100"));

    std::string nothing = R"("api_key":null)";
    for (int i = 1; i < 100; ++i) nothing += ",\"api_key\":null";
    EXPECT_TRUE(read(nothing));
    const auto more = read(nothing + R"(,"api_key":null)");
    ASSERT_FALSE(more);
    EXPECT_EQ(more.error().param, "api_key");
}

TEST(RequestOptions, nor_by_what_holds_parameters_of_its_own) {
    for (const auto& [member, param] : std::vector<std::pair<std::string, std::string>>{
             {R"("extra_body":{"a":[{"api_key":"x"}]})", "extra_body.api_key"},
             {R"("fallbacks":[{"model":"m","api_base":"x"}])", "fallbacks.api_base"},
             {R"("model_list":[{"litellm_params":{}}])", "model_list.litellm_params"},
             {R"("extra_body":{"\u0061pi_key" : "x"})", R"(extra_body.\u0061pi_key)"}}) {
        const auto options = read(member);
        ASSERT_FALSE(options) << member;
        EXPECT_EQ(options.error().param, param);
    }
    EXPECT_FALSE(read(R"("\u0061ws_secret_access_key":"x")"))
        << "a name may not hide behind escapes";
    EXPECT_TRUE(read(R"("extra_body":{"top_k":1,"a":"api_key"},"fallbacks":[{"m":["n"]}])"));
    EXPECT_TRUE(read(R"("tools":[{"function":{"parameters":{"properties":{"api_key":{}}}}}])"))
        << "what the model reads";
    EXPECT_TRUE(read(R"("metadata":{"api_key":"x"})")) << "never sent; records hide it";
}

TEST(RequestOptions, the_last_of_two_counts) {
    const auto options = read(R"("timeout":1,"timeout":2)");
    ASSERT_TRUE(options);
    EXPECT_EQ(options->timeout, 2000ms);
}

}  // namespace
}  // namespace patchbay
