// A GenerateContentResponse as a chat completion.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "failure.hpp"
#include "function_names.hpp"
#include "json.hpp"
#include "usage.hpp"

namespace patchbay::google {

/// What an answer needs beside Google's words; the same for whole answers and streams.
struct AnswerContext {
    std::int64_t created = 0;  ///< seconds since 1970
    std::string request_id;    ///< makes the answer's id if Google gives none
    std::string model;         ///< as asked for, used if Google names none
    FunctionNames names;
};

struct Answer {
    std::string json;  ///< "chat.completion"
    Usage usage;
};

/// Google's responseId, else "chatcmpl-" and the request's.
std::string answer_id(const json::object& response, const AnswerContext& context);

/// Puts empty lists under the names of add_metadata into `to`, as LiteLLM's answers have them: its
/// clients read these members without asking whether they are there.
void add_no_metadata(json::object& to);

/// Puts what Google tells of the answer beside its words under LiteLLM's names into `to`, a list with
/// an element for each candidate that has it: vertex_ai_grounding_metadata,
/// vertex_ai_url_context_metadata, vertex_ai_safety_results, vertex_ai_citation_metadata.
void add_metadata(const json::array& candidates, json::object& to);

/// The choice for a prompt that Google blocked, whole (`message`) or in a stream (`delta`); empty if
/// `response` does not say that it did.
json::object blocked_choice(const json::object& response, std::string_view member);

/// Fails with BAY_ERR_UPSTREAM if `response_json` is no such answer, holds no candidate, or holds
/// nothing but a call that cannot be read.
Result<Answer> translate_answer(std::string_view response_json, const AnswerContext& context);

}  // namespace patchbay::google
