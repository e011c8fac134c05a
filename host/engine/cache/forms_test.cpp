#include "engine/cache/forms.hpp"

#include <gtest/gtest.h>

#include "engine/surface/anthropic/message_accumulator.hpp"
#include "engine/surface/openai/response_accumulator.hpp"
#include "engine/surface/operation.hpp"

namespace patchbay {
namespace {

using surface::test::tidy;

KeptEvents events_of(std::initializer_list<std::pair<std::string_view, std::string_view>> list) {
    KeptEvents events;
    for (const auto& [name, json] : list) events.append(name, json);
    return events;
}

template <class Take>
void each(const KeptEvents& events, Take take) {
    std::size_t at = 0;
    for (KeptEvents::Event event; events.next(at, event);) take(event);
}

// Whole answers of which the events must be put together to the same answer again, member by member
// in this order.
constexpr std::string_view kChats[] = {
    R"({"id":"c","created":1,"model":"m","usage":{"prompt_tokens":3},"object":"chat.completion",)"
    R"("choices":[{"index":0,"message":{"role":"assistant","content":"Hi \ud83d\ude00\n"},)"
    R"("finish_reason":"stop"}]})",
    R"({"id":"c","created":1,"model":"m","object":"chat.completion","choices":[)"
    R"({"index":0,"message":{"role":"assistant","content":null,"tool_calls":[)"
    R"({"id":"t1","type":"function","function":{"name":"f","arguments":"{\"a\": 1}"}},)"
    R"({"id":"t2","type":"function","function":{"name":"g","arguments":"{}"}}]},)"
    R"("finish_reason":"tool_calls"},)"
    R"({"index":1,"message":{"role":"assistant","content":"b","reasoning_content":"why"},)"
    R"("finish_reason":"length"}]})",
};

TEST(Forms, a_chat_answer_comes_back_from_its_chunks) {
    for (const std::string_view whole : kChats) {
        const auto events = unfolded(kChatCompletions, whole);
        ASSERT_TRUE(events) << whole;
        const auto again = folded(kChatCompletions, *events);
        ASSERT_TRUE(again) << whole;
        EXPECT_EQ(surface::test::tree_of(*again), surface::test::tree_of(whole)) << *again;
        each(*events, [](const KeptEvents::Event& event) {
            EXPECT_NE(event.json.find(R"("object":"chat.completion.chunk")"), event.json.npos);
        });
    }
}

TEST(Forms, usage_of_a_chat_answer_is_a_chunk_of_its_own) {
    std::size_t count = 0;
    each(*unfolded(kChatCompletions, kChats[0]), [&](const KeptEvents::Event& event) {
        const bool usage = event.json.find("\"usage\"") != event.json.npos;
        EXPECT_EQ(usage, ++count == 3) << event.json;
        if (usage) {
            EXPECT_NE(event.json.find(R"("choices":[])"), event.json.npos) << event.json;
        }
    });
    EXPECT_EQ(count, 3u);
}

TEST(Forms, chunks_that_say_more_than_is_known_are_not_put_together) {
    for (const std::string_view delta :
         {R"({"audio":{"data":"x"}})", R"({"content":"a","images":[{"url":"x"}]})",
          R"({"tool_calls":[{"index":0,"extra_content":{"a":1}}]})"}) {
        const std::string chunk =
            R"({"id":"c","choices":[{"index":0,"delta":)" + std::string(delta) + "}]}";
        EXPECT_FALSE(folded(kChatCompletions, events_of({{"", chunk}}))) << chunk;
    }
    EXPECT_FALSE(
        folded(kChatCompletions,
               events_of({{"", R"({"choices":[{"index":0,"logprobs":{"content":[1]}}]})"}})));
    EXPECT_FALSE(folded(kChatCompletions, events_of({{"", R"({"citations":["a"]})"}})));
    EXPECT_FALSE(folded(kChatCompletions, events_of({{"", "{"}})));
    // What says nothing is no hindrance.
    EXPECT_TRUE(folded(kChatCompletions,
                       events_of({{"", R"({"choices":[{"index":0,"logprobs":null,)"
                                       R"("delta":{"content":"a","annotations":[]}}]})"}})));
}

