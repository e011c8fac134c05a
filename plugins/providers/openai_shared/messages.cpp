#include "messages.hpp"

#include <algorithm>
#include <cstring>
#include <vector>

#include <boost/json.hpp>

#include "call_ids.hpp"
#include "json/access.hpp"
#include "message_parts.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::openai {

namespace json = boost::json;

namespace {

constexpr std::string_view kAskForTool = "Answer by calling one of the tools.";

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

bool drop_nulls(json::object& message) {
    std::vector<std::string> names;
    for (const auto& member : message) {
        if (member.value().is_null() && member.key() != "content") names.emplace_back(member.key());
    }
    for (const std::string& name : names) message.erase(name);
    return !names.empty();
}

/// An assistant's message with nothing but what the provider takes.
bool keep_only(const std::vector<std::string>& known, json::object& message) {
    std::vector<std::string> others;
    for (const auto& member : message) {
        if (std::find(known.begin(), known.end(), member.key()) == known.end()) {
            others.emplace_back(member.key());
        }
    }
    for (const std::string& name : others) message.erase(name);
    return !others.empty();
}

bool rewrite(const MessageRules& rules, json::object& message) {
    bool changed = false;
    std::string role(shared::text(message, "role"));
    if (rules.developer_as_system && role == "developer") {
        message["role"] = role = "system";
        changed = true;
    }
    if (rules.nine_character_call_ids) changed |= shorten_call_ids(message);
    changed |= rewrite_parts(rules, message);
    if (!rules.keep_cache_control) changed |= drop_marks(message);
    // Anthropic's; the text says it too. Strict servers refuse members that they do not know.
    if (role == "tool") changed |= message.erase("is_error") > 0;
    if (rules.drop_name && role != "tool") changed |= message.erase("name") > 0;
    if (rules.drop_nulls) changed |= drop_nulls(message);
    if (const json::value* null = message.if_contains("content");
        rules.drop_null_content && null != nullptr && null->is_null()) {
        message.erase("content");
        changed = true;
    }
    if (!rules.assistant_members.empty() && role == "assistant") {
        changed |= keep_only(rules.assistant_members, message);
    }
    json::value* content = message.if_contains("content");
    if (content == nullptr || !content->is_array()) return changed;
    const bool single =
        rules.assistant_part_to_string && role == "assistant" && content->get_array().size() == 1;
    if (!rules.text_parts_to_string && !single) return changed;
    if (auto text = joined_text(content->get_array())) {
        *content = *text;
        changed = true;
    }
    return changed;
}

bool may_apply(const MessageRules& rules, std::string_view text) {
    if (shared::mentions(text, "\"is_error\"")) return true;
    if (!rules.keep_cache_control && shared::mentions(text, "\"cache_control\"")) return true;
    if (rules.drop_name && shared::mentions(text, "\"name\"")) return true;
    if (rules.developer_as_system && shared::mentions(text, "\"developer\"")) return true;
    if (rules.nine_character_call_ids && shared::mentions(text, "\"tool_call")) return true;
    if (may_rewrite_parts(rules, text)) return true;
    const bool nulls = rules.drop_nulls || rules.drop_null_content;
    if (nulls && shared::mentions(text, "null")) return true;
    if (!rules.assistant_members.empty() && shared::mentions(text, "\"assistant\"")) return true;
    if (rules.text_parts_to_string || rules.assistant_part_to_string) {
        if (text.size() > 1 && std::memchr(text.data() + 1, '[', text.size() - 1) != nullptr) {
            return true;
        }
    }
    return false;
}

}  // namespace

std::optional<std::string> rewrite_messages(const MessageRules& rules, std::string_view text,
                                            bool ask_for_tool) {
    if (!ask_for_tool && !may_apply(rules, text)) return std::nullopt;
    auto value = shared::parse_json(text);
    if (!value || !value->is_array()) return std::nullopt;
    bool changed = false;
    for (json::value& message : value->get_array()) {
        if (json::object* object = message.if_object()) changed |= rewrite(rules, *object);
    }
    if (ask_for_tool) {
        value->get_array().emplace_back(json::object{{"role", "user"}, {"content", kAskForTool}});
        changed = true;
    }
    if (!changed) return std::nullopt;
    return json_tree::write(*value);
}

}  // namespace patchbay::openai
