#include "speech.hpp"

#include <gtest/gtest.h>

#include "json.hpp"
#include "voices.hpp"

namespace patchbay::google {
namespace {

TEST(Speech, IsAskedForInGooglesWay) {
    const auto call = speech_request(R"({"input":"Hi","voice":"Kore","instructions":"Softly"})",
                                     "gemini", "m", false);
    ASSERT_TRUE(call);
    EXPECT_EQ(json::parse(call->body), json::parse(R"({
        "contents":[{"role":"user","parts":[{"text":"Softly:\nHi"}]}],
        "generationConfig":{"responseModalities":["AUDIO"],
        "speechConfig":{"voiceConfig":{"prebuiltVoiceConfig":{"voiceName":"Kore"}}}}})"));
    constexpr std::string_view kOther = R"({"input":"Hi","response_format":"mp3","speed":2})";
    EXPECT_FALSE(speech_request(kOther, "gemini", "m", false));
    EXPECT_TRUE(speech_request(kOther, "gemini", "m", true)->wav);
    EXPECT_FALSE(
        speech_request(R"({"input":"Hi","response_format":"pcm"})", "gemini", "m", false)->wav);
    EXPECT_FALSE(speech_request("{}", "gemini", "m", false));
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
