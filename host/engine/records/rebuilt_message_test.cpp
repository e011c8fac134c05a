#include <gtest/gtest.h>

#include "engine/records/payload.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay {
namespace {

TEST(RebuiltMessage, is_what_the_events_tell_together) {
    constexpr std::string_view events =
        R"({"type":"message_start","message":{"id":"msg_1","role":"assistant","content":[],"stop_reason":null,"usage":{"input_tokens":9,"output_tokens":1}}}
{"type":"content_block_start","index":0,"content_block":{"type":"thinking","thinking":"","signature":""}}
{"type":"content_block_delta","index":0,"delta":{"type":"thinking_delta","thinking":"hm"}}
{"type":"content_block_delta","index":0,"delta":{"type":"signature_delta","signature":"c2ln"}}
{"type":"content_block_stop","index":0}
{"type":"ping"}
{"type":"content_block_start","index":1,"content_block":{"type":"text","text":""}}
{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"He"}}
{"type":"content_block_delta","index":1,"delta":{"type":"text_delta","text":"llo"}}
{"type":"content_block_delta","index":1,"delta":{"type":"citations_delta","citation":{"title":"t"}}}
{"type":"content_block_start","index":2,"content_block":{"type":"tool_use","id":"t1","name":"w","input":{}}}
{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"{\"n\":12345"}}
{"type":"content_block_delta","index":2,"delta":{"type":"input_json_delta","partial_json":"678901234567890}"}}
{"type":"message_delta","delta":{"stop_reason":"tool_use","stop_sequence":null},"usage":{"output_tokens":7}}
{"type":"message_stop"})";
    Unread unread;
    EXPECT_EQ(
        json_tree::write(rebuilt_message(events, unread)),
        R"({"id":"msg_1","role":"assistant","content":[)"
        R"({"type":"thinking","thinking":"hm","signature":"c2ln"},)"
        R"({"type":"text","text":"Hello","citations":[{"title":"t"}]},)"
        R"({"type":"tool_use","id":"t1","name":"w","input":{"n":12345678901234567890}}],)"
        R"("stop_reason":"tool_use","usage":{"input_tokens":9,"output_tokens":7},"stop_sequence":null})");
    EXPECT_TRUE(unread.empty());
}

TEST(RebuiltMessage, says_what_it_lacks) {
    Unread unread;
    const auto message = rebuilt_message(
        "{\"type\":\"message_start\",\"message\":{\"id\":\"m\"}}\n"
        "{broken\n"
        "{\"type\":\"content_block_start\",\"index\":0,\"content_block\":{\"type\":\"tool_use\"}}\n"
        "{\"type\":\"content_block_delta\",\"index\":0,\"delta\":{\"partial_json\":\"{\\\"a\\\":\"}"
        "}\n",
        unread);
    EXPECT_EQ(unread.size(), 2u);
    EXPECT_EQ(json_tree::write(message),
              R"({"id":"m","content":[{"type":"tool_use","input":"{\"a\":"}]})");
}

}  // namespace
}  // namespace patchbay
