#include "gateway/unknown_route.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay::gateway {
namespace {

using testing::HasSubstr;
using testing::Not;

std::string told(std::string_view path, std::string_view method = "POST") {
    return no_such_route(method, path).message;
}

TEST(UnknownRoute, the_method_and_the_path_are_named) {
    const Error error = no_such_route("GET", "/v1/nothing");
    EXPECT_EQ(error.status(), 404);
    EXPECT_EQ(error.message, "Not Found: there is no route GET /v1/nothing.");
}

TEST(UnknownRoute, routes_that_litellm_has_are_told_from_those_that_nobody_has) {
    for (const char* path : {"/v1/ocr",
                             "/videos",
                             "/v1/responses/resp_1/input_items",
                             "/v1/messages",
                             "/openai/deployments/gpt-4o/audio/translations",
                             "/openai/deployments/gpt-4o/images/edits",
                             "/key/generate",
                             "/v1/models/gemini-pro:embedContent",
                             "/v1beta/models/gemini:batchEmbedContents",
                             "/v1/images/edits",
                             "/anthropic/v1/messages",
                             "/team/new",
                             "/health",
                             "/ui/",
                             "/v2/model/info",
                             "/global/spend/logs",
                             "/mcp",
                             "/cache/redis/info",
                             "/spend/logs?x",
                             "/v1/audio/transcriptions"}) {
        EXPECT_THAT(told(path), HasSubstr("Patchbay does not yet")) << path;
    }
    for (const char* path : {"/", "*", "", "/v1", "/v3/ocr", "/keys/generate", "/v1/nothing",
                             "/favicon.ico", "/v1/chat/completions/more"}) {
        EXPECT_THAT(told(path), Not(HasSubstr("LiteLLM"))) << path;
    }
}

TEST(UnknownRoute, a_base_url_that_was_joined_carelessly_is_noticed) {
    EXPECT_THAT(told("/v1/v1/chat/completions"), HasSubstr("Is /v1/chat/completions meant?"));
    EXPECT_THAT(told("//v1/models"), HasSubstr("Is /v1/models meant?"));
    EXPECT_THAT(told("/v1//chat/completions"), HasSubstr("Is /v1/chat/completions meant?"));
    EXPECT_THAT(told("/v1/v1/ocr"), Not(HasSubstr("meant")));
}

TEST(UnknownRoute, what_is_quoted_is_text_of_bounded_length) {
    const std::string message = told("/\xff" + std::string(100'000, 'x'), std::string(9000, 'M'));
    EXPECT_LT(message.size(), 600u);
    EXPECT_THAT(message, Not(HasSubstr("\xff")));
}

}  // namespace
}  // namespace patchbay::gateway
