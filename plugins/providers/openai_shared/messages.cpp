#include "messages.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <span>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "call_ids.hpp"
#include "json/access.hpp"
#include "message_images.hpp"
#include "message_parts.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::openai {

namespace json = boost::json;

namespace {

// Moonshot's own words ("Tool Use").
constexpr std::string_view kAskForTool = "Please select a tool to handle the current issue.";
constexpr std::string_view kToolsAnswered = "Done.";
constexpr std::string_view kSchemaBegins = "Use this JSON schema: \n    ```json\n    ";
constexpr std::string_view kSchemaEnds = "\n    ```";

/// The texts of a content list joined, or nothing if a part is not text.
std::optional<std::string> joined_text(const json::array& parts) {
    std::string text;
    for (const json::value& part : parts) {
        const json::object* object = part.if_object();
        if (object == nullptr || shared::text(*object, "type") != "text") return std::nullopt;
        text += shared::text(*object, "text");
    }
    return text;
}

bool drop_marks(json::object& message) {
    bool changed = message.erase("cache_control") > 0;
    json::value* content = message.if_contains("content");
    if (content == nullptr || !content->is_array()) return changed;
    for (json::value& part : content->get_array()) {
        if (json::object* object = part.if_object()) changed |= object->erase("cache_control") > 0;
    }
    return changed;
}

/// A mark of the whole message becomes one of its last part.
bool move_mark(json::object& message) {
    const json::value* const given = shared::find(message, "cache_control");
    json::value* const content = shared::find(message, "content");
    if (given == nullptr || content == nullptr) return false;
    json::value mark = *given;
    if (content->is_string()) {
        json::array parts;
        parts.push_back(json::object{{"type", "text"}, {"text", std::move(*content)}});
        *content = std::move(parts);
    }
    json::array* const parts = content->if_array();
    json::object* const last =
        parts != nullptr && !parts->empty() ? parts->back().if_object() : nullptr;
    if (last == nullptr) return false;
    last->emplace("cache_control", std::move(mark));
    message.erase("cache_control");
    return true;
}

bool drop_nulls(json::object& message) {
    std::vector<std::string> names;
    for (const auto& member : message) {
        if (member.value().is_null() && member.key() != "content") names.emplace_back(member.key());
    }
    for (const std::string& name : names) message.erase(name);
    return !names.empty();
}

bool keep_only(std::span<const std::string> known, json::object& object) {
    std::vector<std::string> others;
    for (const auto& member : object) {
        if (std::find(known.begin(), known.end(), member.key()) == known.end()) {
            others.emplace_back(member.key());
        }
    }
    for (const std::string& name : others) object.erase(name);
    return !others.empty();
}

/// An assistant's message with nothing but what the provider takes; its calls as OpenAI has them.
bool keep_members(const std::vector<std::string>& known, json::object& message) {
    static const std::array<std::string, 5> kOfCalls{"id", "index", "type", "function", "custom"};
    bool changed = keep_only(known, message);
    json::value* const calls = shared::find(message, "tool_calls");
    if (calls == nullptr || !calls->is_array()) return changed;
    for (json::value& call : calls->get_array()) {
        if (json::object* const object = call.if_object()) changed |= keep_only(kOfCalls, *object);
    }
    return changed;
}

/// `json`, which has no white space, with a space behind every comma and colon, as models see most
/// of it.
std::string spaced(std::string_view json) {
    std::string out;
    bool quoted = false;
    for (std::size_t i = 0; i < json.size(); ++i) {
        const char c = json[i];
        out += c;
        if (quoted && c == '\\' && i + 1 < json.size()) {
            out += json[++i];
        } else if (c == '"') {
            quoted = !quoted;
        } else if (!quoted && (c == ',' || c == ':')) {
            out += ' ';
        }
    }
    return out;
}

bool keep_without(const std::vector<std::string>& lacking, json::object& message) {
    bool changed = false;
    for (const std::string& name : lacking) changed |= message.erase(name) > 0;
    return changed;
}

bool may_be_named(const MessageRules& rules, const std::string& role) {
    if (!rules.named_roles) return true;
    const auto& roles = *rules.named_roles;
    return std::find(roles.begin(), roles.end(), role) != roles.end();
}

bool add_thought(json::object& message) {
    const json::array* calls = shared::find_array(message, "tool_calls");
    if (calls == nullptr || calls->empty()) return false;
    if (!shared::text(message, "reasoning_content").empty()) return false;
    message["reasoning_content"] = " ";
    return true;
}

bool rewrite_assistant(const MessageRules& rules, bool thinks, json::object& message) {
    bool changed = keep_without(rules.assistant_lacks, message);
    if (!rules.assistant_members.empty()) changed |= keep_members(rules.assistant_members, message);
    if (rules.thoughts_with_calls && thinks) changed |= add_thought(message);
    return changed;
}

bool join_parts(const MessageRules& rules, const std::string& role, json::value& content) {
    const std::size_t parts = content.get_array().size();
    const bool joined = rules.text_parts_to_string ||
                        (rules.tool_parts_to_string && role == "tool") ||
                        (rules.assistant_part_to_string && role == "assistant" && parts == 1);
    if (!joined) return false;
    const auto text = joined_text(content.get_array());
    if (text) content = *text;
    return text.has_value();
}

bool keeps_developer(const MessageRules& rules, const Additions& additions) {
    return rules.keep_developer || additions.o_series;
}

bool rewrite(const MessageRules& rules, const Additions& additions, json::object& message) {
    bool changed = false;
    std::string role(shared::text(message, "role"));
    if (role == "developer" && !keeps_developer(rules, additions)) {
        message["role"] = role = "system";
        changed = true;
    } else if (role == "system" && additions.o_series) {
        message["role"] = role = "user";
        changed = true;
    }
    for (const Rename& other : rules.roles) {
        if (other.from != role) continue;
        message["role"] = role = other.to;
        changed = true;
        break;
    }
    if (rules.nine_character_call_ids) changed |= shorten_call_ids(message);
    if (additions.openais) changed |= drop_call_state(message);
    changed |= rewrite_parts(rules, message);
    if (!rules.keep_cache_control) changed |= drop_marks(message);
    if (rules.cache_control_in_content) changed |= move_mark(message);
    // Anthropic's; the text says it too. Strict servers refuse members that they do not know.
    if (role == "tool") changed |= message.erase("is_error") > 0;
    if (!may_be_named(rules, role)) changed |= message.erase("name") > 0;
    if (rules.drop_nulls) changed |= drop_nulls(message);
    if (const json::value* null = message.if_contains("content");
        rules.drop_null_content && null != nullptr && null->is_null()) {
        message.erase("content");
        changed = true;
    }
    if (role == "assistant") changed |= rewrite_assistant(rules, additions.thinks, message);
    json::value* content = message.if_contains("content");
    if (content == nullptr || !content->is_array()) return changed;
    return join_parts(rules, role, *content) || changed;
}

/// What Mistral's models take behind a tool's result is an assistant's word, and behind that no
/// system message. An application that was stopped, or that tells its own reminders, has the user's
/// or the system's there.
bool order_roles(json::array& messages) {
    json::array ordered;
    std::string last;
    bool changed = false;
    for (json::value& value : messages) {
        json::object* const message = value.if_object();
        std::string role(message == nullptr ? "" : shared::text(*message, "role"));
        if (role == "system" && (last == "tool" || last == "assistant")) {
            (*message)["role"] = role = "user";
            changed = true;
        }
        if (role == "user" && last == "tool") {
            ordered.emplace_back(json::object{{"role", "assistant"}, {"content", kToolsAnswered}});
            changed = true;
        }
        ordered.push_back(std::move(value));
        last = std::move(role);
    }
    messages = std::move(ordered);
    return changed;
}

bool has_list(std::string_view text) {
    return text.size() > 1 && std::memchr(text.data() + 1, '[', text.size() - 1) != nullptr;
}

bool may_apply(const MessageRules& rules, const Additions& additions, std::string_view text) {
    if (additions.openais && shared::mentions(text, kCallState)) return true;
    if (shared::mentions(text, "\"is_error\"")) return true;
    if (!keeps_developer(rules, additions) && shared::mentions(text, "\"developer\"")) return true;
    if (additions.o_series && shared::mentions(text, "\"system\"")) return true;
    const bool marks = !rules.keep_cache_control || rules.cache_control_in_content;
    if (marks && shared::mentions(text, "\"cache_control\"")) return true;
    const auto is_there = [&](const Rename& role) { return shared::mentions(text, role.from); };
    if (std::any_of(rules.roles.begin(), rules.roles.end(), is_there)) return true;
    if (rules.named_roles && shared::mentions(text, "\"name\"")) return true;
    if (rules.nine_character_call_ids && shared::mentions(text, "\"tool_call")) return true;
    if (rules.ordered_roles && shared::mentions(text, "\"assistant\"")) return true;
    if (may_rewrite_parts(rules, text)) return true;
    const bool nulls = rules.drop_nulls || rules.drop_null_content;
    if (nulls && shared::mentions(text, "null")) return true;
    if (rules.thoughts_with_calls && additions.thinks && shared::mentions(text, "\"tool_calls\"")) {
        return true;
    }
    const bool assistant = !rules.assistant_members.empty() || !rules.assistant_lacks.empty();
    if (assistant && shared::mentions(text, "\"assistant\"")) return true;
    const bool joins =
        rules.text_parts_to_string || rules.assistant_part_to_string || rules.tool_parts_to_string;
    return (joins && has_list(text)) || may_shape_images(text);
}

}  // namespace

std::optional<std::string> rewrite_messages(const MessageRules& rules, std::string_view text,
                                            const Additions& additions) {
    const bool adds = additions.ask_for_tool || !additions.schema.empty();
    if (!adds && !may_apply(rules, additions, text)) return std::nullopt;
    auto value = shared::parse_json(text);
    if (!value || !value->is_array()) return std::nullopt;
    json::array& messages = value->get_array();
    bool changed = shape_images(messages, rules.images_in_results);
    for (json::value& message : messages) {
        if (json::object* object = message.if_object()) {
            changed |= rewrite(rules, additions, *object);
        }
    }
    if (rules.ordered_roles) changed |= order_roles(messages);
    const auto add = [&](std::string_view words) {
        messages.emplace_back(json::object{{"role", "user"}, {"content", words}});
        changed = true;
    };
    if (!additions.schema.empty()) {
        add(std::string(kSchemaBegins).append(spaced(additions.schema)).append(kSchemaEnds));
    }
    if (additions.ask_for_tool) add(kAskForTool);
    if (!changed) return std::nullopt;
    return json_tree::write(*value);
}

}  // namespace patchbay::openai
