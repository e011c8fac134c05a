#include "answers.hpp"

#include <algorithm>
#include <iterator>
#include <utility>

#include <boost/json.hpp>

#include "chat/whole_chunks.hpp"
#include "failure/error_text.hpp"
#include "json/access.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::openai {

namespace json = boost::json;

namespace {

bool take_schema(json::object& choice, StreamState* stream) {
    if (!choice.contains("delta")) return take_schema_answer(choice);
    return stream != nullptr && stream->schema_calls.take(choice);
}

bool fix_choice(const AnswerRules& rules, json::object& choice, StreamState* stream) {
    bool changed = rules.content_filters && move_findings(choice, stream != nullptr);
    changed |= rules.schema_tool && take_schema(choice, stream);
    if (!rules.shape) return changed;
    if (stream != nullptr && !choice.contains("message") &&
        shared::find(choice, "delta") == nullptr) {
        choice["delta"] = json::object();  // clients look into it without asking
        changed = true;
    }
    if (!choice.contains("delta")) {
        changed |= shape_choice(rules, choice);
        return CallEnds().mend(choice) || changed;
    }
    changed |= shape_delta(rules, choice);
    if (stream == nullptr) return changed;
    changed |= stream->call_ends.mend(choice);
    changed |= stream->call_indexes.number(choice);
    return stream->tags.split(choice) || changed;
}

/// xAI does not count what was thought among the tokens of the answer. The sum of all tells.
bool add_reasoning(json::object& usage) {
    const std::uint64_t reasoning = shared::count(
        shared::find_object(std::as_const(usage), "completion_tokens_details"), "reasoning_tokens");
    const std::uint64_t answer = shared::count(usage, "completion_tokens");
    const std::uint64_t sum = shared::count(usage, "prompt_tokens") + answer + reasoning;
    if (reasoning == 0 || sum != shared::count(usage, "total_tokens")) return false;
    usage["completion_tokens"] = answer + reasoning;
    return true;
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
    if (usage == nullptr) return changed;
    if (rules.reasoning_apart) changed |= add_reasoning(*usage);
    if (!rules.cache_hit_tokens) return changed;
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

/// A number that no double holds stands in a tree as an object, and is no choice.
json::object* choice_in(json::value& value) {
    return json_tree::is_number(value) ? nullptr : value.if_object();
}

/// Clients look through the choices of a chunk without asking, and keep them apart by their numbers. True if
/// that changed anything.
bool list_choices(json::object& document) {
    json::value* choices = document.if_contains("choices");
    const bool none =
        choices == nullptr ? shared::find_object(document, "usage") != nullptr : choices->is_null();
    if (none) document["choices"].emplace_array();
    if (none || choices == nullptr || !choices->is_array()) return none;
    bool changed = false;
    std::uint64_t number = 0;
    for (json::value& value : choices->get_array()) {
        json::object* choice = choice_in(value);
        if (choice != nullptr && shared::find(*choice, "index") == nullptr) {
            (*choice)["index"] = number;
            changed = true;
        }
        ++number;
    }
    return changed;
}

/// Reads `document` and rewrites it in place; true if that changed anything.
bool rewrite(const AnswerRules& rules, json::object& document, StreamState* stream,
             Answer& answer) {
    answer.readable = true;
    answer.error = is_error(document);
    bool changed = fix_usage(rules, document);
    answer.withheld = rules.content_filters && stream != nullptr && is_about_prompt(document);
    answer.choices = shared::find_array(document, "choices") != nullptr;
    if (rules.shape && stream != nullptr) changed |= list_choices(document);
    json::value* choices = document.if_contains("choices");
    if (choices != nullptr && choices->is_array()) {
        answer.choices_empty = choices->get_array().empty();
        for (json::value& choice : choices->get_array()) {
            json::object* object = choice_in(choice);
            if (object == nullptr) continue;
            if (rules.shape && answer.given_up == nullptr) answer.given_up = given_up(*object);
            changed |= fix_choice(rules, *object, stream);
            note_choice(*object, answer);
        }
    }
    answer.usage = usage_of(document);
    // A chunk of usage alone is the host's to withhold.
    const bool hidden = rules.hides_usage && stream != nullptr && answer.choices &&
                        !answer.choices_empty && document.erase("usage") > 0;
    return changed || hidden;
}

}  // namespace

Answer read_answer(const AnswerRules& rules, std::string_view text, StreamState* stream) {
    Answer answer;
    auto value = shared::parse_json(text);
    json::object* document = value ? value->if_object() : nullptr;
    if (document == nullptr) return answer;
    if (rewrite(rules, *document, stream, answer)) answer.json = json_tree::write(*value);
    return answer;
}

std::vector<std::string> answer_chunks(const AnswerRules& rules, std::string_view text) {
    Answer answer;
    auto value = shared::parse_json(text);
    json::object* document = value ? value->if_object() : nullptr;
    if (document == nullptr) return {};
    rewrite(rules, *document, nullptr, answer);
    if (!answer.is_answer()) return {};
    // Of a stream that is none LiteLLM's clients see no more.
    constexpr std::string_view kOfStreams[] = {"id",      "object",      "created",
                                               "model",   "usage",       "system_fingerprint",
                                               "choices", "service_tier"};
    std::vector<std::string> others;
    for (const auto& member : *document) {
        const std::string_view name = member.key();
        if (std::find(std::begin(kOfStreams), std::end(kOfStreams), name) == std::end(kOfStreams))
            others.emplace_back(name);
    }
    for (const std::string& name : others) document->erase(name);
    std::vector<std::string> chunks;
    for (const json::object& chunk : shared::whole_as_chunks(std::move(*document))) {
        chunks.push_back(json_tree::write(chunk));
    }
    return chunks;
}

}  // namespace patchbay::openai
