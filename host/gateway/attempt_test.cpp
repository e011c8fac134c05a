#include "gateway/attempt.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay::gateway {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

ChatRequest chat_of(std::string_view body) {
    ChatRequest chat;
    chat.body = body;
    auto scan = scan_chat_request(body);
    EXPECT_TRUE(scan) << body;
    chat.scan = std::move(*scan);
    auto options = read_request_options({chat.scan.members.data(), chat.scan.members.size()});
    EXPECT_TRUE(options) << body;
    chat.options = std::move(*options);
    chat.model = chat.scan.model();
    return chat;
}

Deployment deployment_of(std::string model = "up") {
    Deployment d;
    d.model = std::move(model);
    d.provider = "openai";
    d.base_url = "https://up.example";
    d.api_key = Secret(std::string("sk-upstream"));
    d.timeout = 60s;
    d.stream_timeout = 20s;
    return d;
}

Error error_of(ErrorClass cls, RetryHint hint = RetryHint::by_class) {
    Error e;
    e.cls = cls;
    e.retry = hint;
    return e;
}

constexpr std::string_view kBody = R"({"model":"m","messages":[],"temperature":1})";

TEST(Attempt, a_plain_request_goes_as_it_came) {
    const ChatRequest chat = chat_of(kBody);
    const Deployment d = deployment_of();
    Attempt attempt(chat, {}, d);
    const ExchangeRequest& r = attempt.request();
    EXPECT_EQ(r.body.data(), kBody.data()) << "it was copied";
    EXPECT_EQ(r.body.substr(r.model_off, r.model_len), "\"m\"");
    EXPECT_EQ(r.model, "up");
    EXPECT_EQ(r.base_url, "https://up.example");
    EXPECT_EQ(r.api_key, "sk-upstream");
    EXPECT_EQ(r.flags, 0u);
    EXPECT_EQ(r.timeouts.total, 60s);
    EXPECT_EQ(r.members.size(), 3u);
}

TEST(Attempt, a_stream_is_bounded_in_its_waiting) {
    const ChatRequest chat = chat_of(R"({"model":"m","messages":[],"stream":true})");
    const Deployment d = deployment_of();
    Attempt attempt(chat, {}, d);
    EXPECT_EQ(attempt.request().flags,
              static_cast<std::uint32_t>(BAY_REQ_STREAM | BAY_REQ_WANT_USAGE));
    EXPECT_EQ(attempt.request().timeouts.total, 0ms);
    EXPECT_EQ(attempt.request().timeouts.first_byte, 20s);
    EXPECT_EQ(attempt.request().timeouts.idle, 20s);
}

// What is dropped must not come back by another way: a default of the deployment, the usage that
// the gateway asks for by itself, a member that a plugin adds.
TEST(Attempt, a_dropped_parameter_is_not_added_either) {
    const std::string_view body =
        R"({"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":true}})";
    Deployment d = deployment_of();
    d.dropped_params = {"stream_options", "temperature"};
    d.defaults = {{"\"temperature\"", "1"}, {"\"top_p\"", "2"}};
    const ChatRequest chat = chat_of(body);
    Attempt attempt(chat, {}, d);
    EXPECT_EQ(attempt.request().body, R"({"model":"m","messages":[],"stream":true,"top_p":2})");
    EXPECT_EQ(attempt.request().flags, static_cast<std::uint32_t>(BAY_REQ_STREAM));
    EXPECT_EQ(attempt.request().params,
              R"({"additional_drop_params":["stream_options","temperature"]})");

    const ChatRequest by_client = chat_of(
        R"({"model":"m","messages":[],"stream":true,"additional_drop_params":["stream_options"]})");
    Deployment plain = deployment_of();
    plain.params = R"({"organization":"o"})";
    Attempt other(by_client, {}, plain);
    EXPECT_EQ(other.request().flags, static_cast<std::uint32_t>(BAY_REQ_STREAM));
    EXPECT_EQ(other.request().params,
              R"({"additional_drop_params":["stream_options"],"organization":"o"})");
}

TEST(Attempt, a_request_may_have_timeouts_of_its_own) {
    const Deployment d = deployment_of();
    const auto gap = [&](const std::string& members) {
        const std::string body = R"({"model":"m","messages":[],"stream":true,)" + members + "}";
        const ChatRequest chat = chat_of(body);
        Attempt attempt(chat, {}, d);
        return attempt.request().timeouts.idle;
    };
    EXPECT_EQ(gap(R"("timeout":3)"), 3s);
    EXPECT_EQ(gap(R"("stream_timeout":4)"), 4s);
    EXPECT_EQ(gap(R"("timeout":3,"stream_timeout":4)"), 4s);
    const std::string body = R"({"model":"m","messages":[],"timeout":3})";
    const ChatRequest chat = chat_of(body);
    Attempt attempt(chat, {}, d);
    EXPECT_EQ(attempt.request().timeouts.total, 3s);
}

