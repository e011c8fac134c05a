#include "answers.hpp"

#include <boost/json.hpp>

#include "answer_shape.hpp"
#include "chat/whole_chunks.hpp"
#include "failure/error_text.hpp"
#include "json/access.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::openai {

namespace json = boost::json;

namespace {

bool fix_choice(const AnswerRules& rules, json::object& choice) {
    bool changed = fix_finish_reason(rules.finish_reasons, choice);
    json::object* message = shared::find_object(choice, "delta");
    if (message == nullptr) message = shared::find_object(choice, "message");
    if (message == nullptr) return changed;
    if (rules.content_parts) changed |= split_content(*message);
    if (rules.tool_arguments) changed |= fix_tool_calls(*message);
    if (rules.reasoning && !message->contains("reasoning_content")) {
        const json::value* reasoning = message->if_contains("reasoning");
        if (reasoning != nullptr && reasoning->is_string()) {
            json::value text = *reasoning;
            message->erase("reasoning");
            message->insert_or_assign("reasoning_content", std::move(text));
            changed = true;
        }
    }
    if (rules.tool_finish_reason) {
        json::value* reason = choice.if_contains("finish_reason");
        if (reason != nullptr && reason->is_string() && reason->get_string().empty()) {
            const json::value* calls = message->if_contains("tool_calls");
            const bool has_calls =
                calls != nullptr && calls->is_array() && !calls->get_array().empty();
            *reason = has_calls ? json::value("tool_calls") : json::value(nullptr);
            changed = true;
        }
    }
    return changed;
}

bool fix_usage(const AnswerRules& rules, json::object& document) {
    bool changed = false;
    if (rules.x_groq_usage && shared::find_object(document, "usage") == nullptr) {
        json::object* own = shared::find_object(document, "x_groq");
        if (json::object* inner = own != nullptr ? shared::find_object(*own, "usage") : nullptr) {
            json::object usage = *inner;
            document.insert_or_assign("usage", std::move(usage));
            changed = true;
        }
    }
    json::object* usage = shared::find_object(document, "usage");
    if (!rules.cache_hit_tokens || usage == nullptr) return changed;
    const std::uint64_t hits = shared::count(usage, "prompt_cache_hit_tokens");
    json::object* details = shared::find_object(*usage, "prompt_tokens_details");
    if (hits == 0 || (details != nullptr && details->contains("cached_tokens"))) return changed;
    if (details != nullptr) {
        details->insert_or_assign("cached_tokens", hits);
    } else {
        usage->insert_or_assign("prompt_tokens_details", json::object{{"cached_tokens", hits}});
    }
    return true;
}

std::optional<bay_usage> usage_of(json::object& document) {
    json::object* usage = shared::find_object(document, "usage");
    if (usage == nullptr) return std::nullopt;
    json::object* input = shared::find_object(*usage, "prompt_tokens_details");
    json::object* output = shared::find_object(*usage, "completion_tokens_details");
    bay_usage out{};
    out.size = sizeof out;
    out.input_tokens = shared::count(usage, "prompt_tokens");
    out.output_tokens = shared::count(usage, "completion_tokens");
    out.cached_input_tokens = shared::count(input, "cached_tokens");
    out.audio_input_tokens = shared::count(input, "audio_tokens");
    out.reasoning_tokens = shared::count(output, "reasoning_tokens");
    out.audio_output_tokens = shared::count(output, "audio_tokens");
    return out;
}

/// Notes what a choice tells of the answer; before it is rewritten its finish_reason may be "".
void note_choice(const json::object& choice, Answer& answer) {
    const json::value* index = choice.if_contains("index");
    const bool given = index != nullptr && index->is_int64() && index->get_int64() >= 0;
    const std::uint64_t number = given ? static_cast<std::uint64_t>(index->get_int64()) : 0;
    answer.seen |= bay::choice_bit(number);
    const json::value* reason = choice.if_contains("finish_reason");
    if (reason != nullptr && shared::says_something(*reason)) {
        answer.finished |= bay::choice_bit(number);
    }
    answer.whole |= choice.contains("message") && !choice.contains("delta");
}

bool is_error(const json::object& document) {
    const json::value* error = document.if_contains("error");
    if (error != nullptr && shared::says_something(*error)) return true;
    const json::value* object = document.if_contains("object");
    return object != nullptr && object->is_string() && object->get_string() == "error";
}

/// Reads `document` and rewrites it in place; true if that changed anything.
bool rewrite(const AnswerRules& rules, json::object& document, Answer& answer) {
    answer.readable = true;
    answer.error = is_error(document);
    bool changed = fix_usage(rules, document);
    json::value* choices = document.if_contains("choices");
    if (choices != nullptr && choices->is_array()) {
        answer.choices = true;
        answer.choices_empty = choices->get_array().empty();
        for (json::value& choice : choices->get_array()) {
            json::object* object = choice.if_object();
            if (object == nullptr) continue;
            changed |= fix_choice(rules, *object);
            note_choice(*object, answer);
        }
    }
    answer.usage = usage_of(document);
    return changed;
}

}  // namespace

Answer read_answer(const AnswerRules& rules, std::string_view text) {
    Answer answer;
    auto value = shared::parse_json(text);
    json::object* document = value ? value->if_object() : nullptr;
    if (document == nullptr) return answer;
    if (rewrite(rules, *document, answer)) answer.json = json_tree::write(*value);
    return answer;
}

std::vector<std::string> answer_chunks(const AnswerRules& rules, std::string_view text) {
    Answer answer;
    auto value = shared::parse_json(text);
    json::object* document = value ? value->if_object() : nullptr;
    if (document == nullptr) return {};
    rewrite(rules, *document, answer);
    if (!answer.is_answer()) return {};
    std::vector<std::string> chunks;
    for (const json::object& chunk : shared::whole_as_chunks(std::move(*document))) {
        chunks.push_back(json_tree::write(chunk));
    }
    return chunks;
}

}  // namespace patchbay::openai
