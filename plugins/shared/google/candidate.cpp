#include "candidate.hpp"

#include <algorithm>
#include <array>
#include <patchbay/json_tree.hpp>
#include <utility>

#include "call_state.hpp"
#include "grounding.hpp"
#include "patchbay/sdk/host.hpp"

namespace patchbay::google {

namespace {

struct Reason {
    std::string_view native;
    std::string_view finish;
};
// Google's reference, "FinishReason". What is not here is "stop".
constexpr std::array kReasons{
    Reason{"MAX_TOKENS", "length"},
    Reason{"SAFETY", "content_filter"},
    Reason{"RECITATION", "content_filter"},
    Reason{"LANGUAGE", "content_filter"},
    Reason{"OTHER", "content_filter"},
    Reason{"BLOCKLIST", "content_filter"},
    Reason{"PROHIBITED_CONTENT", "content_filter"},
    Reason{"SPII", "content_filter"},
    Reason{"MODEL_ARMOR", "content_filter"},
    Reason{"IMAGE_SAFETY", "content_filter"},
    Reason{"IMAGE_PROHIBITED_CONTENT", "content_filter"},
    Reason{"IMAGE_RECITATION", "content_filter"},
    Reason{"IMAGE_OTHER", "content_filter"},
};

// The model wrote what is no call.
constexpr std::array<std::string_view, 4> kBroken{"MALFORMED_FUNCTION_CALL", "UNEXPECTED_TOOL_CALL",
                                                  "TOO_MANY_TOOL_CALLS", "MALFORMED_RESPONSE"};

// Parts that tell what a tool of Google's did.
constexpr std::array<std::string_view, 4> kServerParts{"executableCode", "codeExecutionResult",
                                                       "toolCall", "toolResponse"};

json::object own_fields(std::string_view name, json::value value) {
    json::object own;
    own[name] = json::array{std::move(value)};
    return own;
}

json::value logprob(const json::object& token) {
    json::object made{{"token", text(token, "token")}};
    if (const auto* number = find(token, "logProbability")) made["logprob"] = *number;
    return made;
}

}  // namespace

void Candidate::take(const json::object& piece, const FunctionNames& names,
                     std::vector<json::object>& deltas) {
    const auto* content = find_object(piece, "content");
    const auto* parts = content ? find_array(*content, "parts") : nullptr;
    for (std::size_t i = 0; parts && i < parts->size(); ++i) {
        if (const auto* part = (*parts)[i].if_object()) take_part(*part, names, deltas);
    }
    if (const auto* grounding = find_object(piece, "groundingMetadata")) {
        grounding_ = json::object(*grounding, json::storage_ptr());
    }
    const auto reason = text(piece, "finishReason");
    if (!reason.empty() && reason != "FINISH_REASON_UNSPECIFIED") reason_ = reason;
}

void Candidate::take_part(const json::object& part, const FunctionNames& names,
                          std::vector<json::object>& deltas) {
    const auto signature = text(part, "thoughtSignature");
    json::object delta;
    if (const auto words = text(part, "text"); !words.empty()) {
        const bool thought = is_true(&part, "thought");
        delta[thought ? "reasoning_content" : "content"] = words;
        if (!thought && text_.size() + words.size() <= kMaxKept) json_tree::join(text_, words);
    } else if (const auto* called = find_object(part, "functionCall")) {
        if (text(*called, "name").empty()) return;
        delta["tool_calls"] = json::array{call(*called, signature, names)};
    } else if (const auto* blob = find_object(part, "inlineData")) {
        const auto type = text(*blob, "mimeType");
        if (type.starts_with("audio/")) {
            delta["audio"] = json::object{{"data", text(*blob, "data")}};
        } else {
            const auto url = std::string("data:").append(type).append(";base64,");
            delta["images"] = json::array{json::object{
                {"type", "image_url"},
                {"index", images_++},
                {"image_url",
                 {{"url", url + std::string(text(*blob, "data"))}, {"detail", "auto"}}}}};
        }
    } else if (std::any_of(kServerParts.begin(), kServerParts.end(),
                           [&](std::string_view name) { return find(part, name); })) {
        delta["provider_specific_fields"] = own_fields("server_blocks", part);
    }
    said_ |= !delta.empty();
    if (!signature.empty()) {
        auto& own = delta["provider_specific_fields"];
        if (!own.is_object()) own = json::object();
        own.get_object()["thought_signatures"] = json::array{signature};
    }
    if (!delta.empty()) deltas.push_back(std::move(delta));
}

json::object Candidate::call(const json::object& called, std::string_view signature,
                             const FunctionNames& names) {
    const auto given = text(called, "id");
    const auto id = given.empty() ? "call_" + bay::Host::random_hex(24) : std::string(given);
    const auto* args = find(called, "args");
    json::object made{{"index", calls_++},
                      {"id", signed_id(id, signature)},
                      {"type", "function"},
                      {"function",
                       {{"name", names.original(text(called, "name"))},
                        {"arguments", args ? to_text(*args) : std::string("{}")}}}};
    if (!signature.empty()) {
        made["provider_specific_fields"] = json::object{{"thought_signature", signature}};
    }
    return made;
}

json::array Candidate::annotations() const {
    return annotations_of(grounding_, text_);
}

json::value Candidate::logprobs(const json::object& piece) {
    const auto* result = find_object(piece, "logprobsResult");
    const auto* chosen = result ? find_array(*result, "chosenCandidates") : nullptr;
    if (!chosen) return nullptr;
    const auto* top = find_array(*result, "topCandidates");
    json::array content;
    for (std::size_t i = 0; i < chosen->size(); ++i) {
        const auto* token = (*chosen)[i].if_object();
        if (!token) continue;
        auto made = logprob(*token);
        json::array others;
        const auto* at = top && i < top->size() ? (*top)[i].if_object() : nullptr;
        if (const auto* list = at ? find_array(*at, "candidates") : nullptr) {
            for (const auto& other : *list) {
                if (const auto* one = other.if_object()) others.push_back(logprob(*one));
            }
        }
        made.get_object()["top_logprobs"] = std::move(others);
        content.push_back(std::move(made));
    }
    return {{"content", std::move(content)}};
}

std::string_view Candidate::finish_reason() const {
    const auto* known = std::find_if(kReasons.begin(), kReasons.end(),
                                     [&](const Reason& row) { return row.native == reason_; });
    if (known != kReasons.end()) return known->finish;
    return calls_ > 0 ? "tool_calls" : "stop";
}

bool Candidate::is_broken() const {
    return !said_ && std::find(kBroken.begin(), kBroken.end(), reason_) != kBroken.end();
}

}  // namespace patchbay::google
