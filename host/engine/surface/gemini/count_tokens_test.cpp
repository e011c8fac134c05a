#include "engine/surface/gemini/count_tokens.hpp"

#include "engine/surface/gemini/test_support.hpp"

namespace patchbay::surface {

namespace {

using namespace test;

TEST(CountTokens, AreCountedAsTheyWouldBeSent) {
    const struct {
        const char* what;
        std::string body;
        const char* expected;
    } cases[] = {
        {"contents", with_user_parts(R"({"text":"hi"})"),
         R"({"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"hi"}]}]})"},
        {"a whole request",
         R"({"generateContentRequest":{"model":"models/x","systemInstruction":{"parts":[{"text":"Be brief."}]},
             "contents":[{"parts":[{"text":"hi"}]},
                 {"role":"model","parts":[{"functionCall":{"name":"f","args":{"a":1.50}}}]},
                 {"parts":[{"functionResponse":{"name":"f","response":{"output":"b"}}},{"text":"Well?"}]}],
             "tools":[{"functionDeclarations":[{"name":"f","description":"d"}]}],
             "generationConfig":{"maxOutputTokens":5}}})",
         R"({"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"hi"}]},
             {"role":"assistant","content":[{"type":"tool_use","id":"call_1_0","name":"f","input":{"a":1.50}}]},
             {"role":"user","content":[{"type":"tool_result","tool_use_id":"call_1_0",
                 "content":[{"type":"text","text":"b"}]},{"type":"text","text":"Well?"}]}],
             "system":[{"type":"text","text":"Be brief."}],
             "tools":[{"name":"f","input_schema":{"type":"object","properties":{}},"description":"d"}]})"},
        {"media", with_user_parts(R"({"inlineData":{"mimeType":"image/png","data":"AAAA"}},
             {"fileData":{"fileUri":"https://a/b.png"}},
             {"inlineData":{"mimeType":"application/pdf","data":"BBBB"}})"),
         R"({"model":"m","messages":[{"role":"user","content":[
             {"type":"image","source":{"type":"base64","media_type":"image/png","data":"AAAA"}},
             {"type":"image","source":{"type":"url","url":"https://a/b.png"}},
             {"type":"document","source":{"type":"base64","media_type":"application/pdf","data":"BBBB"}}]}]})"},
    };
    for (const auto& c : cases) {
        SCOPED_TRACE(c.what);
        const auto request = count_of_generate(c.body, "m");
        ASSERT_TRUE(request) << request.error().message;
        EXPECT_EQ(request->json, tidy(c.expected));
    }
}

TEST(CountTokens, OfSoundAreNotKnown) {
    const auto request = count_of_generate(
        with_user_parts(R"({"inlineData":{"mimeType":"audio/wav","data":"AAAA"}})"), "m");
    ASSERT_FALSE(request);
    EXPECT_EQ(request.error().cls, ErrorClass::unsupported);
}

TEST(CountTokens, AreNeverMadeUp) {
    EXPECT_EQ(total_of_count(R"({"input_tokens":14})"), R"({"totalTokens":14})");
    for (const char* text : {"", "{}", "[]", R"({"input_tokens":"14"})"}) {
        EXPECT_EQ(total_of_count(text), "{}") << text;
    }
}

}  // namespace

}  // namespace patchbay::surface
