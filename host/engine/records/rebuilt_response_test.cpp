#include <gtest/gtest.h>

#include "engine/records/payload.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay {
namespace {

std::string rebuilt_text(std::string_view events) {
    Unread unread;
    auto text = json_tree::write(rebuilt_response(events, unread));
    EXPECT_TRUE(unread.empty());
    return text;
}

TEST(RebuiltResponse, is_the_one_that_the_last_event_holds) {
    EXPECT_EQ(
        rebuilt_text(
            R"({"type":"response.created","response":{"id":"resp_1","status":"in_progress","output":[]}}
{"type":"response.output_item.added","output_index":0,"item":{"type":"message","content":[]}}
{"type":"response.output_text.delta","output_index":0,"delta":"Hi"}
{"type":"response.completed","response":{"id":"resp_1","status":"completed","output":[{"type":"message"}],"usage":{"input_tokens":1}}})"),
        R"({"id":"resp_1","status":"completed","output":[{"type":"message"}],"usage":{"input_tokens":1}})");
}

TEST(RebuiltResponse, of_a_stream_that_was_cut_is_what_came) {
    EXPECT_EQ(
        rebuilt_text(
            R"({"type":"response.created","response":{"id":"resp_1","status":"in_progress","output":[]}}
{"type":"response.output_item.added","output_index":0,"item":{"type":"reasoning","summary":[]}}
{"type":"response.reasoning_summary_text.delta","output_index":0,"delta":"h"}
{"type":"response.reasoning_summary_text.delta","output_index":0,"delta":"m"}
{"type":"response.output_item.added","output_index":2,"item":{"type":"function_call","name":"f","arguments":""}}
{"type":"response.function_call_arguments.delta","output_index":2,"delta":"{\"a"}
{"type":"response.output_item.added","output_index":1,"item":{"type":"message","content":[]}}
{"type":"response.output_text.delta","output_index":1,"delta":"Hi"}
{"type":"response.output_item.done","output_index":1,"item":{"type":"message","content":[{"text":"Hi"}]}})"),
        R"({"id":"resp_1","status":"in_progress","output":[)"
        R"({"type":"reasoning","summary":[{"type":"summary_text","text":"hm"}]},)"
        R"({"type":"message","content":[{"text":"Hi"}]},)"
        R"({"type":"function_call","name":"f","arguments":"{\"a"}]})");
}

}  // namespace
}  // namespace patchbay
