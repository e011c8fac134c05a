#include "answer.hpp"

#include <array>
#include <utility>
#include <vector>

#include "candidate.hpp"
#include "grounding.hpp"

namespace patchbay::google {

namespace {

struct Metadata {
    std::string_view member;
    std::string_view name;
};
constexpr std::array kMetadata{
    Metadata{"groundingMetadata", "vertex_ai_grounding_metadata"},
    Metadata{"urlContextMetadata", "vertex_ai_url_context_metadata"},
    Metadata{"safetyRatings", "vertex_ai_safety_results"},
    Metadata{"citationMetadata", "vertex_ai_citation_metadata"},
};

// The parts of a thought, each with its signature if it has one: what reasoning_content says as one
// text.
json::array thinking_blocks(const json::array& parts) {
    json::array blocks;
    for (const auto& value : parts) {
        const auto* part = value.if_object();
        if (!part || !is_true(part, "thought") || text(*part, "text").empty()) continue;
        json::object block{{"type", "thinking"}, {"thinking", text(*part, "text")}};
        const auto signature = text(*part, "thoughtSignature");
        if (!signature.empty()) block["signature"] = signature;
        blocks.emplace_back(std::move(block));
    }
    return blocks;
}

Result<json::object> choice_of(const json::object& given, std::size_t index,
                               const AnswerContext& context, Usage& usage) {
    Candidate candidate;
    std::vector<json::object> deltas;
    candidate.take(given, context.names, deltas);
    if (candidate.is_broken()) return unreadable("a call of the model's that is none");
    json::object message{{"role", "assistant"}, {"content", nullptr}};
    const auto* content = find_object(given, "content");
    if (const auto* parts = content ? find_array(*content, "parts") : nullptr) {
        message["images"] = json::array();
        message["thinking_blocks"] = thinking_blocks(*parts);
    }
    for (auto& delta : deltas) add_delta(std::move(delta), message);
    if (auto annotations = candidate.annotations(); !annotations.empty()) {
        message["annotations"] = std::move(annotations);
    }
    usage.set_searches(usage.searches() + searches_of(candidate.grounding()));
    json::object choice{{"index", find(given, "index") ? count(given, "index") : index},
                        {"message", std::move(message)},
                        {"finish_reason", candidate.finish_reason()}};
    if (auto logprobs = Candidate::logprobs(given); !logprobs.is_null()) {
        choice["logprobs"] = std::move(logprobs);
    }
    if (candidate.finished()) {
        choice["provider_specific_fields"] =
            json::object{{"native_finish_reason", candidate.native_reason()}};
    }
    return choice;
}

}  // namespace

std::string answer_id(const json::object& response, const AnswerContext& context) {
    const auto own = text(response, "responseId");
    return own.empty() ? "chatcmpl-" + context.request_id : std::string(own);
}

void add_no_metadata(json::object& to) {
    for (const auto& row : kMetadata) to[row.name] = json::array();
}

void add_metadata(const json::array& candidates, json::object& to) {
    for (const auto& [member, name] : kMetadata) {
        json::array told;
        for (const auto& value : candidates) {
            const auto* candidate = value.if_object();
            if (const auto* data = candidate ? find(*candidate, member) : nullptr) {
                told.push_back(*data);
            }
        }
        if (!told.empty()) to[name] = std::move(told);
    }
}

json::object blocked_choice(const json::object& response, std::string_view member) {
    const auto* feedback = find_object(response, "promptFeedback");
    const auto reason = feedback ? text(*feedback, "blockReason") : std::string_view();
    if (reason.empty()) return {};
    json::object choice{{"index", 0}, {"finish_reason", "content_filter"}};
    choice[member] = json::object{{"role", "assistant"}, {"content", nullptr}};
    choice["provider_specific_fields"] =
        json::object{{"native_finish_reason", reason}, {"prompt_feedback", *feedback}};
    return choice;
}

Result<Answer> translate_answer(std::string_view response_json, const AnswerContext& context) {
    const auto parsed = parse_json(response_json);
    const auto* response = parsed ? parsed->if_object() : nullptr;
    if (!response) return unreadable("not a JSON object");
    Answer answer;
    if (const auto* usage = find_object(*response, "usageMetadata")) answer.usage.take(*usage);
    json::array choices;
    json::object made{{"id", answer_id(*response, context)},
                      {"object", "chat.completion"},
                      {"created", context.created},
                      {"model", text(*response, "modelVersion", context.model)}};
    add_no_metadata(made);
    if (const auto* candidates = find_array(*response, "candidates")) {
        for (std::size_t i = 0; i < candidates->size(); ++i) {
            const auto* candidate = (*candidates)[i].if_object();
            if (!candidate) return unreadable("a candidate is no object");
            auto choice = choice_of(*candidate, i, context, answer.usage);
            if (!choice) return choice.error();
            choices.emplace_back(std::move(*choice));
        }
        add_metadata(*candidates, made);
    }
    if (choices.empty()) {
        auto blocked = blocked_choice(*response, "message");
        if (blocked.empty()) return unreadable("it holds no candidate");
        choices.emplace_back(std::move(blocked));
    }
    made["choices"] = std::move(choices);
    made["usage"] = answer.usage.to_openai();
    answer.json = to_text(json::value(std::move(made)));
    return answer;
}

}  // namespace patchbay::google
