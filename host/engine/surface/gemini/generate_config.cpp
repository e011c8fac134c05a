#include "engine/surface/gemini/generate_config.hpp"

#include <algorithm>
#include <array>
#include <patchbay/json_tree.hpp>
#include <string>
#include <utility>

#include "engine/surface/gemini/fields.hpp"
#include "engine/surface/gemini/generate_parts.hpp"
#include "engine/surface/gemini/schema.hpp"
#include "engine/surface/hub/effort.hpp"
#include "engine/surface/hub/members.hpp"
#include "engine/surface/hub/tool_schema.hpp"

namespace patchbay::surface {

namespace {

constexpr std::string_view kFormatName = "response";  // LiteLLM's; OpenAI wants one

struct Target {
    Reading& reading;
    json::object& chat;
    GenerationFacts& facts;
};

// Protobuf's JSON takes numbers as text, too.
Result<void> write_number(std::string_view name, const json::value& value, const Place& place,
                          Target& to) {
    if (json_tree::is_number(value)) {
        to.chat[name] = value;
        return {};
    }
    const auto* words = value.if_string();
    const auto tree = words ? json_tree::read(view(*words)) : json_tree::Tree();
    if (!words || !tree || !json_tree::is_number(tree.value)) {
        return bad_shape(place, "must be a number");
    }
    to.chat[name] = tree.value;
    return {};
}

template <const std::string_view& Name>
Result<void> number(const json::value& value, const Place& place, Target& to) {
    return write_number(Name, value, place, to);
}

constexpr std::string_view kFrequencyPenalty = "frequency_penalty";
constexpr std::string_view kMaxTokens = "max_tokens";
constexpr std::string_view kPresencePenalty = "presence_penalty";
constexpr std::string_view kSeed = "seed";
constexpr std::string_view kTemperature = "temperature";
constexpr std::string_view kTopK = "top_k";
constexpr std::string_view kTopLogprobs = "top_logprobs";
constexpr std::string_view kTopP = "top_p";

Result<void> candidate_count(const json::value& value, const Place& place, Target& to) {
    auto written = write_number("n", value, place, to);
    if (written && json_tree::number(to.chat["n"]) == 1.0) to.chat.erase("n");
    return written;
}

Result<void> stop_sequences(const json::value& value, const Place& place, Target& to) {
    const auto* given = value.if_array();
    if (!given) return bad_shape(place, "must be an array of strings");
    json::array sequences;
    for (std::size_t i = 0; i < given->size(); ++i) {
        const auto* sequence = (*given)[i].if_string();
        if (!sequence) return bad_shape(Place(i, &place), "must be a string");
        if (!sequence->empty()) sequences.emplace_back(*sequence);
    }
    if (!sequences.empty()) to.chat["stop"] = std::move(sequences);
    return {};
}

Result<void> response_logprobs(const json::value& value, const Place& place, Target& to) {
    if (!value.is_bool()) return bad_shape(place, "must be a boolean");
    if (value.get_bool()) to.chat["logprobs"] = true;
    return {};
}

Result<void> response_modalities(const json::value& value, const Place& place, Target& to) {
    const auto* given = value.if_array();
    if (!given) return bad_shape(place, "must be an array of strings");
    const bool text_only = std::all_of(given->begin(), given->end(), [](const json::value& kind) {
        return kind == json::value("TEXT") || kind == json::value("MODALITY_UNSPECIFIED");
    });
    if (!text_only) to.reading.refuse(place);
    return {};
}

Result<void> media_resolution(const json::value& value, const Place& place, Target& to) {
    const auto* resolution = value.if_string();
    if (!resolution) return bad_shape(place, "must be a string");
    to.facts.detail = detail_of(view(*resolution));
    if (to.facts.detail.empty()) to.reading.note(place);
    return {};
}

struct Level {
    std::string_view level;
    std::string_view effort;  ///< empty: as the model likes
};
constexpr std::array kLevels{
    Level{"THINKING_LEVEL_UNSPECIFIED", ""},
    Level{"MINIMAL", "minimal"},
    Level{"LOW", "low"},
    Level{"MEDIUM", "medium"},
    Level{"HIGH", "high"},
};

std::string upper(std::string_view word) {
    std::string made(word);
    for (char& c : made) {
        if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
    }
    return made;
}

Result<void> write_level(const json::value& value, const Place& place, Target& to) {
    const auto* given = value.if_string();
    const auto name = given ? upper(view(*given)) : std::string();
    const auto* known = std::find_if(kLevels.begin(), kLevels.end(),
                                     [&](const Level& row) { return row.level == name; });
    if (known == kLevels.end()) return bad_shape(place, "must be MINIMAL, LOW, MEDIUM or HIGH");
    if (!known->effort.empty()) to.chat["reasoning_effort"] = known->effort;
    return {};
}

// -1 lets the model decide, 0 turns thinking off.
Result<void> write_budget(const json::value& value, const Place& place, Target& to) {
    const auto* words = value.if_string();
    const auto tree = words ? json_tree::read(view(*words)) : json_tree::Tree();
    const auto budget = json_tree::number(words && tree ? tree.value : value);
    constexpr double kMost = 1e9;
    if (!budget || *budget < -1 || *budget > kMost) {
        return bad_shape(place, "must be -1, 0 or a number of tokens");
    }
    if (*budget < 0) return {};
    const auto tokens = static_cast<std::uint64_t>(*budget);
    if (tokens == 0) {
        to.chat["thinking"] = json::object{{"type", "disabled"}};
        return {};
    }
    to.chat["thinking"] = json::object{{"type", "enabled"}, {"budget_tokens", tokens}};
    to.chat["reasoning_effort"] = effort_of_budget(tokens);
    return {};
}

Result<void> thinking_config(const json::value& value, const Place& place, Target& to) {
    const auto* config = as_object(&value);
    if (!config) return bad_shape(place, "must be an object");
    to.facts.thoughts = flag_field(*config, "includeThoughts");
    if (const auto* level = field(*config, "thinkingLevel")) {
        return write_level(*level, Place("thinkingLevel", &place), to);
    }
    const auto* budget = field(*config, "thinkingBudget");
    return budget ? write_budget(*budget, Place("thinkingBudget", &place), to) : Result<void>();
}

Result<void> refused(const json::value&, const Place& place, Target& to) {
    to.reading.refuse(place);
    return {};
}

Result<void> noted(const json::value&, const Place& place, Target& to) {
    to.reading.note(place);
    return {};
}

using Member = MemberRow<Target>;

// Google's reference of the Gemini API, "GenerationConfig".
constexpr std::array kMembers{
    Member{"audioTimestamp", noted},
    Member{"candidateCount", candidate_count},
    Member{"enableAffectiveDialog", refused},
    Member{"enableEnhancedCivicAnswers", noted},
    Member{"frequencyPenalty", number<kFrequencyPenalty>},
    Member{"imageConfig", refused},
    Member{"logprobs", number<kTopLogprobs>},
    Member{"maxOutputTokens", number<kMaxTokens>},
    Member{"mediaResolution", media_resolution},
    Member{"modelSelectionConfig", refused},
    Member{"presencePenalty", number<kPresencePenalty>},
    Member{"responseJsonSchema", elsewhere},
    Member{"responseLogprobs", response_logprobs},
    Member{"responseMimeType", elsewhere},
    Member{"responseModalities", response_modalities},
    Member{"responseSchema", elsewhere},
    Member{"routingConfig", refused},
    Member{"seed", number<kSeed>},
    Member{"speechConfig", refused},
    Member{"stopSequences", stop_sequences},
    Member{"temperature", number<kTemperature>},
    Member{"thinkingConfig", thinking_config},
    Member{"topK", number<kTopK>},
    Member{"topP", number<kTopP>},
};

Result<void> write_format(const json::object& config, const Place& above, Target& to) {
    const auto type = text_field(config, "responseMimeType");
    if (!type.empty() && type != "text/plain" && type != "application/json") {
        to.reading.refuse(Place("responseMimeType", &above));
        return {};
    }
    const auto* exact = field(config, "responseJsonSchema");
    const auto* given = exact ? exact : field(config, "responseSchema");
    if (!given) {
        if (type == "application/json") {
            to.chat["response_format"] = json::object{{"type", "json_object"}};
        }
        return {};
    }
    const Place place(exact ? "responseJsonSchema" : "responseSchema", &above);
    const auto* own = as_object(given);
    if (!own) return bad_shape(place, "must be an object");
    const json::value schema(exact ? *own : json_schema(*own));
    const bool strict = is_strict_schema(schema);
    if (!strict) to.reading.note(place);
    json::object named{{"name", kFormatName}, {"schema", schema}, {"strict", strict}};
    to.chat["response_format"] =
        json::object{{"type", "json_schema"}, {"json_schema", std::move(named)}};
    return {};
}

}  // namespace

Result<GenerationFacts> write_generation_config(const json::value& value, Reading& reading,
                                                json::object& chat) {
    const Place place("generationConfig");
    const auto* config = as_object(&value);
    if (!config) return bad_shape(place, "must be an object");
    GenerationFacts facts;
    Target to{reading, chat, facts};
    const auto note = [&reading](std::string_view, const json::value&, const Place& unknown) {
        reading.note(unknown);
    };
    auto members = write_members_by(camel_case, *config, &place, kMembers, note, to);
    if (!members) return members.error();
    if (auto written = write_format(*config, place, to); !written) return written.error();
    return facts;
}

}  // namespace patchbay::surface
