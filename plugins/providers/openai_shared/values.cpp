#include "values.hpp"

#include <algorithm>
#include <charconv>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::openai {

namespace json = boost::json;
using Kind = ValueAction::Kind;

namespace {

std::string_view type_of(const json::value& value) {
    const json::object* object = value.if_object();
    const json::value* type = object != nullptr ? object->if_contains("type") : nullptr;
    return type != nullptr && type->is_string() ? std::string_view(type->get_string())
                                                : std::string_view{};
}

struct EffortRow {
    std::string_view json;
    std::uint64_t budget;
};

// LiteLLM's budgets.
constexpr EffortRow kEfforts[] = {
    {"\"minimal\"", 1024}, {"\"low\"", 1024},   {"\"medium\"", 2048},
    {"\"high\"", 4096},    {"\"xhigh\"", 8192}, {"\"max\"", 16384},
};

ValueAction choice(ChoiceAction action) {
    switch (action) {
        case ChoiceAction::keep:
            return {};
        case ChoiceAction::unsupported:
            return {Kind::unsupported, {}};
        case ChoiceAction::any:
            return {Kind::replace, "\"any\""};
        case ChoiceAction::as_message:
            return {Kind::drop, {}};
    }
    return {};
}

bool drop_keys(json::value& value, const std::vector<std::string>& keys) {
    bool changed = false;
    if (json::array* array = value.if_array()) {
        for (json::value& item : *array) changed |= drop_keys(item, keys);
    } else if (json::object* object = value.if_object()) {
        for (const std::string& key : keys) {
            // A schema, such as the one of all other members, says more than yes or no.
            const json::value* const given = object->if_contains(key);
            if (given != nullptr && !given->is_object()) changed |= object->erase(key) > 0;
        }
        for (auto& member : *object) {
            // Below "properties" the names are the tool's own arguments, not keywords.
            if (member.key() == "properties" && member.value().is_object()) {
                for (auto& property : member.value().get_object()) {
                    changed |= drop_keys(property.value(), keys);
                }
            } else {
                changed |= drop_keys(member.value(), keys);
            }
        }
    }
    return changed;
}

}  // namespace

ValueAction apply_tool_choice(const ToolChoiceRule& rule, std::string_view text) {
    if (text == "\"required\"") return choice(rule.required);
    if (text.starts_with('{')) return choice(rule.named);
    return {};
}

ValueAction apply_response_format(FormatRule rule, std::string_view text) {
    if (rule == FormatRule::keep) return {};
    auto value = shared::parse_json(text);
    if (!value || !value->is_object()) return {};
    json::object& format = value->get_object();
    const std::string_view type = type_of(*value);
    switch (rule) {
        case FormatRule::keep:
            break;
        case FormatRule::drop_text:
            if (type == "text") return {Kind::drop, {}};
            break;
        case FormatRule::schema_as_tool:
        case FormatRule::only_schema_as_tool: {
            const bool alone = rule == FormatRule::only_schema_as_tool;
            const bool drops = type == "json_schema" ? !schema_of_format(text).empty() : alone;
            if (drops) return {Kind::drop, {}};
            break;
        }
        case FormatRule::only_json_schema:
            if (type != "json_schema") return {Kind::drop, {}};
            break;
        case FormatRule::schema_in_message:
            if (type == "json_schema") return {Kind::replace, R"({"type":"json_object"})"};
            break;
        case FormatRule::schema_in_json_object: {
            const json::value* schema = format.if_contains("json_schema");
            if (type != "json_schema" || schema == nullptr || !schema->is_object()) break;
            const json::value* inner = schema->get_object().if_contains("schema");
            if (inner == nullptr) break;
            json::object changed{{"type", "json_object"}, {"schema", *inner}};
            return {Kind::replace, json_tree::write(changed)};
        }
        case FormatRule::response_schema: {
            const json::value* schema = format.if_contains("response_schema");
            if (schema == nullptr || !schema->is_object()) break;
            json::object changed{
                {"type", "json_schema"},
                {"json_schema", {{"name", "json_object"}, {"schema", *schema}, {"strict", true}}}};
            return {Kind::replace, json_tree::write(changed)};
        }
    }
    return {};
}

std::optional<double> number(std::string_view text) {
    double value = 0;
    const auto parsed = std::from_chars(text.data(), text.data() + text.size(), value);
    if (parsed.ec != std::errc{} || parsed.ptr != text.data() + text.size()) return std::nullopt;
    return value;
}

ValueAction apply_temperature(const Dialect& dialect, std::string_view text, bool has_n_gt_1) {
    const auto given = number(text);
    if (!given) return {};
    double value = *given;
    if (dialect.temperature_max) value = std::min(value, *dialect.temperature_max);
    if (dialect.temperature_min) value = std::max(value, *dialect.temperature_min);
    if (dialect.temperature_min_with_n && has_n_gt_1) {
        value = std::max(value, *dialect.temperature_min_with_n);
    }
    if (value == *given) return {};
    char buffer[32];
    const auto end = std::to_chars(buffer, buffer + sizeof buffer, value).ptr;
    return {Kind::replace, std::string(buffer, end)};
}

