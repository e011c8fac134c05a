#include "engine/surface/bedrock/converse_answer.hpp"

#include "engine/surface/bedrock/converse_accumulator.hpp"
#include "engine/surface/bedrock/converse_stream.hpp"

namespace patchbay::surface {

namespace {

using namespace test;
using namespace test::converse;

std::string answer_with(std::string_view message,
                        std::string_view more = R"("finish_reason":"stop")",
                        std::string_view usage = "") {
    return R"({"id":"chatcmpl-1","choices":[{"index":0,"message":)" + std::string(message) + "," +
           std::string(more) + "}]" + std::string(usage) + "}";
}

json::object told(std::string_view answer, bool stop_sequence = false) {
    auto tree = tree_of(converse_of_chat(answer, {{}, stop_sequence}, 321));
    return std::move(tree.get_object());
}

TEST(ConverseOfChat, SaysAWholeAnswer) {
    EXPECT_EQ(
        converse_of_chat(
            answer_with(R"({"role":"assistant","content":"Hello."})", R"("finish_reason":"stop")",
                        R"(,"usage":{"prompt_tokens":12,"completion_tokens":7,"total_tokens":19},
                                  "service_tier":"flex")"),
            {}, 321),
        R"({"output":{"message":{"role":"assistant","content":[{"text":"Hello."}]}},)"
        R"("stopReason":"end_turn","usage":{"inputTokens":12,"outputTokens":7,)"
        R"("totalTokens":19},"metrics":{"latencyMs":321},"serviceTier":{"type":"flex"}})");
    EXPECT_EQ(converse_of_chat("[]", {}, 0),
              R"({"output":{"message":{"role":"assistant","content":[]}},"stopReason":"end_turn",)"
              R"("usage":{"inputTokens":0,"outputTokens":0,"totalTokens":0},)"
              R"("metrics":{"latencyMs":0}})");
}

TEST(ConverseOfChat, SaysBlocks) {
    const struct {
        const char* what;
        const char* message;
        const char* content;
    } cases[] = {
        {"thought, text, call",
         R"({"reasoning_content":"Hm.","content":"a","thinking_blocks":[{"type":"thinking",
             "thinking":"Hm.","signature":"S"},{"type":"redacted_thinking","data":"RGF0YQ=="}],
             "tool_calls":[{"id":"functions.f:0","function":{"name":"f","arguments":"{\"a\":1}"}}]})",
         R"([{"reasoningContent":{"reasoningText":{"text":"Hm.","signature":"S"}}},
             {"reasoningContent":{"redactedContent":"RGF0YQ=="}},{"text":"a"},
             {"toolUse":{"toolUseId":"functions.f:0","name":"f","input":{"a":1}}}])"},
        {"an image",
         R"({"content":"a","images":[{"image_url":{"url":"data:image/webp;base64,AAAA"}},
             {"image_url":{"url":"https://a/b.png"}}]})",
         R"([{"text":"a"},{"image":{"format":"webp","source":{"bytes":"AAAA"}}},
             {"text":"\n[An image, which this API cannot show.]\n"}])"},
        {"cited links",
         R"({"content":"a","annotations":[{"type":"url_citation","url_citation":
             {"url":"https://a.org/b?c","title":"T","start_index":0,"end_index":1}}]})",
         R"([{"citationsContent":{"content":[{"text":"a"}],"citations":[{"title":"T",
             "location":{"web":{"url":"https://a.org/b?c","domain":"a.org"}}}]}}])"},
        {"a refusal", R"({"content":null,"refusal":"no"})", R"([{"text":"no"}])"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        const auto answer = told(answer_with(c.message));
        const auto& content = answer.at("output").at("message").at("content");
        EXPECT_EQ(json_tree::write(content), tidy(c.content));
    }
}

