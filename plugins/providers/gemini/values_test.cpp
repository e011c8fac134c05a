// SPDX-License-Identifier: Apache-2.0
// Addresses, embeddings and speech.
#include <gtest/gtest.h>

#include "embeddings.hpp"
#include "endpoint.hpp"
#include "google/json.hpp"
#include "speech.hpp"

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

TEST(Speech, IsAskedForInGooglesWay) {
    const auto call =
        speech_request(R"({"input":"Hi","voice":"Kore","instructions":"Softly"})", "m", false);
    ASSERT_TRUE(call);
    EXPECT_EQ(json::parse(call->body), json::parse(R"({
        "contents":[{"role":"user","parts":[{"text":"Softly:\nHi"}]}],
        "generationConfig":{"responseModalities":["AUDIO"],
        "speechConfig":{"voiceConfig":{"prebuiltVoiceConfig":{"voiceName":"Kore"}}}}})"));
    constexpr std::string_view kOther = R"({"input":"Hi","response_format":"mp3","speed":2})";
    EXPECT_FALSE(speech_request(kOther, "m", false));
    EXPECT_TRUE(speech_request(kOther, "m", true)->wav);
    EXPECT_FALSE(speech_request(R"({"input":"Hi","response_format":"pcm"})", "m", false)->wav);
    EXPECT_FALSE(speech_request("{}", "m", false));
}

TEST(Speech, IsAWavFileOfTheSamples) {
    constexpr std::string_view kAnswer = R"({"candidates":[{"content":{"parts":[{"inlineData":
        {"mimeType":"audio/L16;codec=pcm;rate=24000","data":"AQID/w=="}}]}}]})";
    const auto wav = speech_answer(kAnswer, true);
    ASSERT_TRUE(wav);
    EXPECT_EQ(wav->content_type, "audio/wav");
    EXPECT_EQ(wav->bytes,
              std::string("RIFF\x28\0\0\0WAVEfmt \x10\0\0\0\x01\0\x01\0\xc0\x5d\0\0\x80\xbb\0\0"
                          "\x02\0\x10\0data\x04\0\0\0\x01\x02\x03\xff",
                          48));
    EXPECT_EQ(speech_answer(kAnswer, false)->bytes, "\x01\x02\x03\xff");
    EXPECT_FALSE(speech_answer(R"({"candidates":[]})", true));
}

}  // namespace
}  // namespace patchbay::gemini
