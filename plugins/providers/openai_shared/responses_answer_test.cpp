// Whole answers and streams: what a client has of one is what it has of the other, whichever of its
// three ways of saying everything a server leaves out.
#include "responses_answer.hpp"

#include <gtest/gtest.h>

#include "responses_client.hpp"

namespace patchbay::openai {
namespace {

struct AnswerRow {
    const char* name;
    std::string output;
    std::string joined;  ///< without id, created, model and usage
    std::string more = R"("status":"completed")";
    bool functions = false;
};

const std::string kCall =
    R"({"type":"function_call","id":"fc_1","call_id":"a","name":"f","arguments":"{\"x\": 1}"})";

const AnswerRow kRows[] = {
    {"text",
     R"([{"type":"message","content":[{"type":"output_text","text":"Hello","annotations":[]}]}])",
     R"({"content":"Hello","finish":"stop"})"},
    {"nothing", "[]", R"({"finish":"stop"})"},
    {"refusal", R"([{"type":"message","content":[{"type":"refusal","refusal":"No."}]}])",
     R"({"refusal":"No.","finish":"stop"})"},
    {"thought", R"([{"type":"reasoning","id":"rs_1","encrypted_content":"gAAA","summary":[
        {"type":"summary_text","text":"One."},{"type":"summary_text","text":"Two."}]},
        {"type":"message","content":[{"type":"output_text","text":"4"}]}])",
     R"({"reasoning_content":"One.\n\nTwo.","content":"4","thinking_blocks":[
        {"type":"thinking","thinking":"One.\n\nTwo.","signature":")" +
         sealed() + R"("}],
        "finish":"stop"})"},
    {"sealed thought",
     R"([{"type":"reasoning","summary":[],"encrypted_content":"gAAA"},)" + kCall + "]",
     R"({"thinking_blocks":[{"type":"redacted_thinking","data":")" + sealed() + R"("}],
        "tool_calls":[{"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\": 1}"}}],
        "finish":"tool_calls"})"},
    {"open thought", R"([{"type":"reasoning","summary":[],"content":[
        {"type":"reasoning_text","text":"Hm."}]}])",
     R"({"reasoning_content":"Hm.","finish":"stop"})"},
    {"calls", "[" + kCall + R"(,{"type":"function_call","call_id":"b","name":"g","arguments":""},
        {"type":"custom_tool_call","call_id":"c","name":"h","input":"raw text"}])",
     R"({"tool_calls":[
        {"id":"a","type":"function","function":{"name":"f","arguments":"{\"x\": 1}"}},
        {"id":"b","type":"function","function":{"name":"g","arguments":"{}"}},
        {"id":"c","type":"custom","custom":{"name":"h","input":"raw text"}}],"finish":"tool_calls"})"},
    {"older call", "[" + kCall + "]",
     R"({"function_call":{"name":"f","arguments":"{\"x\": 1}"},"finish":"function_call"})",
     R"("status":"completed")", true},
    {"too long", R"([{"type":"message","content":[{"type":"output_text","text":"He"}]}])",
     R"({"content":"He","finish":"length"})",
     R"("status":"incomplete","incomplete_details":{"reason":"max_output_tokens"})"},
    {"filtered", "[]", R"({"finish":"content_filter"})",
     R"("status":"incomplete","incomplete_details":{"reason":"content_filter"})"},
    {"tier", R"([{"type":"message","content":[{"type":"output_text","text":"a"}]}])",
     R"({"content":"a","finish":"stop","service_tier":"flex"})",
     R"("status":"completed","service_tier":"flex")"},
    {"image", R"([{"type":"image_generation_call","result":"AA","output_format":"webp"}])",
     R"({"images":[{"type":"image_url","image_url":{"url":"data:image/webp;base64,AA"},"index":0}],
        "finish":"stop"})"},
    {"tools that OpenAI runs", R"([{"type":"web_search_call","id":"ws_1","status":"completed"},
        {"type":"message","content":[{"type":"output_text","text":"a"}]}])",
     R"({"content":"a","finish":"stop"})"},
    // Places count from the beginning of the whole content.
    {"citations", R"([{"type":"message","content":[{"type":"output_text","text":"\u00e9t\u00e9 "}]},
        {"type":"message","content":[{"type":"output_text","text":"ab","annotations":[
        {"type":"url_citation","url":"https://h","title":"H","start_index":0,"end_index":2},
        {"type":"file_citation","file_id":"f"}]}]}])",
     R"({"content":"\u00e9t\u00e9 ab","annotations":[{"type":"url_citation","url_citation":
        {"url":"https://h","title":"H","start_index":4,"end_index":6}}],
        "provider_specific_fields":{"citations":[{"type":"file_citation","file_id":"f"}]},
        "finish":"stop"})"},
};

