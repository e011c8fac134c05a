#include "engine/surface/bedrock/converse_settings.hpp"

#include <algorithm>
#include <array>
#include <patchbay/json_tree.hpp>
#include <utility>

#include "engine/surface/anthropic/messages_thinking.hpp"
#include "engine/surface/hub/tool_schema.hpp"

namespace patchbay::surface {

namespace {

constexpr std::string_view kFormatName = "response";  // OpenAI wants one

struct Number {
    std::string_view converse;
    std::string_view chat;
};
constexpr std::array kNumbers{
    Number{"maxTokens", "max_tokens"},
    Number{"temperature", "temperature"},
    Number{"topK", "top_k"},
    Number{"topP", "top_p"},
};

Result<void> write_stops(const json::value& value, const Place& place, json::object& chat) {
    const auto* given = value.if_array();
    if (!given) return bad_shape(place, "must be an array of strings");
    json::array sequences;
    for (std::size_t i = 0; i < given->size(); ++i) {
        const auto* sequence = (*given)[i].if_string();
        if (!sequence) return bad_shape(Place(i, &place), "must be a string");
        if (!sequence->empty()) sequences.emplace_back(*sequence);
    }
    if (!sequences.empty()) chat["stop"] = std::move(sequences);
    return {};
}

Result<void> write_schema(const json::object& format, const Place& place, Reading& reading,
                          json::object& chat) {
    const Place above("structure", &place);
    const Place at("jsonSchema", &above);
    const auto* structure = find_object(format, "structure");
    const auto* given = structure ? find_object(*structure, "jsonSchema") : nullptr;
    if (!given) return bad_shape(at, "must be an object");
    const auto tree = json_tree::read(text(*given, "schema"));
    if (!tree || !as_object(&tree.value)) {
        return bad_shape(Place("schema", &at), "must be the text of a JSON object");
    }
    const bool strict = is_strict_schema(tree.value);
    if (!strict) reading.note(at);
    const auto name = text(*given, "name");
    json::object named{{"name", name.empty() ? kFormatName : name}, {"schema", tree.value}};
    if (const auto words = text(*given, "description"); !words.empty()) {
        named["description"] = words;
    }
    named["strict"] = strict;
    chat["response_format"] =
        json::object{{"type", "json_schema"}, {"json_schema", std::move(named)}};
    return {};
}

}  // namespace

Result<void> write_inference_config(const json::value& value, const Place& place, Reading& reading,
                                    json::object& chat) {
    const auto* config = as_object(&value);
    if (!config) return bad_shape(place, "must be an object");
    for (const auto& member : *config) {
        const std::string_view name = member.key();
        if (member.value().is_null()) continue;
        const Place at(name, &place);
        if (name == "stopSequences") {
            if (auto written = write_stops(member.value(), at, chat); !written) return written;
            continue;
        }
        const auto* known = std::find_if(kNumbers.begin(), kNumbers.end(),
                                         [&](const Number& row) { return row.converse == name; });
        if (known == kNumbers.end()) {
            reading.note(at);
        } else if (!json_tree::is_number(member.value())) {
            return bad_shape(at, "must be a number");
        } else {
            chat[known->chat] = member.value();
        }
    }
    return {};
}

Result<void> write_output_config(const json::value& value, const Place& place, Reading& reading,
                                 json::object& chat) {
    const auto* config = as_object(&value);
    if (!config) return bad_shape(place, "must be an object");
    for (const auto& member : *config) {
        const std::string_view name = member.key();
        const bool known = name == "textFormat" || name == "effort";
        if (!known && !member.value().is_null()) reading.note(Place(name, &place));
    }
    if (const auto* effort = find(*config, "effort")) {
        const json::object claude{{"output_config", {{"effort", *effort}}}};
        if (auto written = write_thinking(claude, reading, chat); !written) return written;
    }
    const auto* given = find(*config, "textFormat");
    if (!given) return {};
    const Place at("textFormat", &place);
    const auto* format = as_object(given);
    if (!format || text(*format, "type") != "json_schema") {
        return bad_shape(Place("type", &at), "must be json_schema");
    }
    return write_schema(*format, at, reading, chat);
}

Result<void> write_service_tier(const json::value& value, const Place& place, Reading& reading,
                                json::object& chat) {
    const auto* given = as_object(&value);
    const auto tier = given ? text(*given, "type") : std::string_view();
    if (tier.empty()) return bad_shape(Place("type", &place), "must be a string");
    if (tier == "reserved") {
        reading.note(place);
    } else {
        chat["service_tier"] = tier;
    }
    return {};
}

Result<void> write_performance(const json::value& value, const Place& place, Reading& reading,
                               json::object&) {
    const auto* given = as_object(&value);
    if (!given) return bad_shape(place, "must be an object");
    const auto latency = text(*given, "latency");
    if (!latency.empty() && latency != "standard") reading.note(place);
    return {};
}

}  // namespace patchbay::surface
