#include "generation.hpp"

#include <algorithm>
#include <array>
#include <patchbay/sdk.hpp>
#include <string>
#include <utility>

#include "camel.hpp"
#include "thinking.hpp"

namespace patchbay::google {

namespace {

constexpr std::size_t kMaxStops = 5;  // Google, "GenerationConfig"

struct Number {
    std::string_view from;
    std::string_view to;
};
// The later of two with one name upstream wins.
constexpr std::array kNumbers{
    Number{"temperature", "temperature"},
    Number{"top_p", "topP"},
    Number{"n", "candidateCount"},
    Number{"seed", "seed"},
    Number{"presence_penalty", "presencePenalty"},
    Number{"frequency_penalty", "frequencyPenalty"},
    Number{"max_tokens", "maxOutputTokens"},
    Number{"max_completion_tokens", "maxOutputTokens"},
    Number{"top_logprobs", "logprobs"},
};

// Google's reference, "GenerationConfig", without those that OpenAI has under the same name.
constexpr std::array<std::string_view, 26> kFields{"audioTimestamp",
                                                   "candidateCount",
                                                   "enableAffectiveDialog",
                                                   "enableEnhancedCivicAnswers",
                                                   "frequencyPenalty",
                                                   "imageConfig",
                                                   "maxOutputTokens",
                                                   "mediaResolution",
                                                   "modelConfig",
                                                   "modelSelectionConfig",
                                                   "presencePenalty",
                                                   "responseJsonSchema",
                                                   "responseLogprobs",
                                                   "responseMimeType",
                                                   "responseModalities",
                                                   "responseSchema",
                                                   "routingConfig",
                                                   "seed",
                                                   "speechConfig",
                                                   "stopSequences",
                                                   "temperature",
                                                   "thinkingConfig",
                                                   "topK",
                                                   "topP",
                                                   "videoConfig",
                                                   "translationConfig"};

Result<void> set_stop(const json::object& client, json::object& config) {
    const auto* stop = find(client, "stop");
    if (!stop) return {};
    json::array sequences;
    const auto* list = stop->if_array();
    if (!list && !stop->is_string()) {
        return bad_request("stop", "must be a string or an array of strings");
    }
    const json::array one{*stop};
    for (const auto& sequence : list ? *list : one) {
        const auto* words = sequence.if_string();
        if (!words) return bad_request("stop", "must be a string or an array of strings");
        if (!words->empty() && sequences.size() < kMaxStops) sequences.emplace_back(*words);
    }
    if (!sequences.empty()) config["stopSequences"] = std::move(sequences);
    return {};
}

Result<void> set_format(const json::object& client, json::object& config) {
    const auto* given = find(client, "response_format");
    if (!given) return {};
    const auto* format = given->if_object();
    if (!format) return bad_request("response_format", "must be an object");
    const auto type = text(*format, "type");
    if (type.empty() || type == "text") return {};
    const auto* named = find_object(*format, "json_schema");
    const json::value* schema = named ? find(*named, "schema") : find(*format, "response_schema");
    if (type == "json_schema" && !schema) {
        return bad_request("response_format.json_schema.schema", "must be an object");
    }
    const bool words = type == "text/x.enum";
    config["responseMimeType"] = words ? type : "application/json";
    if (schema) config[words ? "responseSchema" : "responseJsonSchema"] = *schema;
    return {};
}

Result<void> set_kinds(const json::object& client, json::object& config) {
    if (const auto* given = find(client, "modalities")) {
        const auto* list = given->if_array();
        if (!list) return bad_request("modalities", "must be an array of strings");
        json::array kinds;
        for (const auto& kind : *list) {
            const auto* word = kind.if_string();
            if (!word) return bad_request("modalities", "must be an array of strings");
            std::string upper(view(*word));
            for (char& c : upper) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
            kinds.emplace_back(upper);
        }
        config["responseModalities"] = std::move(kinds);
    }
    if (const auto* audio = find_object(client, "audio")) {
        const auto format = text(*audio, "format", "pcm16");
        if (format != "pcm16") {
            return bad_request("audio.format", "must be pcm16, the only one that Google makes");
        }
        config["speechConfig"] = speech_config(text(*audio, "voice"));
    }
    return {};
}

}  // namespace

json::object speech_config(std::string_view voice) {
    if (voice.empty()) return {};
    return {{"voiceConfig", {{"prebuiltVoiceConfig", {{"voiceName", voice}}}}}};
}

bool is_generation_field(std::string_view name) {
    return std::find(kFields.begin(), kFields.end(), name) != kFields.end();
}

Result<json::object> generation_config(const json::object& client, const ModelTraits& traits,
                                       const RequestOptions& options) {
    json::object config;
    for (const auto& [from, to] : kNumbers) {
        const auto* value = find(client, from);
        if (!value) continue;
        if (!is_number(*value)) return bad_request(std::string(from), "must be a number");
        config[to] = *value;
    }
    if (is_true(&client, "logprobs")) config["responseLogprobs"] = true;
    for (const auto set : {set_stop, set_format, set_kinds}) {
        if (auto done = set(client, config); !done) return done.error();
    }
    auto thinking = thinking_config(client, traits);
    if (!thinking) return thinking.error();
    if (!thinking->empty()) config["thinkingConfig"] = std::move(*thinking);
    for (const auto& [name, value] : client) {
        const auto field = camel_case(name);
        const bool own = is_generation_field(field);
        if (own && !value.is_null()) config[field] = value;
        if (bay::list_has(options.allowed_params, name) && !config.contains(field) && !own) {
            config[name] = value;
        }
    }
    return config;
}

}  // namespace patchbay::google
