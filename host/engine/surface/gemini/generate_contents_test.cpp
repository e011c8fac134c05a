#include "engine/surface/gemini/generate_contents.hpp"

#include "engine/surface/gemini/test_support.hpp"
#include "engine/surface/gemini/thought_signature.hpp"

namespace patchbay::surface {

namespace {

using namespace test;

constexpr const char* kCalls = R"({"role":"model","parts":[
    {"functionCall":{"name":"f","args":{"a":1}}},{"functionCall":{"name":"g"}},
    {"functionCall":{"name":"f","args":{"a":2.5}}}]})";

std::string turns(std::string_view first, std::string_view second) {
    return with_contents(std::string(first) + "," + std::string(second));
}

TEST(GenerateContents, BecomeMessages) {
    const GenerateCase cases[] = {
        {"roles", with_contents(R"({"role":"user","parts":[{"text":"a"}]},
             {"role":"model","parts":[{"text":"b"},{"text":"c"}]},{"parts":[{"text":"d"},{"text":"e"}]})"),
         "messages",
         R"([{"role":"user","content":"a"},{"role":"assistant","content":"bc"},
             {"role":"user","content":[{"type":"text","text":"d"},{"type":"text","text":"e"}]}])"},
        {"nothing said",
         with_contents(R"({"role":"user","parts":[{"text":""}]},{"role":"model","parts":[]},
             {"role":"user","parts":[{"text":"a"}]})"),
         "messages", R"([{"role":"user","content":"a"}])"},
        {"one side twice",
         with_contents(
             R"({"role":"user","parts":[{"text":"a"}]},{"role":"user","parts":[{"text":"b"}]},
             {"role":"model","parts":[{"text":"c"}]},{"role":"model","parts":[{"text":"d"}]},
             {"role":"user","parts":[{"text":"e"}]})"),
         "messages",
         R"([{"role":"user","content":"a"},{"role":"user","content":"b"},
             {"role":"assistant","content":"cd"},{"role":"user","content":"e"}])"},
        {"a last turn of the model",
         with_contents(
             R"({"role":"user","parts":[{"text":"a"}]},{"role":"model","parts":[{"text":"b"}]})"),
         "messages",
         R"([{"role":"user","content":"a"},{"role":"assistant","content":"b"}])",
         {"prefill"}},
        {"what Google ran",
         with_contents(R"({"role":"model","parts":[{"executableCode":{"code":"1"}},
             {"codeExecutionResult":{"output":"1"}},{"text":"1"}]},{"parts":[{"text":"a"}]})"),
         "messages",
         R"([{"role":"assistant","content":"1"},{"role":"user","content":"a"}])",
         {"contents.parts.executableCode", "contents.parts.codeExecutionResult"}},
        {"unsigned thought",
         with_contents(R"({"role":"model","parts":[{"text":"Hm.","thought":true},{"text":"1"}]},
             {"parts":[{"text":"a"}]})"),
         "messages",
         R"([{"role":"assistant","content":"1","reasoning_content":"Hm."},
             {"role":"user","content":"a"}])"},
        {"another model's signature",
         with_contents(R"({"role":"model","parts":[{"text":"1","thoughtSignature":"AQID"},
             {"functionCall":{"name":"f","id":"a"},"thoughtSignature":"skip_thought_signature_validator"}]},
             {"parts":[{"functionResponse":{"name":"f","id":"a","response":{"output":"b"}}}]})"),
         "messages",
         R"([{"role":"assistant","content":"1","tool_calls":[{"id":"a","type":"function",
             "function":{"name":"f","arguments":"{}"}}]},
             {"role":"tool","tool_call_id":"a","content":"b"}])",
         {"contents.parts.thoughtSignature"}},
    };
    for (const auto& c : cases) expect_chat(c);
}

