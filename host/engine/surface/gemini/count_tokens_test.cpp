#include "engine/surface/gemini/count_tokens.hpp"

#include "engine/surface/gemini/test_support.hpp"

namespace patchbay::surface {

namespace {

using namespace test;

TEST(CountedRequest, IsWhatWouldBeAsked) {
    const std::string request =
        R"("systemInstruction":{"parts":[{"text":"Be brief."}]},
           "contents":[{"parts":[{"text":"hi"}]},
               {"role":"model","parts":[{"functionCall":{"name":"f","args":{"a":1.50}}}]},
               {"parts":[{"functionResponse":{"name":"f","response":{"output":"b"}}},
                   {"inlineData":{"mimeType":"image/png","data":"AAAA"}}]}],
           "tools":[{"functionDeclarations":[{"name":"f","description":"d"}]}])";
    const auto asked = chat_of("{" + request + "}");
    ASSERT_TRUE(asked) << asked.error().message;
    const std::string bodies[] = {
        "{" + request + "}",
        R"({"generateContentRequest":{"model":"models/x",)" + request + "}}",
        R"({"generate_content_request":{"model":"models/x",)" + request + "}}",
    };
    for (const auto& body : bodies) {
        const auto counted = chat_of_counted(body, "m");
        ASSERT_TRUE(counted) << counted.error().message;
        EXPECT_EQ(tree_of(counted->json), tree_of(asked->json)) << body;
    }
}

TEST(CountedRequest, OfAWrongShapeIsRefused) {
    for (const char* body : {"", "[]", "{}", R"({"generateContentRequest":{"contents":7}})"}) {
        const auto counted = chat_of_counted(body, "m");
        ASSERT_FALSE(counted) << body;
        EXPECT_EQ(counted.error().status(), 400);
    }
}

}  // namespace

}  // namespace patchbay::surface