ValueAction apply_tools(const Dialect& dialect, std::string_view text) {
    const bool marks =
        !dialect.messages.keep_cache_control && shared::mentions(text, "\"cache_control\"");
    const auto mentioned = [&](const std::string& key) { return shared::mentions(text, key); };
    const auto& keywords = dialect.tool_schema_drop;
    const bool clean = std::any_of(keywords.begin(), keywords.end(), mentioned);
    if (!marks && !clean) return {};
    auto value = shared::parse_json(text);
    if (!value || !value->is_array()) return {};
    bool changed = false;
    for (json::value& tool : value->get_array()) {
        json::object* object = tool.if_object();
        if (object == nullptr) continue;
        json::value* function = object->if_contains("function");
        if (marks) {
            changed |= object->erase("cache_control") > 0;
            if (function != nullptr && function->is_object()) {
                changed |= function->get_object().erase("cache_control") > 0;
            }
        }
        if (clean) changed |= drop_keys(function != nullptr ? *function : tool, keywords);
    }
    if (!changed) return {};
    return {Kind::replace, json_tree::write(*value)};
}

ValueAction apply_thinking_switch(std::string_view text) {
    const auto value = shared::parse_json(text);
    if (!value) return {};
    const std::string_view type = type_of(*value);
    if (type == "disabled") return {Kind::replace, R"({"type":"disabled"})"};
    if (type.empty()) return {};
    return {Kind::replace, R"({"type":"enabled"})"};
}

ValueAction apply_effort_object(std::string_view text) {
    const auto value = shared::parse_json(text);
    const auto* object = value ? value->if_object() : nullptr;
    const auto* effort = object ? object->if_contains("effort") : nullptr;
    if (effort == nullptr || !effort->is_string()) return {Kind::drop, {}};
    return {Kind::replace, json_tree::write(*effort)};
}

ValueAction apply_effort_words(const std::vector<Rename>& words, std::string_view text) {
    if (text.size() < 2 || text.front() != '"') return {};
    const std::string_view given = text.substr(1, text.size() - 2);
    for (const Rename& word : words) {
        if (word.from != given && word.from != "*") continue;
        if (word.to.empty()) return {Kind::drop, {}};
        if (word.to == given) return {};
        return {Kind::replace, json_tree::write(json::value(word.to))};
    }
    return {};
}

ValueAction apply_stop(std::string_view stop) {
    constexpr std::size_t kMost = 4;
    if (!stop.starts_with('[')) return {};
    auto value = shared::parse_json(stop);
    json::array* list = value ? value->if_array() : nullptr;
    if (list == nullptr || list->size() <= kMost) return {};
    list->resize(kMost);
    return {Kind::replace, json_tree::write(*value)};
}

bool is_thinking_off(std::string_view thinking) {
    const auto value = shared::parse_json(thinking);
    return value && type_of(*value) == "disabled";
}

std::uint64_t budget_of_effort(std::string_view text) {
    const auto row = std::find_if(std::begin(kEfforts), std::end(kEfforts),
                                  [&](const EffortRow& known) { return known.json == text; });
    return row != std::end(kEfforts) ? row->budget : 0;
}

std::string effort_of_thinking(std::string_view text) {
    const auto value = shared::parse_json(text);
    if (!value || !value->is_object() || type_of(*value) == "disabled") return {};
    const std::uint64_t tokens = shared::count(value->get_object(), "budget_tokens");
    if (tokens >= kEfforts[3].budget) return "high";
    return tokens >= kEfforts[2].budget ? "medium" : "low";
}

std::uint64_t budget_of_thinking(std::string_view text) {
    const auto value = shared::parse_json(text);
    if (!value || !value->is_object() || type_of(*value) != "enabled") return 0;
    return shared::count(value->get_object(), "budget_tokens");
}

std::string schema_of_format(std::string_view text) {
    const auto value = shared::parse_json(text);
    if (!value || type_of(*value) != "json_schema") return {};
    const json::object* described = shared::find_object(value->get_object(), "json_schema");
    const json::object* schema = shared::find_object(described, "schema");
    return schema != nullptr ? json_tree::write(*schema) : std::string();
}

std::vector<std::pair<std::string, std::string>> members_of(std::string_view text) {
    std::vector<std::pair<std::string, std::string>> members;
    const auto value = shared::parse_json(text);
    const json::object* object = value ? value->if_object() : nullptr;
    if (object == nullptr) return members;
    for (const auto& member : *object) {
        const std::string quoted = json_tree::write(json::value(member.key()));
        members.emplace_back(quoted.substr(1, quoted.size() - 2), json_tree::write(member.value()));
    }
    return members;
}

ValueAction with_include_usage(std::string_view text) {
    auto value = shared::parse_json(text);
    if (!value || !value->is_object()) return {Kind::replace, R"({"include_usage":true})"};
    json::object& options = value->get_object();
    const json::value* asked = options.if_contains("include_usage");
    if (asked != nullptr && asked->is_bool() && asked->get_bool()) return {};
    options["include_usage"] = true;
    return {Kind::replace, json_tree::write(options)};
}

}  // namespace patchbay::openai