TEST(ConverseOfChat, CallsWithoutIdsGetDifferentOnes) {
    const auto answer = told(answer_with(R"({"tool_calls":[
        {"function":{"name":"f","arguments":""}},{"function":{"name":"f","arguments":"[1]"}}]})"));
    const auto& content = answer.at("output").at("message").at("content");
    ASSERT_EQ(content.get_array().size(), 2u);
    const auto& first = content.at(0).at("toolUse");
    const auto& second = content.at(1).at("toolUse");
    EXPECT_NE(first.at("toolUseId"), second.at("toolUseId"));
    EXPECT_EQ(first.at("input"), json::value(json::object()));
    EXPECT_EQ(second.at("input"), (json::value{{"arguments", "[1]"}}));
}

TEST(ConverseOfChat, SaysHowItEnded) {
    const struct {
        const char* what;
        const char* message;
        const char* more;
        const char* reason;
    } cases[] = {
        {"stop", R"({"content":"a"})", R"("finish_reason":"stop")", "end_turn"},
        {"nothing", R"({"content":"a"})", R"("finish_reason":null)", "end_turn"},
        {"a sequence", R"({"content":"a"})", R"("finish_reason":"stop","stop_sequence":"END")",
         "stop_sequence"},
        {"length", R"({"content":"a"})", R"("finish_reason":"length")", "max_tokens"},
        {"full", R"({"content":"a"})",
         R"("finish_reason":"length","provider_specific_fields":{"native_finish_reason":"model_context_window_exceeded"})",
         "model_context_window_exceeded"},
        {"a pause", R"({"content":"a"})",
         R"("finish_reason":"length","provider_specific_fields":{"native_finish_reason":"pause_turn"})",
         "max_tokens"},
        {"calls", R"({"tool_calls":[{"id":"i","function":{"name":"f","arguments":"{}"}}]})",
         R"("finish_reason":"tool_calls")", "tool_use"},
        {"calls behind a stop", R"({"tool_calls":[{"id":"i","function":{"name":"f"}}]})",
         R"("finish_reason":"stop")", "tool_use"},
        {"filtered", R"({"content":"a"})", R"("finish_reason":"content_filter")",
         "content_filtered"},
        {"a guardrail of AWS's", R"({"content":"a"})",
         R"("finish_reason":"content_filter","provider_specific_fields":{"native_finish_reason":"guardrail_intervened"})",
         "guardrail_intervened"},
        {"a refusal", R"({"refusal":"no"})", R"("finish_reason":"stop")", "content_filtered"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        const auto answer = told(answer_with(c.message, c.more), true);
        EXPECT_EQ(text(answer, "stopReason"), c.reason);
        const auto& fields = answer.at("additionalModelResponseFields").at("stop_sequence");
        EXPECT_EQ(fields, std::string_view(c.what) == "a sequence" ? json::value("END")
                                                                   : json::value(nullptr));
    }
}

TEST(ConverseOfChat, CountsWhatWentThroughTheCacheApart) {
    const auto answer =
        told(answer_with(R"({"content":"a"})", R"("finish_reason":"stop")",
                         R"(,"usage":{"prompt_tokens":100,"completion_tokens":9,"total_tokens":109,
            "prompt_tokens_details":{"cached_tokens":75,"cache_creation_tokens":5}})"));
    EXPECT_EQ(json_tree::write(answer.at("usage")),
              tidy(R"({"inputTokens":20,"outputTokens":9,"totalTokens":109,
                  "cacheReadInputTokens":75,"cacheWriteInputTokens":5})"));
}

TEST(ConverseOfChat, RedactedThoughtsComeBackAsTheyWere) {
    for (const std::string_view data : {"RGF0YQ==", "RGF0YQ", "not base64!", "pb1.x", "\xc3\xa9"}) {
        const auto content = redacted_content(data);
        EXPECT_EQ(redacted_data(content), data);
    }
    EXPECT_EQ(redacted_content("RGF0YQ=="), "RGF0YQ==");
    EXPECT_EQ(redacted_data("*"), "");
}

/// The events that chunks make, each with its type before it.
std::string events_of(std::initializer_list<const char*> chunks) {
    std::string said;
    const ConverseStream::Emit emit = [&](std::string_view type, std::string_view json) {
        said.append(type).append(" ").append(json).append("\n");
    };
    ConverseStream stream({});
    for (const char* chunk : chunks) EXPECT_TRUE(stream.chunk(chunk, emit));
    stream.end(5, emit);
    return said;
}

TEST(ConverseStreamTest, SaysBlocksOneAfterTheOther) {
    EXPECT_EQ(
        events_of(
            {R"({"id":"c","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]})",
             R"({"choices":[{"index":0,"delta":{"content":"Hel"}}]})",
             R"({"choices":[{"index":0,"delta":{"content":"lo"}}]})",
             R"({"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"id":"i","function":{"name":"f","arguments":""}}]}}]})",
             R"({"choices":[{"index":0,"delta":{"tool_calls":[{"index":0,"function":{"arguments":"{}"}}]}}]})",
             R"({"choices":[{"index":0,"delta":{},"finish_reason":"tool_calls"}]})",
             R"({"choices":[],"usage":{"prompt_tokens":11,"completion_tokens":4,"total_tokens":15}})"}),
        "messageStart {\"role\":\"assistant\"}\n"
        "contentBlockDelta {\"contentBlockIndex\":0,\"delta\":{\"text\":\"Hel\"}}\n"
        "contentBlockDelta {\"contentBlockIndex\":0,\"delta\":{\"text\":\"lo\"}}\n"
        "contentBlockStop {\"contentBlockIndex\":0}\n"
        "contentBlockStart {\"contentBlockIndex\":1,\"start\":{\"toolUse\":{\"toolUseId\":\"i\","
        "\"name\":\"f\"}}}\n"
        "contentBlockDelta {\"contentBlockIndex\":1,\"delta\":{\"toolUse\":{\"input\":\"{}\"}}}\n"
        "contentBlockStop {\"contentBlockIndex\":1}\n"
        "messageStop {\"stopReason\":\"tool_use\"}\n"
        "metadata {\"usage\":{\"inputTokens\":11,\"outputTokens\":4,\"totalTokens\":15},"
        "\"metrics\":{\"latencyMs\":5}}\n");
}

