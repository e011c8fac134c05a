#include "answer_shape.hpp"

#include <algorithm>
#include <string>

#include <boost/json.hpp>

#include "json/access.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::openai {

namespace json = boost::json;

namespace {

/// The text of a thinking part, which is one text or a list of text parts.
void add_thinking(const json::object& part, std::string& reasoning) {
    json_tree::join(reasoning, shared::text(part, "thinking"));
    const json::array* pieces = shared::find_array(part, "thinking");
    if (pieces == nullptr) return;
    for (const json::value& piece : *pieces) {
        json_tree::join(reasoning, shared::text(piece.if_object(), "text"));
    }
}

bool fix_arguments(json::object& call) {
    json::object* function = shared::find_object(call, "function");
    json::value* arguments = function != nullptr ? function->if_contains("arguments") : nullptr;
    const bool is_text = arguments == nullptr || arguments->is_string() || arguments->is_null();
    if (is_text) return false;
    *arguments = json_tree::write(*arguments);
    return true;
}

}  // namespace

bool split_content(json::object& message) {
    const json::array* parts = shared::find_array(message, "content");
    if (parts == nullptr) return false;
    std::string content;
    std::string reasoning;
    bool spoke = parts->empty();
    for (const json::value& value : *parts) {
        const json::object* part = value.if_object();
        const std::string_view type = shared::text(part, "type");
        if (type == "thinking") add_thinking(*part, reasoning);
        if (type == "text") {
            json_tree::join(content, shared::text(part, "text"));
            spoke = true;
        }
    }
    message["content"] = spoke ? json::value(content) : json::value(nullptr);
    if (!reasoning.empty()) message["reasoning_content"] = reasoning;
    return true;
}

bool fix_tool_calls(json::object& message) {
    json::value* calls = message.if_contains("tool_calls");
    if (calls == nullptr || !calls->is_array()) return false;
    bool changed = false;
    for (json::value& value : calls->get_array()) {
        json::object* call = value.if_object();
        if (call == nullptr) continue;
        changed |= fix_arguments(*call);
        const bool begins = !shared::text(shared::find_object(*call, "function"), "name").empty();
        if (begins && shared::text(*call, "type").empty()) {
            (*call)["type"] = "function";
            changed = true;
        }
    }
    return changed;
}

bool fix_finish_reason(const std::vector<Rename>& words, json::object& choice) {
    const std::string given(shared::text(choice, "finish_reason"));
    const auto word = std::find_if(words.begin(), words.end(),
                                   [&](const Rename& rename) { return rename.from == given; });
    if (word == words.end()) return false;
    json::object* own = shared::find_object(choice, "provider_specific_fields");
    if (own == nullptr) {
        choice["provider_specific_fields"] = json::object();
        own = shared::find_object(choice, "provider_specific_fields");
    }
    (*own)["native_finish_reason"] = given;
    choice["finish_reason"] = word->to;
    return true;
}

}  // namespace patchbay::openai
