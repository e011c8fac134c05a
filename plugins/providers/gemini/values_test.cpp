// SPDX-License-Identifier: Apache-2.0
// Addresses and embeddings.
#include <gtest/gtest.h>

#include "embeddings.hpp"
#include "endpoint.hpp"
#include "google/json.hpp"

namespace patchbay::gemini {
namespace {

namespace json = boost::json;

TEST(Address, HasTheVersionOfTheModelAndTheOperatorsBase) {
    constexpr const char* kCases[][3] = {
        {"", "gemini-2.5-flash",
         "https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash:m"},
        {"https://generativelanguage.googleapis.com/", "models/gemini-3.1-pro-preview",
         "https://generativelanguage.googleapis.com/v1alpha/models/gemini-3.1-pro-preview:m"},
        {"http://gw/v1/", "gemini-3-flash", "http://gw/v1/models/gemini-3-flash:m"},
        {"http://gw", "../a?b", "http://gw/models/..%2Fa%3Fb:m"},
    };
    for (const auto& [base, model, url] : kCases) EXPECT_EQ(model_url(base, model, "m"), url);
}

TEST(Embeddings, AskForEachText) {
    const auto call = embeddings_request(
        R"({"input":["a","ü"],"dimensions":2,"task_type":"T","encoding_format":"base64"})", "m");
    ASSERT_TRUE(call);
    EXPECT_EQ(json::parse(call->body), json::parse(R"({"requests":[
        {"model":"models/m","content":{"parts":[{"text":"a"}]},"outputDimensionality":2,"taskType":"T"},
        {"model":"models/m","content":{"parts":[{"text":"ü"}]},"outputDimensionality":2,"taskType":"T"}
        ]})"));
    EXPECT_EQ(call->inputs, 2u);
    EXPECT_EQ(call->characters, 2u);
    for (const auto* wrong : {R"({"input":[1,2]})", R"({"input":[[1]]})", "{}", "[]"}) {
        EXPECT_FALSE(embeddings_request(wrong, "m")) << wrong;
    }
}

TEST(Embeddings, AreOneForEachText) {
    constexpr std::string_view kAnswer = R"({"embeddings":[{"values":[0.1]},{"values":[0.2]}]})";
    const auto answer = embeddings_answer(kAnswer, "m", 2);
    ASSERT_TRUE(answer);
    EXPECT_EQ(json::parse(*answer), json::parse(R"({"object":"list","model":"m","data":[
        {"object":"embedding","index":0,"embedding":[0.1]},
        {"object":"embedding","index":1,"embedding":[0.2]}],
        "usage":{"prompt_tokens":0,"total_tokens":0}})"));
    EXPECT_FALSE(embeddings_answer(kAnswer, "m", 3));
    EXPECT_FALSE(embeddings_answer("{}", "m", 0));
    EXPECT_FALSE(embeddings_answer(R"({"embeddings":[{}]})", "m", 1));
}

}  // namespace
}  // namespace patchbay::gemini