TEST(ConverseStreamTest, SaysNothingBeforeTheFirstWord) {
    std::size_t events = 0;
    const ConverseStream::Emit emit = [&](std::string_view, std::string_view) { ++events; };
    ConverseStream stream({});
    EXPECT_TRUE(stream.chunk(R"({"id":"c","choices":[{"delta":{"role":"assistant"}}]})", emit));
    EXPECT_EQ(events, 0u);
    EXPECT_FALSE(stream.chunk("7", emit));
}

TEST(ConverseStreamTest, ShowsImagesAndCitedLinks) {
    ConverseAccumulator client;
    const ConverseStream::Emit emit = [&](std::string_view type, std::string_view json) {
        client.event(type, json);
    };
    ConverseStream stream({});
    for (
        const char* chunk :
        {R"({"choices":[{"delta":{"content":"a"}}]})",
         R"({"choices":[{"delta":{"annotations":[{"url_citation":{"url":"https://a/b"}}]}}]})",
         R"({"choices":[{"delta":{"images":[{"image_url":{"url":"data:image/png;base64,AAAA"}}]}}]})"}) {
        EXPECT_TRUE(stream.chunk(chunk, emit));
    }
    stream.end(5, emit);
    EXPECT_EQ(json_tree::write(client.whole().at("output").at("message").at("content")),
              tidy(R"([{"citationsContent":{"content":[{"text":"a"}],"citations":[
                  {"location":{"web":{"url":"https://a/b","domain":"a"}}}]}},
                  {"image":{"format":"png","source":{"bytes":"AAAA"}}}])"));
}

}  // namespace

}  // namespace patchbay::surface
