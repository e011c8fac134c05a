// SPDX-License-Identifier: Apache-2.0
#include "synthesis.hpp"

#include <gtest/gtest.h>

#include "google/json.hpp"

namespace patchbay::vertex_ai {
namespace {

namespace json = boost::json;

constexpr shared::Leniency kStrict{"vertex_ai", "chirp", false, {}, {}};
constexpr shared::Leniency kLenient{"vertex_ai", "chirp", true, {}, {}};

json::value spoken(const char* client_json) {
    const auto call = synthesis_request(client_json, kStrict);
    return call ? json::parse(call->body) : json::value(call.error().message);
}

TEST(SynthesisHost, IsThatOfTheUnionOfTheLocation) {
    constexpr const char* kHosts[][2] = {
        {"", "https://texttospeech.googleapis.com"},
        {"global", "https://texttospeech.googleapis.com"},
        {"asia-northeast1", "https://texttospeech.googleapis.com"},
        {"us", "https://us-texttospeech.googleapis.com"},
        {"us-central1", "https://us-texttospeech.googleapis.com"},
        {"eu", "https://eu-texttospeech.googleapis.com"},
        {"europe-west4", "https://eu-texttospeech.googleapis.com"},
        {"europe-west2", "https://texttospeech.googleapis.com"},
        {"europe-west6", "https://texttospeech.googleapis.com"},
    };
    for (const auto& [location, host] : kHosts) EXPECT_EQ(synthesis_host(location), host);
}

TEST(Synthesis, IsAskedForInGooglesWords) {
    EXPECT_EQ(spoken(R"({"input":"Hi"})"), json::parse(R"({"input":{"text":"Hi"},
        "voice":{"name":"en-US-Studio-O","languageCode":"en-US"},
        "audioConfig":{"audioEncoding":"LINEAR16"}})"));
    EXPECT_EQ(
        spoken(R"({"input":" <speak version='1'>Hi</speak>","voice":"fable","response_format":"pcm",
        "speed":1.5,"stream_format":"audio","user":"u"})"),
        json::parse(R"({"input":{"ssml":" <speak version='1'>Hi</speak>"},
        "voice":{"name":"en-GB-Studio-B","languageCode":"en-GB"},
        "audioConfig":{"audioEncoding":"PCM","sampleRateHertz":24000,"speakingRate":1.5}})"));
    EXPECT_EQ(spoken(R"({"input":"Hi","use_ssml":true,"voice":{"name":"de-DE-Chirp3-HD-Leda"},
        "audioConfig":{"audioEncoding":"M4A","pitch":2,"speakingRate":1},"speed":2})"),
              json::parse(R"({"input":{"ssml":"Hi"},
        "voice":{"name":"de-DE-Chirp3-HD-Leda","languageCode":"de-DE"},
        "audioConfig":{"audioEncoding":"M4A","pitch":2,"speakingRate":1}})"));
    EXPECT_EQ(synthesis_request(R"({"input":"für"})", kStrict)->characters, 3u);
}

TEST(Synthesis, HasTheFormatThatIsAskedFor) {
    constexpr const char* kFormats[][2] = {{"mp3", "MP3"},      {"opus", "OGG_OPUS"},
                                           {"wav", "LINEAR16"}, {"alaw", "ALAW"},
                                           {"mulaw", "MULAW"},  {"M4A", "M4A"}};
    for (const auto& [format, encoding] : kFormats) {
        const auto client = json::object{{"input", "Hi"}, {"response_format", format}};
        EXPECT_EQ(synthesis_request(google::to_text(client), kStrict)->encoding, encoding);
    }
}

TEST(Synthesis, RefusesWhatGoogleHasNot) {
    for (const auto* wrong :
         {R"({"input":"Hi","response_format":"aac"})", R"({"input":"Hi","response_format":"flac"})",
          R"({"input":"Hi","instructions":"Softly"})", R"({"input":"Hi","speed":"fast"})",
          R"({"input":"Hi","stream_format":"sse"})"}) {
        const auto refused = synthesis_request(wrong, kStrict);
        ASSERT_FALSE(refused) << wrong;
        EXPECT_EQ(refused.error().cls, std::uint32_t{BAY_ERR_UNSUPPORTED}) << wrong;
        const auto left_out = synthesis_request(wrong, kLenient);
        ASSERT_TRUE(left_out) << wrong;
        EXPECT_EQ(left_out->encoding, "LINEAR16");
        EXPECT_EQ(left_out->dropped.names().size(), 1u) << wrong;
    }
    for (const auto* wrong : {"{}", "[]", R"({"input":["Hi"]})", R"({"input":"Hi","voice":7})"}) {
        const auto refused = synthesis_request(wrong, kLenient);
        ASSERT_FALSE(refused) << wrong;
        EXPECT_EQ(refused.error().cls, std::uint32_t{BAY_ERR_BAD_REQUEST}) << wrong;
    }
}

TEST(Sound, IsWhatItsBytesSayElseWhatWasAskedFor) {
    constexpr const char* kSounds[][3] = {
        {"UklGRg==", "LINEAR16", "audio/wav"},   // RIFF
        {"T2dnUw==", "OGG_OPUS", "audio/ogg"},   // OggS
        {"SUQzBA==", "LINEAR16", "audio/mpeg"},  // ID3
        {"//uQAA==", "LINEAR16", "audio/mpeg"},  // a frame
        {"//uQAA==", "PCM", "audio/pcm"},        // samples that look like one
        {"AAAA", "MP3", "audio/mpeg"},          {"AAAA", "M4A", "application/octet-stream"},
    };
    for (const auto& [base64, encoding, type] : kSounds) {
        const auto answer = google::to_text(json::object{{"audioContent", base64}});
        const auto sound = synthesis_answer(answer, encoding);
        ASSERT_TRUE(sound);
        EXPECT_EQ(sound->content_type, type) << base64 << encoding;
    }
    for (const auto* wrong : {"{}", "", R"({"audioContent":""})", R"({"audioContent":"*"})"}) {
        EXPECT_FALSE(synthesis_answer(wrong, "MP3")) << wrong;
    }
}

}  // namespace
}  // namespace patchbay::vertex_ai
