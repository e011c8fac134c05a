#include "ssml.hpp"

#include <gtest/gtest.h>

namespace patchbay::azure {
namespace {

const std::string kHead =
    "<speak version='1.0' xmlns='http://www.w3.org/2001/10/synthesis' xml:lang='";

TEST(Ssml, SaysTheTextWithAVoiceAndARate) {
    const struct {
        const char* request;
        std::string body;
        const char* format;
        std::uint64_t characters;
    } cases[] = {
        {R"({"input":"Hello","voice":"alloy"})",
         kHead +
             "en-US'>\n    <voice name='en-US-JennyNeural'>\n        Hello\n    </voice>\n</speak>",
         "audio-24khz-48kbitrate-mono-mp3", 5},
        {R"({"input":"a < b & \"c\" \u00e9","voice":"fable","speed":1.2,"response_format":"wav"})",
         kHead +
             "en-GB'>\n    <voice name='en-GB-RyanNeural'>\n        <prosody rate='+19%'>a &lt; b "
             "&amp; &quot;c&quot; \u00e9</prosody>\n    </voice>\n</speak>",
         "riff-24khz-16bit-mono-pcm", 13},
        {R"({"input":"x","voice":"de-DE-KatjaNeural","speed":0.25})",
         kHead + "de-DE'>\n    <voice name='de-DE-KatjaNeural'>\n        <prosody "
                 "rate='-50%'>x</prosody>\n    </voice>\n</speak>",
         "audio-24khz-48kbitrate-mono-mp3", 1},
        {R"({"input":"x","voice":"o'x"})",
         kHead + "en-US'>\n    <voice name='o&apos;x'>\n        x\n    </voice>\n</speak>",
         "audio-24khz-48kbitrate-mono-mp3", 1},
    };
    for (const auto& one : cases) {
        const auto call = speech_request(one.request, "m", false);
        ASSERT_TRUE(call) << one.request;
        EXPECT_EQ(call->body, one.body);
        EXPECT_EQ(call->output_format, one.format);
        EXPECT_EQ(call->characters, one.characters);
    }
}

TEST(Ssml, RefusesWhatCannotBeSaid) {
    const struct {
        const char* request;
        std::uint32_t cls;
        const char* param;
        bool dropped;  ///< with drop_params it is said all the same
    } cases[] = {
        {R"({"voice":"alloy"})", BAY_ERR_BAD_REQUEST, "input", false},
        {R"({"input":"x"})", BAY_ERR_BAD_REQUEST, "voice", false},
        {R"({"input":"x","voice":"alloy","speed":"fast"})", BAY_ERR_BAD_REQUEST, "speed", false},
        {R"({"input":"x","voice":"alloy","response_format":"flac"})", BAY_ERR_UNSUPPORTED,
         "response_format", true},
        {R"({"input":"x","voice":"alloy","instructions":"whisper"})", BAY_ERR_UNSUPPORTED,
         "instructions", true},
        {"[", BAY_ERR_BAD_REQUEST, "body", false},
    };
    for (const auto& one : cases) {
        const auto call = speech_request(one.request, "m", false);
        ASSERT_FALSE(call) << one.request;
        EXPECT_EQ(call.error().cls, one.cls);
        EXPECT_EQ(call.error().param, one.param);
        const auto dropping = speech_request(one.request, "m", true);
        ASSERT_EQ(dropping.has_value(), one.dropped) << one.request;
        if (dropping) {
            EXPECT_EQ(dropping->dropped.names(), std::vector<std::string>{one.param});
        }
    }
}

TEST(Ssml, IsSentToTheRegionOrBelowTheAddress) {
    constexpr std::pair<const char*, const char*> kBases[] = {
        {"https://eastus.api.cognitive.microsoft.com/",
         "https://eastus.tts.speech.microsoft.com/cognitiveservices/v1"},
        {"https://eastus.tts.speech.microsoft.com",
         "https://eastus.tts.speech.microsoft.com/cognitiveservices/v1"},
        {"https://gate/tts/cognitiveservices/v1", "https://gate/tts/cognitiveservices/v1"},
        {"", ""},
    };
    for (const auto& [base, url] : kBases) EXPECT_EQ(speech_url(base), url) << base;
}

}  // namespace
}  // namespace patchbay::azure
