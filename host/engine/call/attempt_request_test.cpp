#include "engine/call/attempt_request.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/shape/streamed.hpp"
#include "engine/surface/surface.hpp"

namespace patchbay {
namespace {

using namespace std::chrono_literals;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;

/// A chat request that was read. `body` outlives it.
struct ChatAsk : Ask {
    explicit ChatAsk(std::string_view given) {
        const Caller caller;
        EXPECT_FALSE(kChatSurface.read({given, {}, {}, caller}, *this)) << given;
    }
};

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

constexpr std::string_view kBody = R"({"model":"m","messages":[],"temperature":1})";

TEST(AttemptRequest, a_plain_request_goes_as_it_came) {
    const ChatAsk chat(kBody);
    const Deployment d = deployment_of();
    AttemptRequest attempt(chat, kChatCompletions, {}, d);
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

TEST(AttemptRequest, modify_params_asks_for_no_longer_answer_than_the_model_writes) {
    Deployment d = deployment_of();
    d.info.max_output_tokens = 1000;
    const auto sent = [&d](std::string_view members) {
        const std::string body = R"({"model":"m","messages":[])" + std::string(members) + "}";
        const ChatAsk chat(body);
        AttemptRequest attempt(chat, kChatCompletions, {}, d);
        return std::string(attempt.request().body.substr(26));
    };
    EXPECT_EQ(sent(R"(,"max_tokens":1001)"), R"(,"max_tokens":1001})") << "nobody asked for it";
    d.modify_params = true;
    EXPECT_EQ(sent(R"(,"max_tokens":1001)"), R"(,"max_tokens":1000})");
    EXPECT_EQ(sent(R"(,"max_completion_tokens":128000,"n":1)"),
              R"(,"n":1,"max_completion_tokens":1000})");
    for (const char* as_it_is : {R"(,"max_tokens":1000)", R"(,"max_tokens":null)",
                                 R"(,"max_tokens":"2000")", R"(,"max_tokens":1e9)", ""}) {
        EXPECT_EQ(sent(as_it_is), as_it_is + std::string("}"));
    }
    d.info.max_output_tokens = 0;
    EXPECT_EQ(sent(R"(,"max_tokens":1001)"), R"(,"max_tokens":1001})") << "the model is not known";
}

TEST(AttemptRequest, a_stream_is_bounded_in_its_waiting) {
    const ChatAsk chat(R"({"model":"m","messages":[],"stream":true})");
    const Deployment d = deployment_of();
    AttemptRequest attempt(chat, kChatCompletions, {}, d);
    EXPECT_EQ(attempt.request().flags,
              static_cast<std::uint32_t>(BAY_REQ_STREAM | BAY_REQ_WANT_USAGE));
    EXPECT_EQ(attempt.request().timeouts.total, 0ms);
    EXPECT_EQ(attempt.request().timeouts.first_byte, 20s);
    EXPECT_EQ(attempt.request().timeouts.idle, 20s);
}

TEST(AttemptRequest, only_what_has_a_streamed_form_is_asked_for_as_a_stream) {
    const ChatAsk chat(R"({"model":"m","messages":[],"stream":true})");
    const Deployment d = deployment_of();
    for (const Operation* operation : operations()) {
        if (operation->answer == AnswerAs::socket) continue;
        AttemptRequest attempt(chat, *operation, {}, d);
        const bool streamed = (attempt.request().flags & BAY_REQ_STREAM) != 0;
        EXPECT_EQ(streamed, has_streamed_form(operation->id)) << operation->id;
        EXPECT_EQ(attempt.request().timeouts.total, streamed ? 0ms : 60'000ms) << operation->id;
    }
    EXPECT_TRUE(has_streamed_form(BAY_OP_CHAT_COMPLETIONS));
    EXPECT_FALSE(has_streamed_form(BAY_OP_EMBEDDINGS));
    EXPECT_TRUE(has_streamed_form("com.example.thing"));
}

TEST(AttemptRequest, a_path_leaves_out_what_is_inside_of_a_member) {
    const ChatAsk chat(
        R"({"model":"m","messages":[],"tools":[{"function":{"name":"f","strict":true}}],)"
        R"("metadata":{"a":1},"x":{"a":1,"b":2},)"
        R"("additional_drop_params":["tools[*].function.strict","metadata.a"]})");
    Deployment d = deployment_of();
    d.dropped_params = {"x.a"};
    AttemptRequest attempt(chat, kChatCompletions, {}, d);
    EXPECT_EQ(attempt.request().body,
              R"({"model":"m","messages":[],"tools":[{"function":{"name":"f"}}],"x":{"b":2}})");
    Deployment forcing = deployment_of();
    forcing.extra_body = {{R"("tools")", R"([{"function":{"strict":true}}])"}};
    AttemptRequest forced(chat, kChatCompletions, {}, forcing);
    EXPECT_THAT(forced.request().body, HasSubstr(R"("tools":[{"function":{"strict":true}}])"))
        << "what the operator puts in is not the client's to take out";
}

// What is dropped must not come back by another way: a default of the deployment, the usage that
// the gateway asks for by itself, a member that a plugin adds.
TEST(AttemptRequest, a_dropped_parameter_is_not_added_either) {
    const std::string_view body =
        R"({"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":true}})";
    Deployment d = deployment_of();
    d.dropped_params = {"stream_options", "temperature"};
    d.defaults = {{"\"temperature\"", "1"}, {"\"top_p\"", "2"}};
    const ChatAsk chat(body);
    AttemptRequest attempt(chat, kChatCompletions, {}, d);
    EXPECT_EQ(attempt.request().body, R"({"model":"m","messages":[],"stream":true,"top_p":2})");
    EXPECT_EQ(attempt.request().flags, static_cast<std::uint32_t>(BAY_REQ_STREAM));
    EXPECT_EQ(attempt.request().params,
              R"({"additional_drop_params":["stream_options","temperature"]})");

    const ChatAsk by_client(
        R"({"model":"m","messages":[],"stream":true,"additional_drop_params":["stream_options"]})");
    Deployment plain = deployment_of();
    plain.params = R"({"organization":"o"})";
    AttemptRequest other(by_client, kChatCompletions, {}, plain);
    EXPECT_EQ(other.request().flags, static_cast<std::uint32_t>(BAY_REQ_STREAM));
    EXPECT_EQ(other.request().params,
              R"({"additional_drop_params":["stream_options"],"organization":"o"})");
}

TEST(AttemptRequest, a_request_may_have_timeouts_of_its_own) {
    const Deployment d = deployment_of();
    const auto gap = [&](const std::string& members) {
        const std::string body = R"({"model":"m","messages":[],"stream":true,)" + members + "}";
        const ChatAsk chat(body);
        AttemptRequest attempt(chat, kChatCompletions, {}, d);
        return attempt.request().timeouts.idle;
    };
    EXPECT_EQ(gap(R"("timeout":3)"), 3s);
    EXPECT_EQ(gap(R"("stream_timeout":4)"), 4s);
    EXPECT_EQ(gap(R"("timeout":3,"stream_timeout":4)"), 4s);
    const std::string body = R"({"model":"m","messages":[],"timeout":3})";
    const ChatAsk chat(body);
    AttemptRequest attempt(chat, kChatCompletions, {}, d);
    EXPECT_EQ(attempt.request().timeouts.total, 3s);
}

TEST(AttemptRequest, a_service_tier_may_have_timeouts_of_its_own) {
    Deployment d = deployment_of();
    d.tier_timeouts["flex"] = 900s;
    d.tier_stream_timeouts["flex"] = 90s;
    const auto timeouts = [&d](const std::string& more,
                               std::optional<std::chrono::milliseconds> own = {}) {
        const std::string body = R"({"model":"m","messages":[])" + more + "}";
        ChatAsk chat(body);
        chat.options.timeout = own;
        const http::Timeouts times =
            AttemptRequest(chat, kChatCompletions, {}, d).request().timeouts;
        return times.total.count() > 0 ? times.total : times.idle;
    };
    EXPECT_EQ(timeouts(R"(,"service_tier":"flex")"), 900s);
    EXPECT_EQ(timeouts(R"(,"service_tier":"flex","stream":true)"), 90s);
    for (const char* other :
         {"", R"(,"service_tier":"auto")", R"(,"service_tier":null)", R"(,"service_tier":7)"}) {
        EXPECT_EQ(timeouts(other), 60s) << other;
        EXPECT_EQ(timeouts(std::string(other) + R"(,"stream":true)"), 20s) << other;
    }
    EXPECT_EQ(timeouts(R"(,"service_tier":"flex")", 5s), 5s) << "the request's own goes first";
}

TEST(AttemptRequest, the_body_is_edited_for_the_deployment) {
    const ChatAsk chat(R"({"model":"m","messages":[],"temperature":1,"user":"u","seed":7,)"
                       R"("timeout":3,"metadata":{},"additional_drop_params":["user"]})");
    Deployment d = deployment_of();
    d.defaults = {{"\"temperature\"", "0"}, {"\"top_p\"", "0.5"}};
    d.extra_body = {{"\"seed\"", "1"}};
    d.dropped_params = {"nothing"};
    AttemptRequest attempt(chat, kChatCompletions, {}, d);
    const ExchangeRequest& r = attempt.request();
    EXPECT_THAT(r.body, HasSubstr(R"("temperature":1)"));
    EXPECT_THAT(r.body, HasSubstr(R"("top_p":0.5)"));
    EXPECT_THAT(r.body, HasSubstr(R"("seed":1)"));
    for (const char* gone :
         {"timeout", "metadata", "additional_drop_params", "\"user\"", "\"seed\":7"}) {
        EXPECT_THAT(r.body, Not(HasSubstr(gone)));
    }
    EXPECT_EQ(r.body.substr(r.model_off, r.model_len), "\"m\"");
    EXPECT_TRUE(scan_request(r.body, kMessagesForm));
}

TEST(AttemptRequest, the_user_of_the_metadata_reaches_providers_that_have_one) {
    const ChatAsk chat(R"({"model":"m","messages":[],"metadata":{"user_id":"u","trace":"t"}})");
    Deployment d = deployment_of();
    EXPECT_THAT(AttemptRequest(chat, kChatCompletions, {}, d).request().body,
                Not(HasSubstr("metadata")));
    d.metadata_user_id = true;
    AttemptRequest attempt(chat, kChatCompletions, {}, d);
    EXPECT_THAT(attempt.request().body, HasSubstr(R"("metadata":{"user_id":"u"})"));
    EXPECT_THAT(attempt.request().body, Not(HasSubstr("trace")));
}

TEST(AttemptRequest, mock_switches_reach_simulated_models_only) {
    const ChatAsk chat(R"({"model":"m","messages":[],"mock_response":"hi"})");
    Deployment d = deployment_of();
    EXPECT_THAT(AttemptRequest(chat, kChatCompletions, {}, d).request().body,
                Not(HasSubstr("mock_response")));
    d.simulated = true;
    EXPECT_THAT(AttemptRequest(chat, kChatCompletions, {}, d).request().body,
                HasSubstr(R"("mock_response":"hi")"));
}

TEST(AttemptRequest, what_may_be_passed_on_and_dropped) {
    const ChatAsk chat(
        R"({"model":"m","messages":[],"allowed_openai_params":["a"],"drop_params":false})");
    Deployment d = deployment_of();
    d.allowed_params = "b,c";
    d.drop_params = true;
    AttemptRequest attempt(chat, kChatCompletions, {}, d);
    EXPECT_EQ(attempt.request().allowed_params, "a,b,c");
    EXPECT_EQ(attempt.request().flags & BAY_REQ_DROP_PARAMS, 0u);
    const ChatAsk silent(kBody);
    AttemptRequest configured(silent, kChatCompletions, {}, d);
    EXPECT_EQ(configured.request().allowed_params, "b,c");
    EXPECT_NE(configured.request().flags & BAY_REQ_DROP_PARAMS, 0u);
}

TEST(AttemptRequest, a_body_that_stands_for_a_query_gets_no_defaults) {
    const ChatAsk chat(kBody);
    Deployment d = deployment_of();
    d.defaults = {{"\"keep_alive\"", "\"5m\""}};
    d.extra_body = {{"\"x\"", "1"}};
    EXPECT_THAT(std::string(AttemptRequest(chat, kChatCompletions, {}, d).request().body),
                HasSubstr("keep_alive"));
    EXPECT_EQ(AttemptRequest(chat, kRealtime, {}, d).request().body.data(), kBody.data());
}

TEST(AttemptRequest, a_plugin_that_asks_is_told_of_a_wildcards_model) {
    const ChatAsk chat(R"({"model":"claude-opus-4-6","messages":[]})");
    Deployment d = deployment_of("*");
    d.provider = "anthropic";
    ModelGroup group;
    group.name = "*";
    const ModelRoute route{&group, {chat.model}, chat.model};
    EXPECT_EQ(AttemptRequest(chat, kChatCompletions, route, d).request().params, "");
    d.wants_info_at_call = true;
    EXPECT_EQ(
        AttemptRequest(chat, kChatCompletions, route, d).request().params,
        R"({"model_info":{"mode":"chat","max_input_tokens":1000000,"max_output_tokens":128000}})");
    d.params = R"({"a":1})";
    d.info_given["max_output_tokens"] = 7;
    EXPECT_EQ(
        AttemptRequest(chat, kChatCompletions, route, d).request().params,
        R"({"model_info":{"mode":"chat","max_input_tokens":1000000,"max_output_tokens":7},"a":1})");
}

}  // namespace
}  // namespace patchbay
