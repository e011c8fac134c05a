#include "schema_tool.hpp"

#include <algorithm>
#include <utility>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "patchbay/json_tree.hpp"
#include "values.hpp"

namespace patchbay::openai {

namespace json = boost::json;

namespace {

std::string_view name_of(const json::object& call) {
    return shared::text(shared::find_object(call, "function"), "name");
}

/// The arguments of a call as text; some servers write an object.
json::string arguments_of(const json::object& call) {
    const json::object* function = shared::find_object(call, "function");
    const json::value* arguments = function ? function->if_contains("arguments") : nullptr;
    if (arguments == nullptr || arguments->is_null()) return {};
    return arguments->is_string() ? arguments->get_string()
                                  : json::string(json_tree::write(*arguments));
}

void end_with_stop(json::object& choice) {
    json::value* reason = choice.if_contains("finish_reason");
    if (reason != nullptr && *reason == json::value("tool_calls")) *reason = "stop";
}

json::array* calls_of(json::object* message) {
    json::value* calls = message != nullptr ? message->if_contains("tool_calls") : nullptr;
    return calls != nullptr ? calls->if_array() : nullptr;
}

}  // namespace

std::string schema_tool(std::string_view response_format) {
    const std::string schema = schema_of_format(response_format);
    if (schema.empty()) return {};
    std::string tool(R"({"type":"function","function":{"name":")");
    tool.append(kSchemaTool).append(R"(","parameters":)").append(schema).append("}}");
    return tool;
}

std::string with_tool(std::string_view tools, std::string_view tool) {
    const auto end = tools.find_last_not_of(" \t\r\n");
    if (end == std::string_view::npos || tools.front() != '[' || tools[end] != ']') {
        return std::string(tools);
    }
    const std::string_view items = tools.substr(1, end - 1);
    const bool any = items.find_first_not_of(" \t\r\n") != std::string_view::npos;
    return std::string("[").append(items).append(any ? "," : "").append(tool).append("]");
}

std::string schema_tool_choice(std::string_view given, bool own_tools) {
    if (!own_tools || given == R"("none")") {
        return std::string(R"({"type":"function","function":{"name":")")
            .append(kSchemaTool)
            .append(R"("}})");
    }
    return given.starts_with('{') ? std::string(given) : R"("required")";
}

SchemaCalls::Answer* SchemaCalls::find(std::uint64_t choice) {
    const auto found = std::find_if(answers_.begin(), answers_.end(),
                                    [&](const Answer& answer) { return answer.choice == choice; });
    return found != answers_.end() ? &*found : nullptr;
}

bool SchemaCalls::take(json::object& choice) {
    const std::uint64_t number = shared::count(choice, "index");
    Answer* answer = find(number);
    json::object* delta = shared::find_object(choice, "delta");
    bool changed = false;
    if (json::array* calls = calls_of(delta)) {
        json::string words;
        json::array others;
        for (json::value& value : *calls) {
            const json::object* call = value.if_object();
            const std::uint64_t index = call ? shared::count(*call, "index") : 0;
            const bool begins = call && name_of(*call) == kSchemaTool;
            if (begins && answer == nullptr && answers_.size() < kMost) {
                answer = &answers_.emplace_back(Answer{number, index});
            }
            const bool own = call && answer != nullptr && answer->call == index;
            if (!own) {
                if (answer != nullptr) answer->others = true;
                others.push_back(std::move(value));
                continue;
            }
            changed = true;
            words += arguments_of(*call);
        }
        if (changed) {
            if (others.empty()) {
                delta->erase("tool_calls");
            } else {
                delta->insert_or_assign("tool_calls", std::move(others));
            }
            if (!words.empty()) delta->insert_or_assign("content", std::move(words));
        } else {
            *calls = std::move(others);
        }
    }
    if (answer == nullptr || answer->others) return changed;
    const json::value* reason = std::as_const(choice).if_contains("finish_reason");
    changed |= reason != nullptr && *reason == json::value("tool_calls");
    end_with_stop(choice);
    return changed;
}

bool take_schema_answer(json::object& choice) {
    json::object* message = shared::find_object(choice, "message");
    json::array* calls = calls_of(message);
    const json::object* call =
        calls != nullptr && calls->size() == 1 ? calls->front().if_object() : nullptr;
    if (call == nullptr || name_of(*call) != kSchemaTool) return false;
    json::string words = arguments_of(*call);
    message->erase("tool_calls");
    message->insert_or_assign("content", std::move(words));
    end_with_stop(choice);
    return true;
}

}  // namespace patchbay::openai
