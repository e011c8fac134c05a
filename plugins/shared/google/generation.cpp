#include "generation.hpp"

#include <algorithm>
#include <array>
#include <patchbay/sdk.hpp>
#include <string>
#include <utility>

#include "camel.hpp"
#include "thinking.hpp"
#include "voices.hpp"

namespace patchbay::google {

namespace {

constexpr std::size_t kMaxStops = 5;  // Google, "GenerationConfig"

/// One name, and what it is called upstream.
struct Name {
    std::string_view from;
    std::string_view to;
};
// The later of two with one name upstream wins.
constexpr std::array kNumbers{
    Name{"temperature", "temperature"},
    Name{"top_p", "top_p"},
    Name{"n", "candidate_count"},
    Name{"seed", "seed"},
    Name{"presence_penalty", "presence_penalty"},
    Name{"frequency_penalty", "frequency_penalty"},
    Name{"max_tokens", "max_output_tokens"},
    Name{"max_completion_tokens", "max_output_tokens"},
    Name{"top_logprobs", "logprobs"},
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

// Those of them that LiteLLM writes in Google's other spelling, and Patchbay with it: what answers in
// Google's place is known to take what LiteLLM sends.
constexpr std::array kOtherSpelling{
    Name{"candidateCount", "candidate_count"},
    Name{"frequencyPenalty", "frequency_penalty"},
    Name{"maxOutputTokens", "max_output_tokens"},
    Name{"presencePenalty", "presence_penalty"},
    Name{"responseJsonSchema", "response_json_schema"},
    Name{"responseMimeType", "response_mime_type"},
    Name{"responseSchema", "response_schema"},
    Name{"stopSequences", "stop_sequences"},
    Name{"topK", "top_k"},
    Name{"topP", "top_p"},
};

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
    if (!sequences.empty()) config["stop_sequences"] = std::move(sequences);
    return {};
}

Result<void> set_format(const json::object& client, json::object& config) {
    const auto* given = find(client, "response_format");
    if (!given) return {};
    const auto* format = given->if_object();
    if (!format) return bad_request("response_format", "must be an object");
    const auto type = text(*format, "type");
    if (type.empty()) return {};
    if (type == "text") {
        config["response_mime_type"] = "text/plain";
        return {};
    }
    const auto* named = find_object(*format, "json_schema");
    const json::value* schema = named ? find(*named, "schema") : find(*format, "response_schema");
    if (type == "json_schema" && !schema) {
        return bad_request("response_format.json_schema.schema", "must be an object");
    }
    const bool words = type == "text/x.enum";
    config["response_mime_type"] = words ? type : "application/json";
    if (schema) config[words ? "response_schema" : "response_json_schema"] = *schema;
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
        config["speechConfig"] = speech_config(find(*audio, "voice"));
    }
    return {};
}

}  // namespace

std::string_view generation_field(std::string_view name) {
    const auto field = camel_case(name);
    const auto* known = std::find(kFields.begin(), kFields.end(), field);
    if (known == kFields.end()) return {};
    const auto* other = std::find_if(kOtherSpelling.begin(), kOtherSpelling.end(),
                                     [&](const Name& row) { return row.from == *known; });
    return other == kOtherSpelling.end() ? *known : other->to;
}

Result<json::object> generation_config(const json::object& client, const ModelTraits& traits,
                                       const RequestOptions& options, bay::Dropped& dropped) {
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
    if (const auto* stop = find_array(client, "stop"); stop && stop->size() > kMaxStops) {
        dropped.add("stop");
    }
    auto thinking = thinking_config(client, traits);
    if (!thinking) return thinking.error();
    if (!thinking->empty()) config["thinkingConfig"] = std::move(*thinking);
    for (const auto& [name, value] : client) {
        const auto field = generation_field(name);
        if (!field.empty()) {
            if (!value.is_null()) config[field] = value;
        } else if (bay::list_has(options.allowed_params, name)) {
            config[name] = value;
        }
    }
    return config;
}

}  // namespace patchbay::google
