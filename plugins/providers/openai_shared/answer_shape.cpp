// Tested by answer_shape_test.cpp.
#include "answer_shape.hpp"

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>

#include <boost/json.hpp>

#include "call_indexes.hpp"
#include "json/access.hpp"
#include "json/is_among.hpp"
#include "patchbay/json_tree.hpp"
#include "patchbay/provider.h"

namespace patchbay::openai {

namespace json = boost::json;

using shared::is_among;

namespace {

constexpr std::string_view kOpenAiReasons[] = {"stop", "length", "tool_calls", "content_filter",
                                               "function_call"};

struct Reason {
    std::string_view native;
    std::string_view openai;
};

// What is not here ends an answer as "stop".
constexpr Reason kReasons[] = {
    {"max_tokens", "length"},          {"MAX_TOKENS", "length"},
    {"model_length", "length"},        {"max_output_tokens", "length"},
    {"ERROR_TOXIC", "content_filter"}, {"SAFETY", "content_filter"},
    {"RECITATION", "content_filter"},  {"content_filtered", "content_filter"},
    {"sensitive", "content_filter"},   {"refusal", "content_filter"},
    {"tool_use", "tool_calls"},        {"tool_call", "tool_calls"},
};

constexpr GivenUp kGivenUp[] = {
    {"error", BAY_ERR_UPSTREAM},                           // Mistral, OpenRouter
    {"network_error", BAY_ERR_UPSTREAM},                   // Z.AI
    {"insufficient_system_resource", BAY_ERR_OVERLOADED},  // DeepSeek
};

constexpr std::string_view kMessageMembers[] = {"role",
                                                "content",
                                                "refusal",
                                                "tool_calls",
                                                "function_call",
                                                "audio",
                                                "annotations",
                                                "reasoning_content",
                                                "thinking_blocks",
                                                "images",
                                                "prefix",
                                                "name",
                                                "provider_specific_fields"};

json::object& extras_of(json::object& object) {
    json::value& extras = object["provider_specific_fields"];
    if (!extras.is_object()) extras.emplace_object();
    return extras.get_object();
}

/// What a content list says, sorted.
struct Parts {
    std::string text;
    std::string thoughts;
    json::array thinking_blocks;
    json::array citations;
    bool all_known = true;  ///< there was nothing else, such as a picture
};

void take_thought(const json::array& texts, Parts& parts) {
    for (const json::value& item : texts) {
        const json::object* piece = item.if_object();
        if (piece == nullptr) continue;
        const std::string_view words = shared::text(*piece, "text");
        json_tree::join(parts.thoughts, words);
        const std::string_view signature = shared::text(*piece, "signature");
        if (signature.empty()) continue;
        parts.thinking_blocks.emplace_back(
            json::object{{"type", "thinking"}, {"thinking", words}, {"signature", signature}});
    }
}

void take_citations(const json::object& part, Parts& parts) {
    const json::array* given = shared::find_array(part, "citations");
    if (given == nullptr || given->empty()) return;
    json::array citations = *given;
    for (json::value& citation : citations) {
        if (json::object* object = citation.if_object()) {
            (*object)["supported_text"] = shared::text(part, "text");
        }
    }
    parts.citations.emplace_back(std::move(citations));
}

Parts sorted(const json::array& content) {
    Parts parts;
    for (const json::value& value : content) {
        const json::object* part = value.if_object();
        const std::string_view type = part != nullptr ? shared::text(*part, "type") : "";
        if (type == "text") {
            json_tree::join(parts.text, shared::text(*part, "text"));
            take_citations(*part, parts);
        } else if (type == "thinking") {
            if (const auto* texts = shared::find_array(*part, "thinking")) {
                take_thought(*texts, parts);
            } else {
                json_tree::join(parts.thoughts, shared::text(*part, "thinking"));
            }
        } else if (type == "reasoning") {
            if (const auto* texts = shared::find_array(*part, "summary"))
                take_thought(*texts, parts);
        } else if (value.is_string()) {
            json_tree::join(parts.text, value.get_string());
        } else if (type != "reference") {
            parts.all_known = false;
        }
    }
    return parts;
}

bool flatten_content(json::object& message, bool whole) {
    const json::array* content = shared::find_array(message, "content");
    if (content == nullptr) return false;
    Parts parts = sorted(*content);
    if (!parts.all_known) return false;
    const bool thought_alone = parts.text.empty() && !parts.thoughts.empty();
    message["content"] = thought_alone && !whole ? json::value(nullptr) : json::value(parts.text);
    if (!parts.thoughts.empty()) message["reasoning_content"] = parts.thoughts;
    if (!parts.thinking_blocks.empty())
        message["thinking_blocks"] = std::move(parts.thinking_blocks);
    if (!parts.citations.empty()) extras_of(message)["citations"] = std::move(parts.citations);
    return true;
}

bool split_think_tags(json::object& message) {
    constexpr std::string_view kOpen = "<think>";
    constexpr std::string_view kClose = "</think>";
    std::string_view content = shared::text(message, "content");
    const std::size_t start = content.find_first_not_of(" \t\r\n");
    if (start == std::string_view::npos || !content.substr(start).starts_with(kOpen)) return false;
    content.remove_prefix(start + kOpen.size());
    const std::size_t end = content.find(kClose);
    if (end == std::string_view::npos) return false;
    const std::string thoughts(content.substr(0, end));
    const std::string words(content.substr(end + kClose.size()));
    message["reasoning_content"] = thoughts;
    message["content"] = words;
    return true;
}

bool is_said(const json::object& message, std::string_view name) {
    return !shared::text(message, name).empty();
}

bool move_extras(json::object& message) {
    std::vector<std::string> names;
    for (const auto& member : message) {
        if (!is_among(std::string_view(member.key()), kMessageMembers) &&
            !member.value().is_null()) {
            names.emplace_back(member.key());
        }
    }
    for (const std::string& name : names) {
        json::value value = std::move(message[name]);
        message.erase(name);
        extras_of(message)[name] = std::move(value);
    }
    return !names.empty();
}

bool shape_calls(json::object& message, bool whole) {
    const json::array* given = shared::find_array(message, "tool_calls");
    if (given == nullptr) return false;
    bool changed = false;
    for (json::value& value : message["tool_calls"].get_array()) {
        json::object* call = value.if_object();
        json::object* function = call != nullptr ? shared::find_object(*call, "function") : nullptr;
        if (function == nullptr) continue;
        if (whole && shared::find(*call, "type") == nullptr) {
            (*call)["type"] = "function";
            changed = true;
        }
        if (whole && shared::text(*call, "id").empty()) {
            (*call)["id"] = new_call_id();
            changed = true;
        }
        json::value* arguments = function->if_contains("arguments");
        if (arguments == nullptr || arguments->is_string()) continue;
        // No arguments of a whole call are an empty object; of a piece, no piece.
        const std::string_view none = whole ? "{}" : "";
        *arguments =
            arguments->is_null() ? json::value(none) : json::value(shared::to_text(*arguments));
        changed = true;
    }
    return changed;
}

bool shape_reason(const AnswerRules& rules, json::object& choice, const json::object& message,
                  bool whole) {
    json::value* reason = choice.if_contains("finish_reason");
    if (reason == nullptr || !reason->is_string()) return false;
    const std::string native(reason->get_string());
    if (is_among(std::string_view(native), kOpenAiReasons)) return false;
    if (native.empty()) {
        // An end that is not named: of a stream none, as it is for clients that look for null; of a
        // whole answer "stop".
        if (!rules.tool_finish_reason) {
            *reason = whole ? json::value("stop") : json::value(nullptr);
            return true;
        }
        const json::array* calls = shared::find_array(message, "tool_calls");
        const bool called = calls != nullptr && !calls->empty();
        *reason = called ? json::value("tool_calls") : json::value(nullptr);
        return true;
    }
    const auto* row = std::find_if(std::begin(kReasons), std::end(kReasons),
                                   [&](const Reason& known) { return known.native == native; });
    *reason = row != std::end(kReasons) ? row->openai : std::string_view("stop");
    extras_of(choice)["native_finish_reason"] = native;
    return true;
}

}  // namespace

const GivenUp* given_up(const json::object& choice) {
    const std::string_view reason = shared::text(choice, "finish_reason");
    const auto* row = std::find_if(std::begin(kGivenUp), std::end(kGivenUp),
                                   [&](const GivenUp& one) { return one.reason == reason; });
    return row != std::end(kGivenUp) ? row : nullptr;
}

bool shape_choice(const AnswerRules& rules, json::object& choice) {
    json::object* message = shared::find_object(choice, "message");
    if (message == nullptr) return false;
    bool changed = shape_reason(rules, choice, *message, true);
    message = shared::find_object(choice, "message");
    changed |= flatten_content(*message, true);
    if (const json::value* content = shared::find(*message, "content");
        rules.null_content && content != nullptr && content->is_string() &&
        content->get_string().empty()) {
        (*message)["content"] = nullptr;
        changed = true;
    }
    const bool stays = rules.reasoning_stays && is_said(*message, "reasoning");
    if (!stays && !is_said(*message, "reasoning_content")) {
        if (is_said(*message, "reasoning")) {
            (*message)["reasoning_content"] = std::string(shared::text(*message, "reasoning"));
            changed = true;
        } else {
            changed |= split_think_tags(*message);
        }
    }
    changed |= shape_calls(*message, true);
    if (!rules.keep_extras) changed |= move_extras(*message);
    return changed;
}

bool shape_delta(const AnswerRules& rules, json::object& choice) {
    json::object* delta = shared::find_object(choice, "delta");
    if (delta == nullptr) return false;
    bool changed = shape_reason(rules, choice, *delta, false);
    delta = shared::find_object(choice, "delta");
    changed |= flatten_content(*delta, false);
    const json::value* reasoning = shared::find(*delta, "reasoning");
    if (reasoning != nullptr && reasoning->is_string() && !delta->contains("reasoning_content")) {
        json::value text = *reasoning;
        if (!rules.stream_reasoning_stays) delta->erase("reasoning");
        delta->insert_or_assign("reasoning_content", std::move(text));
        changed = true;
    }
    changed |= shape_calls(*delta, false);
    return changed;
}

}  // namespace patchbay::openai