TEST(Attempt, the_body_is_edited_for_the_deployment) {
    const ChatRequest chat =
        chat_of(R"({"model":"m","messages":[],"temperature":1,"user":"u","seed":7,)"
                R"("timeout":3,"metadata":{},"additional_drop_params":["user"]})");
    Deployment d = deployment_of();
    d.defaults = {{"\"temperature\"", "0"}, {"\"top_p\"", "0.5"}};
    d.extra_body = {{"\"seed\"", "1"}};
    d.dropped_params = {"nothing"};
    Attempt attempt(chat, {}, d);
    const ExchangeRequest& r = attempt.request();
    EXPECT_THAT(r.body, HasSubstr(R"("temperature":1)"));
    EXPECT_THAT(r.body, HasSubstr(R"("top_p":0.5)"));
    EXPECT_THAT(r.body, HasSubstr(R"("seed":1)"));
    for (const char* gone :
         {"timeout", "metadata", "additional_drop_params", "\"user\"", "\"seed\":7"}) {
        EXPECT_THAT(r.body, Not(HasSubstr(gone)));
    }
    EXPECT_EQ(r.body.substr(r.model_off, r.model_len), "\"m\"");
    EXPECT_TRUE(scan_chat_request(r.body));
}

TEST(Attempt, mock_switches_reach_simulated_models_only) {
    const ChatRequest chat = chat_of(R"({"model":"m","messages":[],"mock_response":"hi"})");
    Deployment d = deployment_of();
    EXPECT_THAT(Attempt(chat, {}, d).request().body, Not(HasSubstr("mock_response")));
    d.simulated = true;
    EXPECT_THAT(Attempt(chat, {}, d).request().body, HasSubstr(R"("mock_response":"hi")"));
}

TEST(Attempt, what_may_be_passed_on_and_dropped) {
    const ChatRequest chat =
        chat_of(R"({"model":"m","messages":[],"allowed_openai_params":["a"],"drop_params":false})");
    Deployment d = deployment_of();
    d.allowed_params = "b,c";
    d.drop_params = true;
    Attempt attempt(chat, {}, d);
    EXPECT_EQ(attempt.request().allowed_params, "a,b,c");
    EXPECT_EQ(attempt.request().flags & BAY_REQ_DROP_PARAMS, 0u);
    const ChatRequest silent = chat_of(kBody);
    Attempt configured(silent, {}, d);
    EXPECT_EQ(configured.request().allowed_params, "b,c");
    EXPECT_NE(configured.request().flags & BAY_REQ_DROP_PARAMS, 0u);
}

TEST(Retries, request_goes_before_deployment_before_router_before_settings) {
    Deployment d = deployment_of();
    Config config;
    ChatRequest chat = chat_of(kBody);
    EXPECT_EQ(retries_allowed(chat, d, config), 2);
    config.litellm.num_retries = 3;
    EXPECT_EQ(retries_allowed(chat, d, config), 3);
    config.router.num_retries = 4;
    EXPECT_EQ(retries_allowed(chat, d, config), 4);
    d.num_retries = 5;
    EXPECT_EQ(retries_allowed(chat, d, config), 5);
    chat.options.num_retries = 0;
    EXPECT_EQ(retries_allowed(chat, d, config), 0);
}

TEST(Retries, which_failures_may_be_tried_again) {
    for (const auto cls : {ErrorClass::rate_limit, ErrorClass::timeout, ErrorClass::overloaded,
                           ErrorClass::upstream, ErrorClass::unknown, ErrorClass::quota}) {
        EXPECT_TRUE(may_retry(error_of(cls), 1)) << static_cast<int>(cls);
        EXPECT_FALSE(may_retry(error_of(cls, RetryHint::never), 2));
    }
    for (const auto cls :
         {ErrorClass::bad_request, ErrorClass::not_found, ErrorClass::context_length,
          ErrorClass::content_policy, ErrorClass::unsupported}) {
        EXPECT_FALSE(may_retry(error_of(cls), 2)) << static_cast<int>(cls);
        EXPECT_TRUE(may_retry(error_of(cls, RetryHint::same), 1));
    }
    for (const auto cls : {ErrorClass::quota, ErrorClass::rate_limit, ErrorClass::bad_request}) {
        EXPECT_TRUE(may_retry(error_of(cls, RetryHint::other), 2)) << static_cast<int>(cls);
        EXPECT_FALSE(may_retry(error_of(cls, RetryHint::other), 1)) << "there is no other";
    }
    for (const auto cls : {ErrorClass::authentication, ErrorClass::permission}) {
        EXPECT_FALSE(may_retry(error_of(cls), 1));
        EXPECT_TRUE(may_retry(error_of(cls), 2));
        EXPECT_FALSE(may_retry(error_of(cls, RetryHint::never), 2));
    }
}

TEST(Retries, the_wait_grows_to_eight_seconds) {
    const Error e = error_of(ErrorClass::upstream);
    EXPECT_EQ(retry_delay(e, false, 0, 0ms, 0.0), 500ms);
    EXPECT_EQ(retry_delay(e, false, 1, 0ms, 0.0), 1000ms);
    EXPECT_EQ(retry_delay(e, false, 4, 0ms, 0.0), 8000ms);
    EXPECT_EQ(retry_delay(e, false, 100, 0ms, 0.0), 8000ms);
    EXPECT_EQ(retry_delay(e, false, 0, 3s, 0.0), 3000ms);
    EXPECT_GT(retry_delay(e, false, 0, 0ms, 0.9), 500ms);
    EXPECT_LT(retry_delay(e, false, 0, 0ms, 0.9999), 1250ms);
    EXPECT_EQ(retry_delay(e, true, 3, 3s, 0.9), 0ms) << "another deployment is tried at once";
}

