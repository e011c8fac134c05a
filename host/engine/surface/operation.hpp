// One thing that a provider can be asked, as a row of facts.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "contract/shape/answer_form.hpp"

namespace patchbay {

/// Which sides of a call guardrails can look at. What they cannot look at they may not be made to
/// pass: the call goes through the hub, or is refused.
enum class Words : std::uint8_t {
    both,       ///< the texts of request and answer are found
    requested,  ///< those of the request; the answer holds none (numbers, sound)
    unreadable,
    none,  ///< there are none on either side
};

/// Everything of an operation that is not code. One const object each, in operation.cpp.
struct Operation {
    std::string_view id;                  ///< "chat.completions": in manifests and bay_ev_request
    std::string_view call_type;           ///< LiteLLM's, for log records: "acompletion"
    std::string_view stream_call_type{};  ///< of streams; empty: the same
    std::string_view use;  ///< "chat", in messages about models that are for another use
    AnswerAs answer = AnswerAs::json;  ///< this and the shape are those of the id's AnswerForm
    const Shape* shape = nullptr;
    Words words = Words::both;
    /// "metadata" is a member of the API, of which Ask::own_metadata is sent on; else it is the
    /// gateway's, but for providers with kMetadataUserIdFeature.
    bool own_metadata = false;
    /// The member that names an earlier answer by its id, which answers hold as AnswerFacts::id;
    /// empty: there is none.
    std::string_view earlier{};
    /// What the path names, as plugins know it ("response_id"): the deployment that made it is
    /// asked, by its own id. Empty: a model is asked.
    std::string_view resource{};
    /// Values of `model_info.mode` that models for this operation may have. A model of another mode
    /// is not asked; one of which nothing is known is.
    std::span<const std::string_view> modes{};
    /// Bit of this operation in Deployment::operations.
    std::uint32_t bit = 0;
};

extern const Operation kChatCompletions;
extern const Operation kRealtime;
extern const Operation kEmbeddings;
extern const Operation kSpeech;
extern const Operation kMessages;
extern const Operation kCountTokens;
extern const Operation kGenerateContent;
extern const Operation kGenerateCount;
extern const Operation kConverse;
extern const Operation kInvoke;
extern const Operation kCompletions;
extern const Operation kModerations;
extern const Operation kImages;
extern const Operation kRerank;
extern const Operation kResponses;
extern const Operation kGetResponse;
extern const Operation kDeleteResponse;
extern const Operation kCancelResponse;
extern const Operation kResponseInput;

/// All that a provider may have.
std::span<const Operation* const> operations();

/// The bits of the operations with these ids; ids that this host does not know count for nothing.
std::uint32_t operation_bits(std::span<const std::string> ids);

}  // namespace patchbay
