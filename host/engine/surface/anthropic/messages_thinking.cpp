#include "engine/surface/anthropic/messages_thinking.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "engine/surface/hub/effort.hpp"
#include "engine/surface/hub/tool_schema.hpp"

namespace patchbay::surface {

namespace {

constexpr std::string_view kFormatName = "structured_output";  // LiteLLM's; OpenAI wants one

struct Effort {
    std::string_view name;
    std::string_view written;
};

constexpr std::array kEfforts{
    Effort{"low", "low"},    Effort{"medium", "medium"}, Effort{"high", "high"},
    Effort{"xhigh", "high"}, Effort{"max", "high"},
};

Result<void> write_budget(const json::object& thinking, const Place& place, json::object& chat) {
    const auto budget = count(thinking, "budget_tokens");
    if (budget == 0) return bad_shape(Place("budget_tokens", &place), "must be a positive integer");
    chat["thinking"] = json::object{{"type", "enabled"}, {"budget_tokens", budget}};
    chat["reasoning_effort"] = effort_of_budget(budget);
    return {};
}

Result<void> write_effort(const json::object& config, Reading& reading, json::object& chat) {
    const auto* given = find(config, "effort");
    if (!given) return {};
    const Place above("output_config");
    const Place place("effort", &above);
    const auto name = text(config, "effort");
    const auto* effort = std::find_if(kEfforts.begin(), kEfforts.end(),
                                      [&](const Effort& row) { return row.name == name; });
    if (effort == kEfforts.end())
        return bad_shape(place, "must be low, medium, high, xhigh or max");
    if (effort->written != name) reading.note(place);
    chat["reasoning_effort"] = effort->written;
    return {};
}

Result<void> write_schema(const json::value& value, const Place& place, Reading& reading,
                          json::object& chat) {
    const auto* format = as_object(&value);
    if (!format || text(*format, "type") != "json_schema") {
        return bad_shape(Place("type", &place), "must be json_schema");
    }
    const auto* schema = format->if_contains("schema");
    if (!as_object(schema)) return bad_shape(Place("schema", &place), "must be an object");
    const bool strict = is_strict_schema(*schema);
    if (!strict) reading.note(place);
    json::object named{{"name", kFormatName}, {"schema", *schema}, {"strict", strict}};
    chat["response_format"] =
        json::object{{"type", "json_schema"}, {"json_schema", std::move(named)}};
    return {};
}

}  // namespace

Result<void> write_thinking(const json::object& request, Reading& reading, json::object& chat) {
    if (const auto* value = find(request, "thinking")) {
        const Place place("thinking");
        const auto* thinking = as_object(value);
        const auto type = thinking ? text(*thinking, "type") : std::string_view();
        if (type.empty()) return bad_shape(Place("type", &place), "must be a string");
        if (type == "enabled") {
            if (auto written = write_budget(*thinking, place, chat); !written) return written;
        } else if (type == "disabled") {
            chat["thinking"] = json::object{{"type", "disabled"}};
            const auto* config = find_object(request, "output_config");
            if (config && find(*config, "effort")) reading.note("output_config.effort");
            return {};
        }
    }
    const auto* config = find_object(request, "output_config");
    return config ? write_effort(*config, reading, chat) : Result<void>();
}

Result<void> write_format(const json::object& request, Reading& reading, json::object& chat) {
    const Place config_place("output_config");
    if (const auto* value = find(request, "output_config")) {
        const auto* config = as_object(value);
        if (!config) return bad_shape(config_place, "must be an object");
        for (const auto& member : *config) {
            const std::string_view name = member.key();
            if (name != "effort" && name != "format" && !member.value().is_null()) {
                reading.note(config_place);
            }
        }
        if (const auto* format = find(*config, "format")) {
            return write_schema(*format, Place("format", &config_place), reading, chat);
        }
    }
    const auto* older = find(request, "output_format");
    return older ? write_schema(*older, Place("output_format"), reading, chat) : Result<void>();
}

}  // namespace patchbay::surface
