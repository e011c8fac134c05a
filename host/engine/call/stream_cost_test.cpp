#include "engine/call/stream_cost.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/call/answer_sink.hpp"
#include "engine/call/test_support.hpp"
#include "engine/meter/price_fields.hpp"
#include "engine/surface/openai/response_id.hpp"

namespace patchbay {
namespace {

using testing::ElementsAre;
using testing::EndsWith;
using testing::HasSubstr;

class StreamCostTest : public testing::Test {
  protected:
    StreamCostTest() {
        fixture.snapshot->config.litellm.cost_in_streams = true;
        meter::CardTerms terms;
        EXPECT_EQ(meter::add_field("input_cost_per_token", "3e-6", terms), meter::FieldUse::rate);
        EXPECT_EQ(meter::add_field("output_cost_per_token", "15e-6", terms), meter::FieldUse::rate);
        deployment.id = "d";
        deployment.pricing.card = meter::make_card(std::move(terms));
    }

    // What the client gets of one event whose usage was taken before.
    std::string told(const Surface& surface, std::string_view name, std::string_view json,
                     bool stream = true) {
        const std::string body =
            R"({"model":"mine","max_tokens":1,"messages":[],"input":"a","prompt":"a",)"
            R"("stream_options":{"include_usage":true},"stream":)" +
            std::string(stream ? "true}" : "false}");
        Call call{fixture.engine, surface, caller, "id"};
        EXPECT_FALSE(surface.read({body, {}, {}, caller}, call.ask));
        call.operation = surface.operation;
        call.deployment = &deployment;
        call.ask.previous = previous;
        call.usage.begin(deployment, *call.operation->shape, {});
        const AnswerFacts facts = call.operation->shape->scan(name, json);
        call.usage.read_chunk(json, facts);
        test::WrittenAnswer answer;
        AnswerSink sink(call, answer);
        sink.begin();
        sink.chunk(name, json, facts);
        return answer.lines.empty() ? "" : answer.lines.back();
    }
    std::string chat(std::string_view usage) {
        return told(kChatSurface, {}, R"({"choices":[],"usage":)" + std::string(usage) + "}");
    }

