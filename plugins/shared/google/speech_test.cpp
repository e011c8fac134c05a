#include "speech.hpp"

#include <gtest/gtest.h>

#include "json.hpp"
#include "voices.hpp"

namespace patchbay::google {
namespace {

constexpr shared::Leniency kStrict{"gemini", "m", false, {}, {}};
constexpr shared::Leniency kLenient{"gemini", "m", true, {}, {}};

TEST(Speech, IsAskedForInGooglesWay) {
    const auto call = speech_request(
        R"({"input":"Hi","voice":"Kore","instructions":"Softly","speed":1})", kStrict);
    ASSERT_TRUE(call);
    EXPECT_EQ(json::parse(call->body), json::parse(R"({
        "contents":[{"role":"user","parts":[{"text":"Softly:\nHi"}]}],
        "generationConfig":{"responseModalities":["AUDIO"],
        "speechConfig":{"voiceConfig":{"prebuiltVoiceConfig":{"voiceName":"Kore"}}}}})"));
    EXPECT_TRUE(call->wav);
    EXPECT_FALSE(speech_request(R"({"input":"Hi","response_format":"pcm"})", kStrict)->wav);
    EXPECT_FALSE(speech_request("{}", kLenient));
}

TEST(Speech, IsNotWhatGoogleDoesNotMake) {
    for (const auto* other :
         {R"({"input":"Hi","response_format":"mp3"})", R"({"input":"Hi","speed":2})",
          R"({"input":"Hi","stream_format":"sse"})"}) {
        const auto refused = speech_request(other, kStrict);
        ASSERT_FALSE(refused) << other;
        EXPECT_EQ(refused.error().cls, std::uint32_t{BAY_ERR_UNSUPPORTED});
        const auto left_out = speech_request(other, kLenient);
        ASSERT_TRUE(left_out) << other;
        EXPECT_TRUE(left_out->wav);
        EXPECT_EQ(left_out->dropped.names().size(), 1u);
    }
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

TEST(Voice, IsGooglesOrTheOneThatStandsForOpenAis) {
    constexpr const char* kCases[][2] = {
        {R"("Kore")", R"({"voiceConfig":{"prebuiltVoiceConfig":{"voiceName":"Kore"}}})"},
        {R"("Alloy")", R"({"voiceConfig":{"prebuiltVoiceConfig":{"voiceName":"Kore"}}})"},
        {R"({"name":"sage","languageCode":"de-DE"})",
         R"({"voiceConfig":{"prebuiltVoiceConfig":{"voiceName":"Vindemiatrix"}},"languageCode":"de-DE"})"},
        {R"({"speechConfig":{"multiSpeakerVoiceConfig":{}}})", R"({"multiSpeakerVoiceConfig":{}})"},
        {R"("")", "{}"},
        {"7", "{}"},
    };
    for (const auto& [voice, config] : kCases) {
        const auto value = json::parse(voice);
        EXPECT_EQ(json::value(speech_config(&value)), json::parse(config)) << voice;
    }
    EXPECT_TRUE(speech_config(nullptr).empty());
}

}  // namespace
}  // namespace patchbay::google