TEST(ResponsesAnswer, is_the_same_whole_and_streamed_however_the_server_tells_it) {
    const Server servers[] = {{true, true, true},   {true, true, false}, {false, true, false},
                              {false, false, true}, {true, false, true}, {false, true, true}};
    for (const AnswerRow& row : kRows) {
        const auto text = response(row.output, row.more);
        auto expected = json::parse(row.joined).as_object();
        expected["id"] = "resp_1";
        expected["created"] = 5;
        expected["model"] = "gpt-5-pro";
        expected["usage"] = json::parse(
            R"({"prompt_tokens":9,"completion_tokens":4,"total_tokens":13,
                "prompt_tokens_details":{"cached_tokens":2},
                "completion_tokens_details":{"reasoning_tokens":1}})");
        EXPECT_EQ(flat(whole(text, row.functions)), expected) << row.name;
        for (const Server& server : servers) {
            Client client(row.functions);
            const auto heard = client.hear(json::parse(text).as_object(), server);
            EXPECT_EQ(heard, expected) << row.name << server.deltas << server.dones << server.all;
        }
    }
}

TEST(ResponsesAnswer, has_the_logprobs_of_its_words) {
    const std::string entry = R"({"token":"Hi","bytes":[72,105],"logprob":-0.1,"top_logprobs":[]})";
    const std::string part = R"({"type":"output_text","text":"Hi","logprobs":[)" + entry + "]}";
    const auto expected = json::parse(R"({"content":[)" + entry + R"(],"refusal":null})");
    const std::string message = R"({"type":"message","content":[)" + part + "]}";
    EXPECT_EQ(whole(response("[" + message + "]")).at("choices").at(0).at("logprobs"), expected);
    const auto logprobs_in = [](const std::vector<std::string>& chunks) {
        json::array found;
        for (const auto& chunk : chunks) {
            const auto tree = json::parse(chunk);
            const auto& choice = tree.at("choices").at(0).as_object();
            if (const auto* value = choice.if_contains("logprobs")) found.push_back(*value);
        }
        return found;
    };
    const std::string done =
        R"({"type":"response.output_item.done","output_index":0,"item":)" + message + "}";
    std::vector<std::string> chunks;
    ResponsesStream stream(context(), false);
    stream.feed(
        "",
        R"({"type":"response.output_text.delta","output_index":0,"delta":"Hi","logprobs":[)" +
            entry + "]}",
        chunks);
    stream.feed("", done, chunks);
    EXPECT_EQ(logprobs_in(chunks), json::array{expected});
    chunks.clear();
    ResponsesStream late(context(), false);
    late.feed("", R"({"type":"response.output_text.delta","output_index":0,"delta":"Hi"})", chunks);
    late.feed("", done, chunks);
    EXPECT_EQ(logprobs_in(chunks), json::array{expected});
}

TEST(ResponsesAnswer, is_none_of_what_failed_or_has_not_ended) {
    for (const std::string_view text :
         {R"({"output":[],"status":"in_progress"})", R"({"output":[],"status":"queued"})",
          R"({"output":[],"status":"failed","error":{"message":"x"}})",
          R"({"output":[],"status":"cancelled"})", R"({"output":[],"error":{"message":"x"}})",
          R"({"choices":[]})", R"({"output":{}})"}) {
        const auto tree = json::parse(text);
        EXPECT_FALSE(chat_of_response(tree.as_object(), context())) << text;
    }
}

}  // namespace
}  // namespace patchbay::openai
