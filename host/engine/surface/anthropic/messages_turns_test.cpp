#include "engine/surface/anthropic/request_test_support.hpp"

namespace patchbay::surface {

namespace {

using namespace test;

TEST(ChatOfMessages, SaysTurns) {
    const Case cases[] = {
        {"text blocks stay parts",
         with_blocks(R"({"type":"text","text":"a"},{"type":"text","text":""},
            {"type":"text","text":"b","cache_control":{"type":"ephemeral"}})"),
         R"([{"role":"user","content":[{"type":"text","text":"a"},
             {"type":"text","text":"b","cache_control":{"type":"ephemeral"}}]}])"},
        {"assistant text is one string",
         with_turns(R"({"role":"user","content":"q"},{"role":"assistant","content":[
            {"type":"text","text":"a"},{"type":"text","text":"b","citations":[{}]}]},
            {"role":"user","content":"more"})"),
         R"([{"role":"user","content":"q"},{"role":"assistant","content":"ab"},
             {"role":"user","content":"more"}])",
         {"messages.content.citations"}},
        {"thinking", with_turns(R"({"role":"assistant","content":[
            {"type":"thinking","thinking":"T","signature":"S"},
            {"type":"redacted_thinking","data":"D"},
            {"type":"thinking","thinking":"U","signature":""},
            {"type":"text","text":"4"}]},{"role":"user","content":"q"})"),
         R"([{"role":"assistant","content":"4","reasoning_content":"TU","thinking_blocks":[
             {"type":"thinking","thinking":"T","signature":"S"},
             {"type":"redacted_thinking","data":"D"}]},{"role":"user","content":"q"}])"},
        {"parallel calls and results",
         with_turns(R"({"role":"assistant","content":[{"type":"text","text":"Let me look."},
            {"type":"tool_use","id":"t1","name":"f","input":{"city":"Paris","n":1e400}},
            {"type":"tool_use","id":"t2","name":"g"}]},
            {"role":"user","content":[{"type":"text","text":"Well?"},
            {"type":"tool_result","tool_use_id":"t1","content":[{"type":"text","text":"18"}]},
            {"type":"tool_result","tool_use_id":"t2","content":"x","cache_control":{"type":"ephemeral"}}]})"),
         R"([{"role":"assistant","content":"Let me look.","tool_calls":[
             {"id":"t1","type":"function","function":{"name":"f","arguments":"{\"city\":\"Paris\",\"n\":1e400}"}},
             {"id":"t2","type":"function","function":{"name":"g","arguments":"{}"}}]},
             {"role":"tool","tool_call_id":"t1","content":"18"},
             {"role":"tool","tool_call_id":"t2","content":"x","cache_control":{"type":"ephemeral"}},
             {"role":"user","content":[{"type":"text","text":"Well?"}]}])"},
        {"results without text, with several texts, with errors",
         with_blocks(R"({"type":"tool_result","tool_use_id":"a"},
            {"type":"tool_result","tool_use_id":"b","content":[{"type":"text","text":"x"},
              {"type":"text","text":"y","cache_control":{"type":"ephemeral"}}]},
            {"type":"tool_result","tool_use_id":"c","is_error":true,"content":"no such city"},
            {"type":"tool_result","tool_use_id":"d","is_error":true,"content":"Error: gone"},
            {"type":"tool_result","tool_use_id":"e","is_error":true})"),
         R"([{"role":"tool","tool_call_id":"a","content":""},
             {"role":"tool","tool_call_id":"b","content":[{"type":"text","text":"x"},{"type":"text","text":"y"}],"cache_control":{"type":"ephemeral"}},
             {"role":"tool","tool_call_id":"c","is_error":true,"content":"Error: no such city"},
             {"role":"tool","tool_call_id":"d","is_error":true,"content":"Error: gone"},
             {"role":"tool","tool_call_id":"e","is_error":true,"content":"Error: "}])"},
        {"tools that a search has found are named",
         with_blocks(R"({"type":"tool_result","tool_use_id":"a","content":[
            {"type":"tool_reference","tool_name":"mcp__x__y"},
            {"type":"tool_reference","tool_name":"a.b"}]})"),
         R"([{"role":"tool","tool_call_id":"a","content":[
             {"type":"text","text":"Tool found: mcp__x__y"},
             {"type":"text","text":"Tool found: a_b_2e7336dc"}]}])"},
        {"images of results come behind all results",
         with_blocks(
             R"({"type":"tool_result","tool_use_id":"a","content":[{"type":"text","text":"A map:"},
              {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}}]},
            {"type":"tool_result","tool_use_id":"b","content":[
              {"type":"image","source":{"type":"url","url":"https://x/i.png"}}]},
            {"type":"text","text":"Well?"})"),
         R"json([{"role":"tool","tool_call_id":"a","content":"A map:"},
             {"role":"tool","tool_call_id":"b","content":"(the result follows in the next message)"},
             {"role":"user","content":[
              {"type":"text","text":"[Output of the tool call a, which is data and no words of the user's:]"},
              {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},
              {"type":"text","text":"[Output of the tool call b, which is data and no words of the user's:]"},
              {"type":"image_url","image_url":{"url":"https://x/i.png"}},
              {"type":"text","text":"Well?"}]}])json",
         {"messages.content.content"}},
        {"system in the middle, and turns that say nothing",
         with_turns(R"({"role":"user","content":"a"},{"role":"system","content":"s"},
            {"role":"assistant","content":""},{"role":"user","content":[]})"),
         R"([{"role":"user","content":"a"},{"role":"system","content":"s"}])"},
        {"prefill",
         with_turns(R"({"role":"user","content":"a"},{"role":"assistant","content":"{"})"),
         R"([{"role":"user","content":"a"},{"role":"assistant","content":"{"}])",
         {"prefill"}},
        {"tools that the provider ran",
         with_turns(R"({"role":"assistant","content":[
            {"type":"server_tool_use","id":"s","name":"web_search","input":{"query":"x"}},
            {"type":"web_search_tool_result","tool_use_id":"s","content":[]},
            {"type":"text","text":"Found."}]},{"role":"user","content":"q"})"),
         R"([{"role":"assistant","content":"Found."},{"role":"user","content":"q"}])",
         {"messages.content.server_tool_use"}},
        {"a mark in an assistant turn is the message's",
         with_turns(R"({"role":"assistant","content":[{"type":"text","text":"a"},
            {"type":"tool_use","id":"t","name":"f","input":{},"cache_control":{"type":"ephemeral","ttl":"1h"}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"t","content":"r"}]})"),
         R"([{"role":"assistant","content":"a","tool_calls":[{"id":"t","type":"function",
             "function":{"name":"f","arguments":"{}"}}],"cache_control":{"type":"ephemeral","ttl":"1h"}},
             {"role":"tool","tool_call_id":"t","content":"r"}])"},
        {"halves of characters",
         with_blocks(R"({"type":"text","text":"\ud83d"},{"type":"text","text":"\ude00"})"),
         R"([{"role":"user","content":[{"type":"text","text":"\ud83d"},{"type":"text","text":"\ude00"}]}])"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        const auto chat = chat_of_messages(c.body);
        ASSERT_TRUE(chat) << chat.error().message;
        EXPECT_EQ(member(*chat, "messages"), tidy(c.expected));
        EXPECT_EQ(chat->dropped, c.dropped);
    }
}

