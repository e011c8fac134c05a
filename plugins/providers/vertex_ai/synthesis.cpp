// SPDX-License-Identifier: Apache-2.0
#include "synthesis.hpp"

#include <array>
#include <utility>

#include "chat/base64.hpp"
#include "chat/own_words.hpp"
#include "google/characters.hpp"
#include "google/json.hpp"

namespace patchbay::vertex_ai {

namespace json = boost::json;

namespace {

using google::bad_request;
using google::find;
using google::text;
using shared::OwnWord;
using shared::Verdict;

constexpr std::string_view kUsualLanguage = "en-US";
constexpr std::string_view kUsualVoice = "en-US-Studio-O";
constexpr std::uint32_t kPcmRate = 24000;  // OpenAI's

constexpr OwnWord kVoices[] = {
    {"alloy", "en-US-Studio-O"}, {"echo", "en-US-Studio-M"}, {"fable", "en-GB-Studio-B"},
    {"onyx", "en-US-Wavenet-D"}, {"nova", "en-US-Studio-O"}, {"shimmer", "en-US-Wavenet-F"},
};
// "AudioEncoding". PCM is LINEAR16 without a WAV file around it.
constexpr OwnWord kEncodings[] = {
    {"mp3", "MP3"}, {"opus", "OGG_OPUS"}, {"wav", "LINEAR16"},
    {"pcm", "PCM"}, {"alaw", "ALAW"},     {"mulaw", "MULAW"},
};
constexpr OwnWord kContentTypes[] = {
    {"MP3", "audio/mpeg"}, {"OGG_OPUS", "audio/ogg"}, {"LINEAR16", "audio/wav"},
    {"PCM", "audio/pcm"},  {"ALAW", "audio/wav"},     {"MULAW", "audio/wav"},
};

struct None {};
using Rule = shared::ParameterRule<None>;

Verdict known_format(const json::value& value, const None&) {
    const bool other = value == json::value("aac") || value == json::value("flac");
    return other || !value.is_string() ? Verdict::refuse : Verdict::keep;
}
Verdict no_events(const json::value& value, const None&) {
    return value == json::value("audio") ? Verdict::leave_out : Verdict::refuse;
}
Verdict a_number(const json::value& value, const None&) {
    return google::is_number(value) ? Verdict::keep : Verdict::refuse;
}
Verdict hint(const json::value&, const None&) {
    return Verdict::leave_out;
}
constexpr std::array kRules{
    Rule{"response_format", known_format, "mp3, opus, wav, pcm, alaw, mulaw"},
    Rule{"speed", a_number, "must be a number"},
    Rule{"stream_format", no_events, "only audio"},
    Rule{"instructions", shared::never},
    Rule{"user", hint},
};

// "en-US" of "en-US-Studio-O".
std::string_view language_of(std::string_view voice) {
    const auto first = voice.find('-');
    if (first == std::string_view::npos) return kUsualLanguage;
    return voice.substr(0, voice.find('-', first + 1));
}

google::Result<json::object> voice_of(const json::object& client) {
    const auto* given = find(client, "voice");
    json::object voice;
    if (const auto* own = given ? given->if_object() : nullptr) {
        voice = *own;
    } else if (given && !given->is_string()) {
        return bad_request("voice", "must be the name of a voice or Google's object");
    } else {
        const auto name = text(client, "voice", kUsualVoice);
        const auto own_name = shared::own_word(kVoices, name);
        voice["name"] = own_name.empty() ? name : own_name;
    }
    if (!voice.contains("languageCode")) {
        // A copy: the name moves when the object grows.
        const std::string language(language_of(text(voice, "name")));
        voice["languageCode"] = language;
    }
    return voice;
}

bool is_ssml(std::string_view input) {
    const auto begin = input.find_first_not_of(" \t\r\n");
    return begin != std::string_view::npos && input.substr(begin).starts_with("<speak");
}

json::object config_of(const json::object& client) {
    json::object config;
    if (const auto* own = google::find_object(client, "audioConfig")) config = *own;
    if (!config.contains("audioEncoding")) {
        const auto format = text(client, "response_format", "wav");
        const auto encoding = shared::own_word(kEncodings, format);
        config["audioEncoding"] = encoding.empty() ? format : encoding;
        if (format == "pcm") config.emplace("sampleRateHertz", kPcmRate);
    }
    const auto* speed = find(client, "speed");
    if (speed) config.emplace("speakingRate", *speed);
    return config;
}

// What is in front of the sound of a format; "PCM" has nothing there.
std::string_view type_by_bytes(std::string_view bytes) {
    constexpr unsigned kFrame = 0xe0;  // of MPEG audio: eleven bits that are set
    if (bytes.starts_with("RIFF")) return "audio/wav";
    if (bytes.starts_with("OggS")) return "audio/ogg";
    if (bytes.starts_with("ID3")) return "audio/mpeg";
    const bool frame = bytes.size() > 1 && bytes[0] == '\xff' &&
                       (static_cast<unsigned>(bytes[1]) & kFrame) == kFrame;
    return frame ? "audio/mpeg" : std::string_view();
}

}  // namespace

std::string synthesis_host(std::string_view location) {
    const bool union_left = location == "europe-west2" || location == "europe-west6";
    std::string_view part;
    if (location == "us" || location.starts_with("us-")) part = "us-";
    if (location == "eu" || (location.starts_with("europe-") && !union_left)) part = "eu-";
    return std::string("https://").append(part).append("texttospeech.googleapis.com");
}

google::Result<SynthesisCall> synthesis_request(std::string_view client_json,
                                                const shared::Leniency& leniency) {
    auto parsed = google::parse_json(client_json);
    auto* client = parsed ? parsed->if_object() : nullptr;
    if (!client) return bad_request("body", "must be a JSON object");
    const std::string input(text(*client, "input"));
    if (input.empty()) return bad_request("input", "must be a string that is not empty");
    SynthesisCall call;
    if (auto settled = shared::settle(*client, kRules, None{}, leniency, call.dropped); !settled) {
        return settled.error();
    }
    auto voice = voice_of(*client);
    if (!voice) return voice.error();
    auto config = config_of(*client);
    call.encoding = text(config, "audioEncoding");
    call.characters = google::characters(input);
    const bool ssml = google::is_true(client, "use_ssml") || is_ssml(input);
    call.body = google::to_text(json::object{{"input", {{ssml ? "ssml" : "text", input}}},
                                             {"voice", std::move(*voice)},
                                             {"audioConfig", std::move(config)}});
    return call;
}

google::Result<Sound> synthesis_answer(std::string_view response_json, std::string_view encoding) {
    const auto parsed = google::parse_json(response_json);
    const auto* answer = parsed ? parsed->if_object() : nullptr;
    auto bytes = shared::decode_base64(answer ? text(*answer, "audioContent") : std::string_view());
    if (!bytes || bytes->empty()) return google::unreadable("it holds no sound");
    Sound sound{std::move(*bytes), {}};
    if (encoding != "PCM") sound.content_type = type_by_bytes(sound.bytes);
    if (sound.content_type.empty()) sound.content_type = shared::own_word(kContentTypes, encoding);
    if (sound.content_type.empty()) sound.content_type = "application/octet-stream";
    return sound;
}

}  // namespace patchbay::vertex_ai
