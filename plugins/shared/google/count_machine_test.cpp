#include "count_machine.hpp"

#include <gtest/gtest.h>

#include "json.hpp"

namespace patchbay::google {

namespace {

using Counted = GeneratePass::Counted;

TEST(CountBody, IsWhatTheModelReads) {
    const char* const request =
        R"({"contents":[{"parts":[{"text":"a"}]}],"system_instruction":{"parts":[]},"tools":[{}],
            "toolConfig":{},"safetySettings":[],"labels":{},"cachedContent":"c",
            "generationConfig":{"maxOutputTokens":5,"response_mime_type":"application/json",
                                "response_json_schema":{"x":1.50}}})";
    EXPECT_EQ(
        parse_json(count_body(request, "g", Counted::within)),
        parse_json(
            R"({"generateContentRequest":{"contents":[{"parts":[{"text":"a"}]}],"systemInstruction":{"parts":[]},
            "tools":[{}],"cachedContent":"c","generationConfig":{"responseMimeType":"application/json",
            "responseJsonSchema":{"x":1.50}},"model":"models/g"}})"));
    EXPECT_EQ(
        parse_json(count_body(request, "g", Counted::beside)),
        parse_json(
            R"({"contents":[{"parts":[{"text":"a"}]}],"systemInstruction":{"parts":[]},"tools":[{}],
            "generationConfig":{"responseMimeType":"application/json","responseJsonSchema":{"x":1.50}}})"));
}

TEST(CountBody, NamesNoKindOfAnswerWithoutASchema) {
    EXPECT_EQ(count_body(R"({"contents":[],"generationConfig":{"responseMimeType":"text/plain"}})",
                         "g", Counted::beside),
              R"({"contents":[]})");
    EXPECT_EQ(count_body("[]", "g", Counted::beside), "");
}

}  // namespace

}  // namespace patchbay::google
