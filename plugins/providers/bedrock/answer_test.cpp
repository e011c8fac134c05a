// SPDX-License-Identifier: Apache-2.0
#include "answer.hpp"

#include <gtest/gtest.h>

#include "chat/delta.hpp"
#include "stream.hpp"

namespace patchbay::bedrock {
namespace {

AnswerContext context(anthropic::JsonMode mode = anthropic::JsonMode::off,
                      std::string prefix = {}) {
    AnswerContext made;
    made.head = {"id", "m", 1};
    made.json_mode = mode;
    made.prefix = std::move(prefix);
    return made;
}

/// The message of a whole answer with these blocks.
json::object whole(const json::array& blocks, const AnswerContext& of) {
    const json::value answer{{"output", {{"message", {{"content", blocks}}}}},
                             {"stopReason", "end_turn"}};
    const auto made = translate_answer(json::serialize(answer), of);
    EXPECT_TRUE(made);
    auto message = json::parse(made->json).at("choices").at(0).at("message").as_object();
    message.erase("provider_specific_fields");
    if (auto* calls = message.if_contains("tool_calls")) {
        for (auto& call : calls->as_array()) call.as_object().erase("index");
    }
    return message;
}

/// The same from a stream whose texts come in pieces of `size` characters.
json::object streamed(const json::array& blocks, const AnswerContext& of, std::size_t size) {
    StreamTranslator stream(of, false);
    std::vector<std::string> chunks;
    const auto feed = [&](std::string_view type, const json::value& event) {
        EXPECT_TRUE(stream.feed(type, json::serialize(event), chunks));
    };
    const auto in_pieces = [&](std::size_t index, std::string_view words, const auto& delta) {
        for (std::size_t at = 0; at < words.size(); at += size) {
            feed("contentBlockDelta", json::value{{"contentBlockIndex", index},
                                                  {"delta", delta(words.substr(at, size))}});
        }
    };
    feed("messageStart", json::value{{"role", "assistant"}});
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const auto& block = blocks[i].as_object();
        if (block.contains("text")) {
            in_pieces(i, view(block.at("text").as_string()), [](std::string_view piece) {
                return json::value{{"text", piece}};
            });
        } else if (block.contains("toolUse")) {
            const auto& call = block.at("toolUse").as_object();
            feed("contentBlockStart",
                 json::value{
                     {"contentBlockIndex", i},
                     {"start",
                      {{"toolUse",
                        {{"toolUseId", call.at("toolUseId")}, {"name", call.at("name")}}}}}});
            in_pieces(i, json::serialize(call.at("input")), [](std::string_view piece) {
                return json::value{{"toolUse", {{"input", piece}}}};
            });
        } else {
            const auto& thought = block.at("reasoningContent").at("reasoningText").as_object();
            in_pieces(i, view(thought.at("text").as_string()), [](std::string_view piece) {
                return json::value{{"reasoningContent", {{"text", piece}}}};
            });
            feed("contentBlockDelta",
                 json::value{
                     {"contentBlockIndex", i},
                     {"delta", {{"reasoningContent", {{"signature", thought.at("signature")}}}}}});
        }
        feed("contentBlockStop", json::value{{"contentBlockIndex", i}});
    }
    feed("messageStop", json::value{{"stopReason", "end_turn"}});
    EXPECT_TRUE(stream.complete());
    json::object message{{"role", "assistant"}, {"content", ""}};
    json::array calls;
    for (const auto& chunk : chunks) {
        auto delta = json::parse(chunk).at("choices").at(0).at("delta").as_object();
        delta.erase("role");
        delta.erase("provider_specific_fields");
        if (auto* pieces = delta.if_contains("tool_calls")) {
            auto& piece = pieces->as_array()[0].as_object();
            const auto index = piece.at("index").to_number<std::size_t>();
            piece.erase("index");
            if (index == calls.size()) calls.emplace_back(json::object());
            piece.contains("id") ? void(calls[index] = piece)
                                 : shared::add_delta(piece, calls[index].as_object());
            delta.erase("tool_calls");
        }
        shared::add_delta(std::move(delta), message);
    }
    if (!calls.empty()) message["tool_calls"] = std::move(calls);
    return message;
}

const json::array kThought{
    {{"reasoningContent", {{"reasoningText", {{"text", "17*3 = 51."}, {"signature", "EqQB"}}}}}},
    {{"text", "It is "}},
    {{"text", "51."}},
    {{"toolUse", {{"toolUseId", "a"}, {"name", "f"}, {"input", {{"x", 1}}}}}},
    {{"toolUse", {{"toolUseId", "b"}, {"name", "g"}, {"input", json::object()}}}}};
const json::array kInJson{
    {{"text", "Here:"}},
    {{"toolUse",
      {{"toolUseId", "a"}, {"name", "json_tool_call"}, {"input", {{"values", {1, 2}}}}}}}};

TEST(BedrockAnswer, StreamsGiveWhatWholeAnswersGive) {
    using anthropic::JsonMode;
    const struct {
        const json::array& blocks;
        AnswerContext of;
    } cases[] = {{kThought, context()},
                 {kThought, context(JsonMode::native)},
                 {kThought, context(JsonMode::plain)},
                 {kThought, context(JsonMode::off, "Well: ")},
                 {kInJson, context(JsonMode::plain)},
                 {kInJson, context(JsonMode::wrapped)}};
    for (const auto& [blocks, of] : cases) {
        const auto expected = whole(blocks, of);
        for (const std::size_t size : {1u, 3u, 100u}) {
            EXPECT_EQ(json::value(streamed(blocks, of, size)), json::value(expected)) << size;
        }
    }
}

TEST(BedrockAnswer, NothingSaidIsAnEmptyText) {
    EXPECT_EQ(whole({}, context()).at("content"), "");
}

TEST(BedrockAnswer, AThoughtWithoutASignatureIsOneAllTheSame) {
    const json::array blocks{{{"reasoningContent", {{"reasoningText", {{"text", "Well."}}}}}}};
    const auto message = whole(blocks, context());
    EXPECT_EQ(message.at("reasoning_content"), "Well.");
    EXPECT_EQ(message.at("thinking_blocks"),
              json::value(json::array{{{"type", "thinking"}, {"thinking", "Well."}}}));
}

TEST(BedrockAnswer, JsonOfASchemaIsTheContent) {
    using anthropic::JsonMode;
    EXPECT_EQ(whole(kInJson, context(JsonMode::wrapped)).at("content"), "[1,2]");
    EXPECT_EQ(whole(kInJson, context(JsonMode::plain)).at("content"), R"({"values":[1,2]})");
    EXPECT_TRUE(whole(kInJson, context()).contains("tool_calls"));
}

TEST(BedrockAnswer, TheReasonIsOpenAis) {
    const struct {
        const char* native;
        const char* finish;
    } cases[] = {{"end_turn", "stop"},
                 {"stop_sequence", "stop"},
                 {"max_tokens", "length"},
                 {"model_context_window_exceeded", "length"},
                 {"content_filtered", "content_filter"},
                 {"guardrail_intervened", "content_filter"},
                 {"malformed_tool_use", "stop"},
                 {"something_new", "stop"}};
    const auto of = context();
    for (const auto& [native, finish] : cases)
        EXPECT_EQ(Blocks(of).finish_reason(native), finish) << native;
}

TEST(BedrockAnswer, UsageHoldsWhatWasCached) {
    anthropic::Usage usage;
    take_usage(json::parse(R"({"usage":{"inputTokens":28,"outputTokens":5,"totalTokens":2053,
        "cacheReadInputTokens":1920,"cacheWriteInputTokens":100,"cacheDetails":[{"ttl":"1h","inputTokens":100}]},
        "additionalModelResponseFields":{"usage":{"output_tokens_details":{"thinking_tokens":4}}}})")
                   .as_object(),
               usage);
    const auto host = usage.to_host();
    EXPECT_EQ(host.input_tokens, 2048u);
    EXPECT_EQ(host.cached_input_tokens, 1920u);
    EXPECT_EQ(host.cache_write_tokens, 100u);
    EXPECT_EQ(host.output_tokens, 5u);
    EXPECT_EQ(host.reasoning_tokens, 4u);
}

TEST(BedrockAnswer, WhatIsNoneIsAFailureOfTheUpstreams) {
    for (const char* other :
         {"", "[]", "{}", R"({"output":{}})", R"({"output":{"message":{"content":{}}}})",
          R"({"output":{"message":{"content":[]}},"stopReason":"malformed_model_output"})",
          R"({"output":{"message":{"content":[{"toolUse":{}}]}}})"}) {
        const auto made = translate_answer(other, context());
        ASSERT_FALSE(made) << other;
        EXPECT_EQ(made.error().cls, BAY_ERR_UPSTREAM);
    }
}

}  // namespace
}  // namespace patchbay::bedrock
