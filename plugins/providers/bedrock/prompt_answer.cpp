// SPDX-License-Identifier: Apache-2.0
#include "prompt_answer.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "invocation.hpp"

namespace patchbay::bedrock {

namespace {

struct PromptReason {
    std::string_view own;
    std::string_view openai;
    bool tells = false;  ///< OpenAI's word says less
};
// AWS's pages of Titan, Jurassic, Command, Command R, Llama, Mistral and DeepSeek.
constexpr std::array kPromptReasons{
    PromptReason{"stop", "stop"},
    PromptReason{"endoftext", "stop"},
    PromptReason{"FINISH", "stop"},
    PromptReason{"FINISHED", "stop"},
    PromptReason{"STOP_CRITERIA_MET", "stop"},
    PromptReason{"COMPLETE", "stop"},
    PromptReason{"length", "length"},
    PromptReason{"LENGTH", "length"},
    PromptReason{"MAX_TOKENS", "length"},
    PromptReason{"ERROR_LIMIT", "length", true},
    PromptReason{"CONTENT_FILTERED", "content_filter", true},
    PromptReason{"ERROR_TOXIC", "content_filter", true},
};
constexpr std::array<std::string_view, 2> kFaults{"ERROR", "error"};

const PromptReason* find_reason(std::string_view own) {
    const auto* row = std::find_if(kPromptReasons.begin(), kPromptReasons.end(),
                                   [&](const PromptReason& one) { return one.own == own; });
    return row == kPromptReasons.end() ? nullptr : row;
}

/// The value at a place of a table; nullptr if there is none.
const json::value* at(const json::object* object, std::string_view place) {
    const auto slash = place.find('/');
    if (place.empty()) return nullptr;
    if (slash == std::string_view::npos) return find(object, place);
    return at(find_object(object, place.substr(0, slash)), place.substr(slash + 1));
}

std::string words_at(const json::object* object, std::string_view place) {
    const auto* value = at(object, place);
    const auto* words = value ? value->if_string() : nullptr;
    return words ? std::string(view(*words)) : std::string();
}

/// Where the text stands: in the first of a list, or beside it, as in most streams.
const json::object* answer_in(const json::object& root, const PromptForm& form) {
    const auto* list = form.list.empty() ? nullptr : find_array(root, form.list);
    if (!list || list->empty()) return &root;
    return (*list)[0].if_object();
}

}  // namespace

json::object Tokens::to_openai() const {
    return {
        {"prompt_tokens", read}, {"completion_tokens", written}, {"total_tokens", read + written}};
}

bay_usage Tokens::to_host() const {
    bay_usage usage{};
    usage.size = sizeof usage;
    usage.input_tokens = read;
    usage.output_tokens = written;
    return usage;
}

void Tokens::update(const Tokens& later) {
    if (later.read > 0) read = later.read;
    if (later.written > 0) written = later.written;
}

Result<Piece> read_piece(std::string_view json, const PromptForm& form, bool whole) {
    const auto parsed = parse_json(json);
    const auto* root = parsed ? parsed->if_object() : nullptr;
    if (!root) return unreadable(whole ? "no JSON object" : "a chunk that is no JSON object");
    const auto* answer = answer_in(*root, form);
    const auto* words = at(answer, form.text);
    if (whole && (!words || !words->is_string())) {
        return unreadable("an answer without the text that the model's family has in it");
    }
    Piece piece;
    piece.text = words_at(answer, form.text);
    piece.reason = words_at(answer, form.reason);
    piece.tokens = {count(*root, form.read), count(answer, form.written)};
    piece.over = !piece.reason.empty() || is_true(root, form.over);
    if (const auto* metrics = find_object(*root, kMetrics)) {
        piece.over = true;
        piece.tokens.update(
            {count(metrics, "inputTokenCount"), count(metrics, "outputTokenCount")});
    }
    return piece;
}

std::string_view finish_reason_of(std::string_view reason) {
    const auto* row = find_reason(reason);
    return row ? row->openai : "stop";
}

std::string_view telling_word(std::string_view reason) {
    const auto* row = find_reason(reason);
    return reason.empty() || (row && !row->tells) ? std::string_view() : reason;
}

bool is_fault(std::string_view reason) {
    return std::find(kFaults.begin(), kFaults.end(), reason) != kFaults.end();
}

}  // namespace patchbay::bedrock