TEST(Retries, the_provider_says_how_long_to_wait_within_a_minute) {
    Error e = error_of(ErrorClass::rate_limit);
    e.retry_after = 7s;
    EXPECT_EQ(retry_delay(e, false, 0, 0ms, 0.0), 7s);
    e.retry_after = 60s;
    EXPECT_EQ(retry_delay(e, false, 0, 0ms, 0.0), 60s);
    e.retry_after = 61s;
    EXPECT_EQ(retry_delay(e, false, 0, 0ms, 0.0), 500ms);
    e.retry_after = 0s;
    EXPECT_EQ(retry_delay(e, false, 0, 0ms, 0.0), 500ms);
}

TEST(Clean, the_deployments_key_is_taken_out_wherever_it_stands) {
    const Deployment d = deployment_of();
    Error e;
    e.message = "bad key sk-upstream, sk-upstreamsk-upstream";
    e.type = "sk-upstream";
    e.param = "x sk-upstream";
    e.upstream_body = R"({"key":"sk-upstream"})";
    clean(e, {&d.api_key, 1});
    EXPECT_EQ(e.message, "bad key [redacted], [redacted][redacted]");
    for (const std::string& text : {e.message, e.type, e.param, e.upstream_body}) {
        EXPECT_THAT(text, Not(HasSubstr("sk-upstream")));
    }
}

TEST(Clean, a_key_that_the_replacement_holds_is_taken_out_too) {
    Deployment d = deployment_of();
    d.api_key = Secret(std::string("redacted"));
    Error e;
    e.message = "a redacted key";
    clean(e, {&d.api_key, 1});
    EXPECT_EQ(e.message, "a [redacted] key");
}

TEST(Clean, text_is_made_utf8_of_bounded_length) {
    const Deployment d = deployment_of();
    Error e;
    e.message = "a\xff" + std::string(100'000, 'x');
    e.upstream_body = "\xc3";
    clean(e, {&d.api_key, 1});
    EXPECT_LT(e.message.size(), 8300u);
    EXPECT_THAT(e.message, testing::StartsWith("a\xef\xbf\xbd"));
    EXPECT_THAT(e.upstream_body, Not(HasSubstr("\xc3")));
    EXPECT_NO_THROW(error_json(e));
}

TEST(ForClient, says_it_in_litellms_words) {
    const Deployment d = deployment_of();
    Error e = error_of(ErrorClass::rate_limit);
    e.message = "slow down";
    e.code = "x";
    const Error first = for_client(e, d, "chat", 0, 2);
    EXPECT_EQ(first.message,
              "litellm.RateLimitError: OpenAIException - slow down. Received Model Group=chat");
    EXPECT_EQ(first.type, "throttling_error");
    EXPECT_EQ(first.code, "");
    EXPECT_THAT(for_client(e, d, "chat", 1, 2).message,
                EndsWith(" LiteLLM Retried: 1 times, LiteLLM Max Retries: 2"));
    e.cls = ErrorClass::bad_request;
    e.type = "own";
    EXPECT_EQ(for_client(e, d, "chat", 0, 2).type, "own");
}

TEST(Attempt, a_body_that_stands_for_a_query_gets_no_defaults) {
    const ChatRequest chat = chat_of(kBody);
    Deployment d = deployment_of();
    d.defaults = {{"\"keep_alive\"", "\"5m\""}};
    d.extra_body = {{"\"x\"", "1"}};
    EXPECT_THAT(std::string(Attempt(chat, {}, d).request().body), HasSubstr("keep_alive"));
    EXPECT_EQ(Attempt(chat, {}, d, AttemptBody::as_sent).request().body.data(), kBody.data());
}

TEST(Attempt, a_plugin_that_asks_is_told_of_a_wildcards_model) {
    const ChatRequest chat = chat_of(R"({"model":"claude-opus-4-6","messages":[]})");
    Deployment d = deployment_of("*");
    d.provider = "anthropic";
    ModelGroup group;
    group.name = "*";
    const ModelRoute route{&group, {chat.model}};
    EXPECT_EQ(Attempt(chat, route, d).request().params, "");
    d.wants_info_at_call = true;
    EXPECT_EQ(
        Attempt(chat, route, d).request().params,
        R"({"model_info":{"mode":"chat","max_input_tokens":1000000,"max_output_tokens":128000}})");
    d.params = R"({"a":1})";
    d.info_given["max_output_tokens"] = 7;
    EXPECT_EQ(
        Attempt(chat, route, d).request().params,
        R"({"model_info":{"mode":"chat","max_input_tokens":1000000,"max_output_tokens":7},"a":1})");
}

}  // namespace
}  // namespace patchbay::gateway