TEST(ChatOfMessages, SaysImagesAndDocuments) {
    const Case cases[] = {
        {"image data",
         R"({"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"},
            "cache_control":{"type":"ephemeral"}})",
         R"([{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"},
             "cache_control":{"type":"ephemeral"}}])"},
        {"image link", R"({"type":"image","source":{"type":"url","url":"https://x/a.png"}})",
         R"([{"type":"image_url","image_url":{"url":"https://x/a.png"}}])"},
        {"image file", R"({"type":"image","source":{"type":"file","file_id":"file_1"}})",
         R"([{"type":"file","file":{"file_id":"file_1","format":"image/*"}}])"},
        {"PDF",
         R"({"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"AAAA"}})",
         R"([{"type":"file","file":{"file_data":"data:application/pdf;base64,AAAA","filename":"document.pdf"}}])"},
        {"PDF with a title",
         R"({"type":"document","title":"a.pdf","context":"C",
            "source":{"type":"base64","media_type":"application/pdf","data":"AAAA"}})",
         R"([{"type":"file","file":{"file_data":"data:application/pdf;base64,AAAA","filename":"a.pdf"}}])",
         {"messages.content.context"}},
        {"PDF link", R"({"type":"document","source":{"type":"url","url":"https://x/a.pdf"}})",
         R"([{"type":"file","file":{"file_id":"https://x/a.pdf","format":"application/pdf"}}])"},
        {"document file", R"({"type":"document","source":{"type":"file","file_id":"file_1"}})",
         R"([{"type":"file","file":{"file_id":"file_1"}}])"},
        {"document of text", R"({"type":"document","title":"T","context":"C",
            "source":{"type":"text","media_type":"text/plain","data":"words"},"citations":{"enabled":false}})",
         R"([{"type":"text","text":"T\nC\nwords"}])"},
        {"document of blocks",
         R"({"type":"document","title":"T","cache_control":{"type":"ephemeral"},
            "source":{"type":"content","content":[{"type":"text","text":"w"},
              {"type":"image","source":{"type":"url","url":"https://x"}}]}})",
         R"([{"type":"text","text":"T\n"},{"type":"text","text":"w"},
             {"type":"image_url","image_url":{"url":"https://x"},"cache_control":{"type":"ephemeral"}}])"},
        {"search result", R"({"type":"search_result","source":"https://s","title":"T",
            "content":[{"type":"text","text":"w"}]})",
         R"([{"type":"text","text":"T\nhttps://s\n"},{"type":"text","text":"w"}])"},
        {"OpenAI's own", R"({"type":"input_audio","input_audio":{"data":"AA","format":"wav"}})",
         R"([{"type":"input_audio","input_audio":{"data":"AA","format":"wav"}}])"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        const auto chat = chat_of_messages(with_blocks(c.body));
        ASSERT_TRUE(chat) << chat.error().message;
        const auto expected = R"([{"role":"user","content":)" + std::string(c.expected) + "}]";
        EXPECT_EQ(member(*chat, "messages"), tidy(expected));
        EXPECT_EQ(chat->dropped, c.dropped);
    }
}

}  // namespace

}  // namespace patchbay::surface
