#include "speech.hpp"

#include <array>
#include <charconv>
#include <utility>

#include "chat/base64.hpp"
#include "json.hpp"
#include "parts.hpp"
#include "voices.hpp"

namespace patchbay::google {

namespace {

struct NoOthers {};
using SpeechRule = shared::ParameterRule<NoOthers>;
using shared::Verdict;

Verdict known_sound(const json::value& value, const NoOthers&) {
    const bool known = value == json::value("wav") || value == json::value("pcm");
    return known ? Verdict::keep : Verdict::refuse;
}
Verdict no_sound_events(const json::value& value, const NoOthers&) {
    return value == json::value("audio") ? Verdict::leave_out : Verdict::refuse;
}
constexpr std::array kSpeechRules{
    SpeechRule{"response_format", known_sound, "only wav and pcm"},
    SpeechRule{"speed", shared::unless_one},
    SpeechRule{"stream_format", no_sound_events, "only audio"},
};

constexpr std::uint32_t kUsualRate = 24000;
constexpr std::uint16_t kSampleBytes = 2;

void append(std::string& to, std::uint64_t number, int bytes) {
    for (int i = 0; i < bytes; ++i) to += static_cast<char>(number >> (8 * i) & 0xff);
}

// Of "audio/L16;codec=pcm;rate=24000".
std::uint32_t rate_of(std::string_view media_type) {
    constexpr std::string_view kRate = "rate=";
    const auto at = media_type.find(kRate);
    if (at == std::string_view::npos) return kUsualRate;
    const auto digits = media_type.substr(at + kRate.size());
    std::uint32_t rate = 0;
    const auto [stop, error] = std::from_chars(digits.data(), digits.data() + digits.size(), rate);
    return error == std::errc() && rate > 0 ? rate : kUsualRate;
}

const json::object* sound_of(const json::value& response) {
    const auto* object = response.if_object();
    const auto* candidates = object ? find_array(*object, "candidates") : nullptr;
    const auto* first =
        candidates && !candidates->empty() ? candidates->front().if_object() : nullptr;
    const auto* content = first ? find_object(*first, "content") : nullptr;
    const auto* parts = content ? find_array(*content, "parts") : nullptr;
    for (std::size_t i = 0; parts && i < parts->size(); ++i) {
        const auto* part = (*parts)[i].if_object();
        const auto* blob = part ? find_object(*part, "inlineData") : nullptr;
        if (blob && text(*blob, "mimeType").starts_with("audio/")) return blob;
    }
    return nullptr;
}

}  // namespace

Result<SpeechCall> speech_request(std::string_view client_json, const shared::Leniency& leniency) {
    auto parsed = parse_json(client_json);
    auto* given = parsed ? parsed->if_object() : nullptr;
    if (!given) return bad_request("body", "must be a JSON object");
    auto& client = *given;
    const std::string input(text(client, "input"));
    if (input.empty()) return bad_request("input", "must be a string that is not empty");
    SpeechCall call;
    if (auto settled = shared::settle(client, kSpeechRules, NoOthers{}, leniency, call.dropped);
        !settled) {
        return settled.error();
    }
    call.wav = text(client, "response_format") != "pcm";
    std::string words(text(client, "instructions"));
    if (!words.empty()) words += ":\n";
    words += input;
    json::object config{{"responseModalities", json::array{"AUDIO"}}};
    auto voice = speech_config(find(client, "voice"));
    if (!voice.empty()) config["speechConfig"] = std::move(voice);
    json::object turn{{"role", "user"}, {"parts", json::array{text_part(words)}}};
    call.body = to_text(json::object{{"contents", json::array{std::move(turn)}},
                                     {"generationConfig", std::move(config)}});
    return call;
}

Result<Speech> speech_answer(std::string_view response_json, bool wav) {
    const auto parsed = parse_json(response_json);
    const auto* sound = parsed ? sound_of(*parsed) : nullptr;
    auto samples = sound ? shared::decode_base64(text(*sound, "data")) : std::nullopt;
    if (!samples || samples->empty()) return unreadable("it holds no sound");
    Speech speech;
    if (const auto* usage = find_object(parsed->get_object(), "usageMetadata")) {
        speech.usage.take(*usage);
    }
    speech.content_type = wav ? "audio/wav" : "audio/pcm";
    speech.bytes = wav ? wav_file(*samples, rate_of(text(*sound, "mimeType"))) : *samples;
    return speech;
}

bay_status tell_speech(const Speech& speech, bay::Out out) {
    if (const auto status = out.usage(speech.usage.to_host()); status != BAY_OK) return status;
    const auto sent = out.body(speech.content_type, speech.bytes);
    return sent == BAY_OK ? out.done() : sent;
}

std::string wav_file(std::string_view samples, std::uint32_t rate) {
    constexpr std::uint32_t kHead = 36;
    std::string file = "RIFF";
    append(file, kHead + samples.size(), 4);
    file += "WAVEfmt ";
    append(file, 16, 4);  // bytes of the description that follows
    append(file, 1, 2);   // PCM
    append(file, 1, 2);   // channels
    append(file, rate, 4);
    append(file, std::uint64_t{rate} * kSampleBytes, 4);
    append(file, kSampleBytes, 2);
    append(file, 8 * kSampleBytes, 2);
    file += "data";
    append(file, samples.size(), 4);
    return file.append(samples);
}

}  // namespace patchbay::google
