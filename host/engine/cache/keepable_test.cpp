#include "engine/cache/keepable.hpp"

#include <gtest/gtest.h>

#include "engine/surface/operation.hpp"

namespace patchbay {
namespace {

Objections of(const Operation& operation, const char* whole) {
    CacheEntry entry;
    entry.operation = &operation;
    entry.whole = whole;
    return objections(entry);
}

TEST(Keepable, what_a_provider_took_out_is_seen_in_every_api) {
    const struct {
        const Operation& operation;
        const char* whole;
        bool filtered;
    } rows[] = {
        {kChatCompletions, R"({"choices":[{"finish_reason":"stop"}]})", false},
        {kChatCompletions, R"({"choices":[{"finish_reason": "content_filter"}]})", true},
        {kChatCompletions, R"({"content":"\"content_filter\"","refusal":null})", false},
        {kChatCompletions, R"({"content_filter":{}})", false},
        {kMessages, R"({"stop_reason":"end_turn"})", false},
        {kMessages, R"({"stop_reason":"refusal"})", true},
        {kMessages, R"({"stop_reason":"pause_turn"})", true},
        {kResponses, R"({"status":"completed"})", false},
        {kResponses, R"({"status":"queued"})", true},
        {kResponses, R"({"incomplete_details":{"reason":"content_filter"}})", true},
        {kGenerateContent, R"({"finishReason":"STOP"})", false},
        {kGenerateContent, R"({"finishReason":"SAFETY"})", true},
        {kConverse, R"({"stopReason":"guardrail_intervened"})", true},
        {kEmbeddings, R"({"data":[]})", false},
    };
    for (const auto& row : rows) {
        EXPECT_EQ(of(row.operation, row.whole).filtered, row.filtered) << row.whole;
    }
}

TEST(Keepable, what_looked_at_the_world_is_seen) {
    EXPECT_TRUE(of(kMessages, R"({"content":[{"type":"server_tool_use"}]})").looked);
    EXPECT_FALSE(of(kMessages, R"({"usage":{"server_tool_use":null}})").looked);
    EXPECT_TRUE(of(kResponses, R"({"output":[{"type":"web_search_call"}]})").looked);
    EXPECT_TRUE(of(kGenerateContent, R"({"groundingMetadata":{}})").looked);
    EXPECT_FALSE(of(kGenerateContent, R"({"text":"groundingMetadata"})").looked);
}

TEST(Keepable, a_stream_is_judged_by_what_it_came_to) {
    CacheEntry entry;
    entry.operation = &kResponses;
    entry.events.append("response.created", R"({"response":{"status":"in_progress"}})");
    entry.events.append("response.completed", R"({"response":{"status":"completed"}})");
    EXPECT_FALSE(objections(entry).filtered);
    entry.events.append("response.failed", R"({"response":{"status":"failed"}})");
    EXPECT_TRUE(objections(entry).filtered);
}

}  // namespace
}  // namespace patchbay
