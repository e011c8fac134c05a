// Tested by message_turns_test.cpp.
#include "message_turns.hpp"

#include <utility>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::openai {

namespace json = boost::json;

namespace {

constexpr std::string_view kSystem = "supports_system_message";
constexpr std::string_view kAlternate = "ensure_alternating_roles";
constexpr std::string_view kContinue = "Please continue.";

std::string_view role_of(const json::value& message) {
    const json::object* object = message.if_object();
    return object != nullptr ? shared::text(*object, "role") : std::string_view();
}

json::array parts_of(const json::value& content) {
    if (const json::array* parts = content.if_array()) return *parts;
    json::array parts;
    if (const json::string* text = content.if_string(); text != nullptr && !text->empty()) {
        parts.push_back(json::object{{"type", "text"}, {"text", *text}});
    }
    return parts;
}

/// Both one behind the other: a string of two strings, else a list of parts.
json::value joined(const json::value& first, const json::value& second) {
    if (first.is_string() && second.is_string()) {
        return json::string(std::string(first.get_string()) + " " +
                            std::string(second.get_string()));
    }
    json::array parts = parts_of(first);
    for (json::value& part : parts_of(second)) parts.push_back(std::move(part));
    return parts;
}

json::array without_system(const json::array& messages) {
    json::array made;
    const json::value none;
    const json::value* pending = nullptr;  // what the system said last
    const auto told = [&](const json::value& content) {
        made.push_back(json::object{{"role", "user"}, {"content", content}});
    };
    for (const json::value& message : messages) {
        const std::string_view role = role_of(message);
        if (role == "system" || role == "developer") {
            if (pending != nullptr) told(*pending);
            const json::value* content = message.get_object().if_contains("content");
            pending = content != nullptr ? content : &none;
            continue;
        }
        if (pending != nullptr && (role == "user" || role == "assistant")) {
            json::object merged = message.get_object();
            const json::value* content = merged.if_contains("content");
            json::value whole = joined(*pending, content != nullptr ? *content : none);
            merged["content"] = std::move(whole);
            made.push_back(std::move(merged));
        } else {
            if (pending != nullptr) told(*pending);
            made.push_back(message);
        }
        pending = nullptr;
    }
    if (pending != nullptr) told(*pending);
    return made;
}

/// The side that speaks; empty for what belongs to the turn around it.
std::string_view speaker(const json::value& message) {
    const std::string_view role = role_of(message);
    if (role == "user") return role;
    if (role != "assistant") return {};
    const json::array* calls = shared::find_array(message.get_object(), "tool_calls");
    return calls != nullptr && !calls->empty() ? std::string_view() : role;
}

json::object continuation(const json::object& params, std::string_view name,
                          std::string_view role) {
    const json::object* given = shared::find_object(params, name);
    return given != nullptr ? *given : json::object{{"role", role}, {"content", kContinue}};
}

json::array alternating(const json::object& params, const json::array& messages) {
    const json::object user = continuation(params, "user_continue_message", "user");
    const json::object assistant = continuation(params, "assistant_continue_message", "assistant");
    json::array made;
    std::string_view last;  // who spoke
    for (const json::value& message : messages) {
        const std::string_view who = speaker(message);
        const bool first = made.empty() && role_of(message) == "assistant";
        const bool adjacent = !made.empty() && role_of(made.back()) == "assistant";
        if (first || (who == "assistant" && (last == who || adjacent))) made.push_back(user);
        if (who == "user" && last == who) made.push_back(assistant);
        made.push_back(message);
        if (!who.empty()) last = who;
    }
    if (!made.empty() && role_of(made.back()) == "assistant") made.push_back(user);
    return made;
}

}  // namespace

std::optional<std::string> fit_turns(std::string_view params, std::string_view json) {
    if (params.find(kSystem) == std::string_view::npos &&
        params.find(kAlternate) == std::string_view::npos) {
        return std::nullopt;
    }
    const auto told = shared::parse_json(params);
    const json::object* settings = told ? told->if_object() : nullptr;
    auto value = shared::parse_json(json);
    json::array* messages = value ? value->if_array() : nullptr;
    if (settings == nullptr || messages == nullptr) return std::nullopt;
    const json::value* system = shared::find(*settings, kSystem);
    const bool merges = system != nullptr && system->is_bool() && !system->get_bool();
    const bool alternates = shared::is_true(settings, kAlternate);
    if (!merges && !alternates) return std::nullopt;
    if (merges) *messages = without_system(*messages);
    if (alternates) *messages = alternating(*settings, *messages);
    return json_tree::write(*value);
}

}  // namespace patchbay::openai
