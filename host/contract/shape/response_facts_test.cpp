#include "contract/shape/response_facts.hpp"

#include <string>

#include <gtest/gtest.h>

#include "contract/shape/test_support.hpp"
#include "contract/shape/text_size.hpp"

namespace patchbay {

namespace {

struct ResponseCase {
    const char* json;
    const char* model = "";
    const char* usage = "";
    const char* text = "";
    bool meaningful = false;
    bool seen = false;
    bool last = false;
    bool error = false;
    bool answer = false;
};

const ResponseCase kResponseCases[] = {
    {.json =
         R"({"id":"resp_1","object":"response","status":"completed","error":null,"model":"gpt","output":[{"x":1}],"usage":{"input_tokens":1}})",
     .model = R"("gpt")",
     .usage = R"({"input_tokens":1})",
     .text = R"([{"x":1}])",
     .meaningful = true,
     .answer = true},
    // A response that failed is told as one.
    {.json =
         R"({"object":"response","status":"failed","error":{"code":"server_error"},"output":[]})",
     .text = "[]",
     .meaningful = true,
     .answer = true},
    {.json = R"({"error":{"message":"no"}})", .error = true},
    {.json = R"({"object":"chat.completion","choices":[]})"},
    {.json = R"({"object":"response"})"},
    {.json =
         R"({"type":"response.created","sequence_number":0,"response":{"model":"gpt","usage":null,"error":null}})",
     .model = R"("gpt")",
     .seen = true},
    {.json = R"({"response":{"model":"gpt"},"type":"response.in_progress"})",
     .model = R"("gpt")",
     .seen = true},
    {.json =
         R"({"type":"response.completed","response":{"model":"gpt","usage":{"output_tokens":2},"output":[]}})",
     .model = R"("gpt")",
     .usage = R"({"output_tokens":2})",
     .meaningful = true,
     .seen = true,
     .last = true},
    {.json = R"({"type":"response.incomplete","response":{}})",
     .meaningful = true,
     .seen = true,
     .last = true},
    {.json = R"({"type":"response.failed","response":{"error":{"code":"x"}}})",
     .meaningful = true,
     .seen = true,
     .last = true},
    {.json = R"({"type":"response.output_item.added","item":{"type":"message"}})"},
    {.json = R"({"type":"response.output_item.added","item":{"type":"reasoning"}})"},
    {.json = R"({"type":"response.output_item.added","item":{"type":"function_call"}})",
     .meaningful = true},
    {.json = R"({"type":"response.output_item.added","item":{"type":"web_search_call"}})",
     .meaningful = true},
    {.json = R"({"type":"response.output_item.done","item":{"type":"message"}})",
     .meaningful = true},
    {.json = R"({"type":"response.content_part.added","part":{"type":"output_text"}})"},
    {.json = R"({"type":"response.output_text.delta","item_id":"m","delta":"Hi"})",
     .text = R"("delta":"Hi")",
     .meaningful = true},
    {.json = R"({"type":"response.output_text.delta","delta":""})"},
    {.json = R"({"type":"response.function_call_arguments.delta","delta":"{"})",
     .text = R"("delta":"{")",
     .meaningful = true},
    // Sound is no text.
    {.json = R"({"type":"response.audio.delta","delta":"AAAA"})", .meaningful = true},
    {.json = R"({"type":"response.web_search_call.searching"})"},
    {.json = R"({"type":"error","code":"x","message":"y"})", .error = true},
    {.json = R"({"type":"error","error":{"message":"y"}})", .error = true},
};

TEST(ScanResponse, tells_what_documents_and_events_say) {
    for (const ResponseCase& c : kResponseCases) {
        SCOPED_TRACE(c.json);
        const auto facts = scan_response({}, c.json);
        EXPECT_TRUE(facts.object);
        EXPECT_EQ(cut(c.json, facts.model), c.model);
        EXPECT_EQ(cut(c.json, facts.usage), c.usage);
        EXPECT_EQ(cut(c.json, facts.text), c.text);
        EXPECT_EQ(facts.meaningful, c.meaningful);
        EXPECT_EQ(facts.seen, c.seen ? 1u : 0u);
        EXPECT_EQ(facts.finished, c.last ? 1u : 0u);
        EXPECT_EQ(facts.error, c.error);
        EXPECT_EQ(facts.answer, c.answer);
        EXPECT_FALSE(facts.usage_only);
    }
}

TEST(ScanResponse, takes_the_name_of_the_event_where_the_text_has_no_type) {
    EXPECT_EQ(scan_response("response.completed", R"({"response":{}})").finished, 1u);
    const std::string_view ids = R"({"id":"resp_1","previous_response_id":"resp_0","output":[]})";
    EXPECT_EQ(cut(ids, scan_response({}, ids).id), R"("resp_1")");
    EXPECT_EQ(cut(ids, scan_response({}, ids).previous), R"("resp_0")");
    const std::string_view inner =
        R"({"type":"response.created","response":{"id":"resp_1","previous_response_id":null}})";
    EXPECT_EQ(cut(inner, scan_response({}, inner).id), R"("resp_1")");
    EXPECT_FALSE(scan_response({}, inner).previous);
    const std::string_view item = R"({"type":"response.output_item.done","item":{"id":"msg_1"}})";
    EXPECT_FALSE(scan_response({}, item).id);
    EXPECT_TRUE(scan_response("error", R"({"message":"x"})").error);
    EXPECT_EQ(scan_response("response.completed", R"({"type":"response.created"})").finished, 0u);
}

TEST(ScanResponse, refuses_what_is_not_one_object) {
    const std::string whole =
        R"( {"type":"response.completed","response":{"model":"a\"b","usage":{"input_tokens":1}}} )";
    EXPECT_TRUE(scan_response({}, whole).object);
    for (std::size_t size = 0; size + 1 < whole.size(); ++size) {
        EXPECT_EQ(scan_response({}, whole.substr(0, size)), ResponseFacts{}) << size;
    }
    for (const char* text : {"[]", "7", "{} {}", "{\"a\":\"\xff\"}"}) {
        EXPECT_EQ(scan_response({}, text), ResponseFacts{}) << text;
    }
}

TEST(ScanResponse, words_are_counted) {
    const std::string_view json = R"({"type":"response.output_text.delta","delta":"12345678"})";
    const auto facts = scan_response({}, json);
    EXPECT_EQ(text_size(json.substr(facts.text.off, facts.text.len)), 8u);
}

TEST(ScanResponse, searches_are_counted) {
    const std::string output =
        R"("output":[{"type":"web_search_call","action":{"type":"search","query":"web_search_call"}},
            {"type":"web_search_call","action":{"type":"open_page"}},{"type":"web_search_call"},
            {"type":"message","content":[{"type":"output_text","text":"\"web_search_call\""}]}])";
    EXPECT_EQ(response_searches("{" + output + "}"), 2u);
    EXPECT_EQ(response_searches(R"({"type":"response.completed","response":{)" + output + "}}"),
              2u);
    EXPECT_EQ(response_searches(R"({"output":"web_search_call"})"), 0u);
    EXPECT_EQ(response_searches(R"({"tools":[{"type":"web_search_call"}],"output":{}})"), 0u);
    EXPECT_EQ(response_searches(R"({"output":[{"type":"web_search_call"})"), 0u);
    EXPECT_EQ(response_searches(""), 0u);
}

TEST(ScanResponse, usage_is_read_in_its_words) {
    Usage usage;
    EXPECT_TRUE(kResponseShape.read_usage(
        R"({"input_tokens":12,"input_tokens_details":{"cached_tokens":4},)"
        R"("output_tokens":7,"output_tokens_details":{"reasoning_tokens":3},)"
        R"("total_tokens":19})",
        usage));
    EXPECT_EQ(usage,
              (Usage{.prompt = 12, .completion = 7, .total = 19, .cached = 4, .reasoning = 3}));
}

}  // namespace

}  // namespace patchbay