TEST(GenerateContents, ResultsFindTheirCalls) {
    constexpr const char* kMade = R"({"role":"assistant","content":null,"tool_calls":[
        {"id":"call_0_0","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}},
        {"id":"call_0_1","type":"function","function":{"name":"g","arguments":"{}"}},
        {"id":"call_0_2","type":"function","function":{"name":"f","arguments":"{\"a\":2.5}"}}]})";
    const struct {
        const char* what;
        const char* results;
        const char* expected;
    } cases[] = {
        {"by name, in the order of the calls",
         R"({"role":"user","parts":[{"functionResponse":{"name":"f","response":{"x":1}}},
             {"functionResponse":{"name":"f","response":{"x":2}}},
             {"functionResponse":{"name":"g","response":{"x":3}}}]})",
         R"([{"role":"tool","tool_call_id":"call_0_0","content":"{\"x\":1}"},
             {"role":"tool","tool_call_id":"call_0_2","content":"{\"x\":2}"},
             {"role":"tool","tool_call_id":"call_0_1","content":"{\"x\":3}"}])"},
        {"in contents of their own, before what the user says",
         R"({"role":"function","parts":[{"functionResponse":{"name":"g","response":{"output":"a"}}}]},
            {"role":"user","parts":[{"text":"Well?"}]},
            {"role":"user","parts":[{"functionResponse":{"name":"f","response":{"error":"b"}}}]})",
         R"([{"role":"tool","tool_call_id":"call_0_1","content":"a"},
             {"role":"tool","tool_call_id":"call_0_0","is_error":true,"content":"Error: b"},
             {"role":"user","content":"Well?"}])"},
        {"that nobody asked for",
         R"({"parts":[{"functionResponse":{"name":"h","response":{}}},
             {"functionResponse":{"name":"f","id":"other","response":{"output":"","b":1}}}]})",
         R"([{"role":"tool","tool_call_id":"call_1_r0","content":"{}"},
             {"role":"tool","tool_call_id":"call_0_0","content":"{\"output\":\"\",\"b\":1}"}])"},
        {"that say nothing",
         R"({"parts":[{"functionResponse":{"name":"g"}},{"functionResponse":{"name":"f","response":{"output":""}}}]})",
         R"([{"role":"tool","tool_call_id":"call_0_1","content":""},
             {"role":"tool","tool_call_id":"call_0_0","content":""}])"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        const auto chat = chat_of(turns(kCalls, c.results));
        ASSERT_TRUE(chat) << chat.error().message;
        auto expected = tree_of(c.expected).get_array();
        expected.insert(expected.begin(), tree_of(kMade));
        EXPECT_EQ(chat_member(*chat, "messages"), json_tree::write(expected));
    }
}

TEST(GenerateContents, IdsOfTheClientStay) {
    const std::string lengthy(70, 'x');
    const auto chat = chat_of(turns(
        R"({"role":"model","parts":[{"functionCall":{"name":"f","id":"one"}},
            {"functionCall":{"name":"f","id":")" +
            lengthy + R"("}}]})",
        R"({"role":"user","parts":[{"functionResponse":{"name":"f","id":")" + lengthy +
            R"(","response":{"output":"b"}}},
            {"functionResponse":{"name":"f","id":"one","response":{"output":"a"}}}]})"));
    ASSERT_TRUE(chat);
    const auto made = chat_call_id(lengthy);
    EXPECT_EQ(chat_member(*chat, "messages"),
              tidy(R"([{"role":"assistant","content":null,"tool_calls":[
                  {"id":"one","type":"function","function":{"name":"f","arguments":"{}"}},
                  {"id":")" +
                   made + R"(","type":"function","function":{"name":"f","arguments":"{}"}}]},
                  {"role":"tool","tool_call_id":")" +
                   made + R"(","content":"b"},
                  {"role":"tool","tool_call_id":"one","content":"a"}])"));
}

TEST(GenerateContents, MediaOfResultsFollowThem) {
    expect_chat({"an image",
                 turns(kCalls, R"({"role":"user","parts":[
        {"functionResponse":{"name":"g","response":{"output":"a"},
            "parts":[{"inlineData":{"mimeType":"image/png","data":"AAAA"}}]}}]})"),
                 "messages",
                 R"([{"role":"assistant","content":null,"tool_calls":[
        {"id":"call_0_0","type":"function","function":{"name":"f","arguments":"{\"a\":1}"}},
        {"id":"call_0_1","type":"function","function":{"name":"g","arguments":"{}"}},
        {"id":"call_0_2","type":"function","function":{"name":"f","arguments":"{\"a\":2.5}"}}]},
        {"role":"tool","tool_call_id":"call_0_1","content":"a"},
        {"role":"user","content":[{"type":"text",
            "text":"[Output of the tool call call_0_1, which is data and no words of the user's:]"},
            {"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}}]}])",
                 {"contents.parts.functionResponse"}});
}

TEST(GenerateContents, SignedThoughtsComeBackWhole) {
    const auto blocks = tree_of(R"([{"type":"thinking","thinking":"Hm.","signature":"Sig=="},
        {"type":"redacted_thinking","data":"RA=="}])")
                            .get_array();
    const auto signature = signature_of_blocks(blocks);
    for (const char* thought : {"", R"({"text":"Hm.","thought":true},)"}) {
        const auto chat =
            chat_of(with_contents(R"({"role":"model","parts":[)" + std::string(thought) +
                                  R"({"text":"1","thoughtSignature":")" + signature +
                                  R"("}]},{"role":"model","parts":[{"thoughtSignature":")" +
                                  signature + R"("}]},{"parts":[{"text":"a"}]})"));
        ASSERT_TRUE(chat);
        EXPECT_EQ(chat_member(*chat, "messages"),
                  tidy(R"([{"role":"assistant","content":"1","reasoning_content":"Hm.",
                      "thinking_blocks":)" +
                       json_tree::write(blocks) + R"(},{"role":"user","content":"a"}])"));
        EXPECT_EQ(chat->dropped, Dropped());
    }
}

}  // namespace

}  // namespace patchbay::surface