    test::EngineFixture fixture;
    Caller caller;
    Deployment deployment;
    std::optional<EarlierAnswer> previous;
};

TEST_F(StreamCostTest, stands_first_in_the_usage_or_in_the_place_of_the_providers) {
    EXPECT_EQ(
        chat(R"({"prompt_tokens":10,"completion_tokens":1})"),
        R"(event {"choices":[],"usage":{"cost":0.000045,"prompt_tokens":10,"completion_tokens":1}})");
    EXPECT_EQ(
        chat(R"({"prompt_tokens":10,"cost" : null , "completion_tokens":1})"),
        R"(event {"choices":[],"usage":{"prompt_tokens":10,"cost" : 0.000045 , "completion_tokens":1}})");
    EXPECT_EQ(chat(R"({"cost":{"a":1},"d":{"cost":2},"prompt_tokens":1})"),
              R"(event {"choices":[],"usage":{"cost":0.000003,"d":{"cost":2},"prompt_tokens":1}})");
    EXPECT_EQ(chat("{ }"), R"(event {"choices":[],"usage":{"cost":0 }})");
    EXPECT_EQ(chat("null"), R"(event {"choices":[],"usage":null})");
}

TEST_F(StreamCostTest, of_messages_the_end_tells_it_and_not_the_beginning) {
    const std::string_view start =
        R"({"type":"message_start","message":{"id":"m","usage":{"input_tokens":10}}})";
    EXPECT_THAT(told(kMessagesSurface, "message_start", start), EndsWith(start.data()));
    EXPECT_EQ(told(kMessagesSurface, "message_delta",
                   R"({"type":"message_delta","delta":{},"usage":{"output_tokens":1}})"),
              R"(event message_delta{"type":"message_delta","delta":{},)"
              R"("usage":{"cost":0.000015,"output_tokens":1}})");
}

TEST_F(StreamCostTest, stands_beside_all_else_that_is_put_into_an_event) {
    previous = EarlierAnswer{"d", "resp_0", "\"resp_sealed\""};
    const std::string event = told(
        kResponsesSurface, "response.completed",
        R"({"type":"response.completed","response":{"id":"resp_1","object":"response","model":"up",)"
        R"("previous_response_id":"resp_0","output":[],"usage":{"input_tokens":1,"output_tokens":1}}})");
    EXPECT_THAT(event, HasSubstr(R"("model":"mine","previous_response_id":"resp_sealed")"));
    EXPECT_THAT(event,
                HasSubstr(R"("usage":{"cost":0.000018,"input_tokens":1,"output_tokens":1}}})"));
    EXPECT_THAT(event, testing::Not(HasSubstr("resp_1\"")));
}

TEST_F(StreamCostTest, is_not_told_without_the_setting_a_price_or_a_stream) {
    const std::string_view usage = R"({"prompt_tokens":10})";
    const std::string plain = R"(event {"choices":[],"usage":{"prompt_tokens":10}})";
    EXPECT_NE(chat(usage), plain);
    deployment.pricing.card = nullptr;
    EXPECT_EQ(chat(usage), plain);
    deployment.pricing.free = true;
    EXPECT_EQ(chat(usage), R"(event {"choices":[],"usage":{"cost":0,"prompt_tokens":10}})");
    EXPECT_EQ(told(kChatSurface, {}, R"({"choices":[],"usage":{"prompt_tokens":10}})", false),
              plain);
    fixture.snapshot->config.litellm.cost_in_streams = false;
    EXPECT_EQ(chat(usage), plain);
}

TEST_F(StreamCostTest, without_the_setting_it_is_told_where_something_is_owed_and_not_in_messages) {
    fixture.snapshot->config.litellm.cost_in_streams = std::nullopt;
    const std::string_view usage = R"({"prompt_tokens":10})";
    const std::string delta =
        R"({"type":"message_delta","usage":{"input_tokens":10,"output_tokens":1}})";
    EXPECT_THAT(chat(usage), HasSubstr(R"("usage":{"cost":0.00003,)"));
    EXPECT_THAT(told(kMessagesSurface, "message_delta", delta), EndsWith(delta));
    deployment.pricing.card = nullptr;
    deployment.pricing.free = true;
    EXPECT_EQ(chat(usage), R"(event {"choices":[],"usage":{"prompt_tokens":10}})");
}

TEST_F(StreamCostTest, the_request_asks_for_it_whatever_the_setting) {
    const std::string_view usage = R"({"prompt_tokens":10})";
    const std::string delta =
        R"({"type":"message_delta","usage":{"input_tokens":10,"output_tokens":1}})";
    fixture.snapshot->config.litellm.cost_in_streams = false;
    const std::vector<http::Header> headers{{"X-LiteLLM-Include-Cost-In-Streaming-Usage", "True"}};
    caller.headers = headers;
    EXPECT_THAT(chat(usage), HasSubstr(R"("usage":{"cost":0.00003,)"));
    EXPECT_THAT(told(kMessagesSurface, "message_delta", delta),
                HasSubstr(R"("usage":{"cost":0.000045,)"));
}

TEST_F(StreamCostTest, attempts_before_are_in_it) {
    Call call{fixture.engine, kChatSurface, caller, "id"};
    ASSERT_FALSE(kChatSurface.read({R"({"model":"m","messages":[],"stream":true})", {}, {}, caller},
                                   call.ask));
    const std::string_view json = R"({"choices":[{}],"usage":{"prompt_tokens":10}})";
    Error broken;
    for (int attempt = 0; attempt < 2; ++attempt) {
        call.usage.begin(deployment, kChatShape, {});
        call.usage.read_chunk(json, kChatShape.scan({}, json));
        if (attempt == 0) call.usage.end(&broken);
    }
    StreamCost cost(call);
    EXPECT_EQ(cost.stamp(json, kChatShape.scan({}, json)).text, R"({"cost":0.00006,)");
    EXPECT_EQ(call.usage.last().cost, meter::Cost{}) << "it is not billed yet";
}

}  // namespace
}  // namespace patchbay
