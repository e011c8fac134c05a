#include "ssml.hpp"

#include <algorithm>
#include <vector>

#include "chat/own_words.hpp"
#include "chat/unsupported.hpp"
#include "json/access.hpp"
#include "openai_shared/request.hpp"
#include "openai_shared/upstream.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::azure {

namespace json = shared::json;

namespace {

// As LiteLLM has them.
constexpr shared::OwnWord kVoices[] = {
    {"alloy", "en-US-JennyNeural"}, {"echo", "en-US-GuyNeural"},   {"fable", "en-GB-RyanNeural"},
    {"nova", "en-US-AmberNeural"},  {"onyx", "en-US-DavisNeural"}, {"shimmer", "en-US-AriaNeural"},
};

constexpr shared::OwnWord kFormats[] = {
    {"mp3", "audio-24khz-48kbitrate-mono-mp3"},
    {"opus", "ogg-48khz-16bit-mono-opus"},
    {"wav", "riff-24khz-16bit-mono-pcm"},
    {"pcm", "raw-24khz-16bit-mono-pcm"},
};

void append_escaped(std::string& to, std::string_view text) {
    for (const char c : text) {
        switch (c) {
            case '&':
                to += "&amp;";
                break;
            case '<':
                to += "&lt;";
                break;
            case '>':
                to += "&gt;";
                break;
            case '\'':
                to += "&apos;";
                break;
            case '"':
                to += "&quot;";
                break;
            default:
                to += c;
        }
    }
}

/// "de-DE" of "de-DE-KatjaNeural".
std::string_view locale_of(std::string_view voice) {
    const auto first = voice.find('-');
    const auto second = first == voice.npos ? first : voice.find('-', first + 1);
    return second == voice.npos ? "en-US" : voice.substr(0, second);
}

/// "+50%" for a speed of 1.5; empty for 1. What is behind the point is cut off, as LiteLLM does it: 1.2
/// is "+19%".
std::string rate_of(double speed) {
    const long percent = static_cast<long>((speed - 1.0) * 100.0);
    if (percent == 0) return {};
    return (percent > 0 ? "+" : "") + std::to_string(percent) + "%";
}

std::string ssml(std::string_view voice, const std::string& rate, std::string_view text) {
    std::string made =
        "<speak version='1.0' xmlns='http://www.w3.org/2001/10/synthesis' xml:lang='";
    append_escaped(made, locale_of(voice));
    made += "'>\n    <voice name='";
    append_escaped(made, voice);
    made += "'>\n        ";
    if (!rate.empty()) made.append("<prosody rate='").append(rate).append("'>");
    append_escaped(made, text);
    return made.append(rate.empty() ? "" : "</prosody>").append("\n    </voice>\n</speak>");
}

}  // namespace

shared::Result<SpeechCall> speech_request(std::string_view client_json, std::string_view model,
                                          bool drop_params) {
    const auto parsed = shared::parse_json(client_json);
    const json::object* client = parsed ? parsed->if_object() : nullptr;
    if (client == nullptr) return shared::bad_request("body", "must be a JSON object");
    const std::string_view input = shared::text(client, "input");
    if (input.empty()) return shared::bad_request("input", "must be a string that is not empty");
    const std::string_view given = shared::text(client, "voice");
    if (given.empty()) return shared::bad_request("voice", "must name a voice");
    const std::string_view own = shared::own_word(kVoices, given);

    SpeechCall call;
    call.output_format = shared::own_word(kFormats, shared::text(client, "response_format", "mp3"));
    std::vector<shared::Unsupported> broken;
    if (call.output_format.empty())
        broken.push_back({"response_format", "only mp3, opus, wav, pcm"});
    if (shared::find(client, "instructions") != nullptr) broken.push_back({"instructions", {}});
    if (!broken.empty() && !drop_params) return shared::unsupported("azure", model, broken);
    for (const shared::Unsupported& one : broken) call.dropped.add(one.name);
    if (call.output_format.empty()) call.output_format = kFormats[0].own;

    const json::value* speed = shared::find(client, "speed");
    const auto number = speed != nullptr ? json_tree::number(*speed) : std::optional<double>(1.0);
    constexpr double kSlowest = 0.5, kFastest = 2.0;  // of the service's prosody
    if (!number) return shared::bad_request("speed", "must be a number");
    call.body =
        ssml(own.empty() ? given : own, rate_of(std::clamp(*number, kSlowest, kFastest)), input);
    call.characters = openai::characters(json_tree::write(json::value(input)));
    return call;
}

std::string speech_url(std::string_view base) {
    constexpr std::string_view kPath = "/cognitiveservices/v1";
    constexpr std::string_view kRegions = ".api.cognitive.microsoft.com";
    base = base.substr(0, base.find('?'));
    while (base.ends_with('/')) base.remove_suffix(1);
    if (base.empty() || base.ends_with(kPath)) return std::string(base);
    const std::string_view origin = openai::origin_of(base);
    if (!origin.ends_with(kRegions)) return std::string(base).append(kPath);
    std::string url(origin.substr(0, origin.size() - kRegions.size()));
    return url.append(".tts.speech.microsoft.com").append(kPath);
}

}  // namespace patchbay::azure
