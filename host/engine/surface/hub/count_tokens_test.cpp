#include "engine/surface/hub/count_tokens.hpp"

#include <gtest/gtest.h>

#include "engine/surface/openai/response_actions.hpp"

namespace patchbay::surface {

namespace {

constexpr CountForm kTotal{.tokens = "totalTokens", .object = {}};
constexpr CountForm kCounted{.tokens = "input_tokens", .object = "response.input_tokens"};

TEST(ToldCount, IsTheNumberInTheClientsWords) {
    EXPECT_EQ(told_count(R"({"input_tokens":14})", kTotal), R"({"totalTokens":14})");
    EXPECT_EQ(told_count(R"({"object":"x","input_tokens":14,"more":[1]})", kCounted),
              R"({"object":"response.input_tokens","input_tokens":14})");
}

TEST(ToldCount, IsNeverMadeUp) {
    for (const char* text : {"", "{}", "[]", "7", R"({"input_tokens":"14"})"}) {
        EXPECT_EQ(told_count(text, kTotal), "{}") << text;
    }
}

// Counters of one provider differ in nothing but the API, so every surface that counts goes the same way.
TEST(CountTokens, EverySurfaceHasAChatToCount) {
    const struct {
        const Surface& surface;
        std::string_view body;
        std::string_view told;
    } cases[] = {
        {kCountTokensSurface,
         R"({"model":"m","system":"Be brief.","messages":[{"role":"user","content":"Hi"}]})",
         R"({"input_tokens":7})"},
        {kCountGenerateSurface,
         R"({"generateContentRequest":{"model":"models/m","contents":[{"parts":[{"text":"Hi"}]}],
             "systemInstruction":{"parts":[{"text":"Be brief."}]}}})",
         R"({"totalTokens":7})"},
        {kCountResponseSurface, R"({"model":"m","instructions":"Be brief.","input":"Hi"})",
         R"({"object":"response.input_tokens","input_tokens":7})"},
    };
    const Caller caller;
    for (const auto& c : cases) {
        SCOPED_TRACE(c.surface.route);
        ASSERT_EQ(c.surface.hub, &kCountChat);
        Ask ask;
        const AskParts parts{.body = c.body, .query = {}, .path_model = "m", .caller = caller};
        const auto refused = c.surface.read(parts, ask);
        ASSERT_FALSE(refused) << refused->message;
        const auto translation = c.surface.translate(ask, false);
        ASSERT_TRUE(translation) << translation.error().message;
        const std::string& chat = (*translation)->json;
        EXPECT_NE(chat.find(R"("model":"m")"), chat.npos) << chat;
        EXPECT_NE(chat.find(R"({"role":"system","content":"Be brief."})"), chat.npos) << chat;
        EXPECT_NE(chat.find(R"({"role":"user","content":"Hi"})"), chat.npos) << chat;
        EXPECT_EQ((*translation)->translator()->whole(R"({"input_tokens":7})"), c.told);
    }
}

}  // namespace

}  // namespace patchbay::surface