constexpr std::string_view kMessagesSample =
    R"({"id":"m","type":"message","role":"assistant","model":"c","content":[)"
    R"({"type":"thinking","thinking":"hm","signature":"s1"},)"
    R"({"type":"redacted_thinking","data":"x"},)"
    R"({"type":"text","text":"Hello"},)"
    R"({"type":"tool_use","id":"t","name":"f","input":{"a":[1,2]}}],)"
    R"("stop_reason":"tool_use","stop_sequence":null,"usage":{"input_tokens":3,"output_tokens":9}})";

TEST(Forms, a_message_is_what_its_events_tell_an_official_client) {
    const auto events = unfolded(kMessages, kMessagesSample);
    ASSERT_TRUE(events);
    surface::test::MessageAccumulator client;
    each(*events, [&](const KeptEvents::Event& event) { client.event(event.name, event.json); });
    EXPECT_EQ(boost::json::value(client.message()), surface::test::tree_of(kMessagesSample));
    const auto again = folded(kMessages, *events);
    ASSERT_TRUE(again);
    auto message = surface::test::tree_of(*again);
    EXPECT_EQ(message, surface::test::tree_of(kMessagesSample));
}

constexpr std::string_view kResponseSample =
    R"({"id":"resp_1","object":"response","status":"completed","model":"m","output":[)"
    R"({"id":"rs_1","type":"reasoning","summary":[{"type":"summary_text","text":"why"}]},)"
    R"({"id":"msg_1","type":"message","role":"assistant","status":"completed","content":[)"
    R"({"type":"output_text","text":"Hello","annotations":[{"type":"x"}]},)"
    R"({"type":"refusal","refusal":"no"}]},)"
    R"({"id":"fc_1","type":"function_call","call_id":"c","name":"f","arguments":"{\"a\":1}",)"
    R"("status":"completed"}],"usage":{"input_tokens":3}})";

TEST(Forms, a_response_is_what_its_events_tell_an_official_client) {
    const auto events = unfolded(kResponses, kResponseSample);
    ASSERT_TRUE(events);
    surface::test::ResponseAccumulator client;
    each(*events, [&](const KeptEvents::Event& event) { client.event(event.name, event.json); });
    EXPECT_EQ(boost::json::value(client.response()), surface::test::tree_of(kResponseSample));
    const auto again = folded(kResponses, *events);
    ASSERT_TRUE(again);
    EXPECT_EQ(surface::test::tree_of(*again), surface::test::tree_of(kResponseSample));
}

TEST(Forms, a_response_with_parts_that_are_not_known_is_not_told_as_events) {
    EXPECT_FALSE(unfolded(
        kResponses,
        R"({"status":"completed","output":[{"type":"message","content":[{"type":"new"}]}]})"));
    EXPECT_FALSE(unfolded(kResponses, R"({"status":"failed","output":[]})"));
}

TEST(Forms, some_apis_tell_a_whole_answer_in_one_event) {
    const std::string_view whole = R"({"candidates":[]})";
    const auto events = unfolded(kGenerateContent, whole);
    ASSERT_TRUE(events);
    each(*events, [&](const KeptEvents::Event& event) { EXPECT_EQ(event.json, whole); });
    EXPECT_FALSE(folded(kGenerateContent, *events));
}

TEST(Forms, what_is_no_answer_has_no_other_form) {
    for (const Operation* operation : {&kChatCompletions, &kMessages, &kResponses}) {
        for (const std::string_view text : {"", "[]", "{}", R"({"choices":1})"}) {
            EXPECT_FALSE(unfolded(*operation, text)) << operation->id << text;
        }
    }
    EXPECT_FALSE(unfolded(kEmbeddings, R"({"data":[]})"));
}

}  // namespace
}  // namespace patchbay
