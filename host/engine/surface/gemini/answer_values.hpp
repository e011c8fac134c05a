// Single values of a Gemini answer that whole answers and streams say in the same way.
#pragma once

#include <string>
#include <string_view>

#include "engine/surface/hub/call_names.hpp"
#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

/// What every answer to one request is told with.
struct Answering {
    std::string model;      ///< the name that the client asked for
    ChatNames names;        ///< gives functions back the names that the client has
    bool thoughts = false;  ///< the client wants to see what the model thought
};

/// A call, as Gemini's part has it.
struct AnsweredCall {
    std::string id;    ///< the provider's; empty: one is made of the answer's id and `number`
    std::string name;  ///< as the provider was told it
    std::string arguments;
    std::string signature;  ///< a Gemini model's own, from provider_specific_fields; empty: none
    std::size_t number = 0;
};

/// {"functionCall":{"id":...,"name":...,"args":{...}}}. Arguments that are no object are told as
/// tool_input() says.
json::object call_part(const AnsweredCall& call, std::string_view chat_id, const ChatNames& names);

/// The signature that a call of a chat answer came with.
std::string_view own_signature(const json::object& call);

json::object text_part_of(std::string_view words);
json::object thought_part(std::string_view words);

/// {"inlineData":{"mimeType":...,"data":...}} of an element of `images`; empty if it holds no data.
json::object image_part_of(const json::object& image);

/// {"candidates":[],"usageMetadata":{...}} without what the answer does not tell. `usage`: that of a
/// chat answer, or nullptr. Thoughts are counted apart, as Google does.
json::object usage_metadata(const json::object* usage);

/// How a candidate ended, gathered from a choice or from the chunks of one.
struct Finish {
    std::string reason;    ///< OpenAI's finish_reason; empty: not told
    std::string native;    ///< the provider's own word
    bool refused = false;  ///< there is a refusal in the answer

    /// Takes what `choice` and its `message` or `delta` say.
    void read(const json::object& choice, const json::object* message);
    /// Google's finishReason. STOP also for calls, and for what nobody knows.
    std::string_view word() const;
};

/// Google's logprobsResult for `logprobs`, that of a choice; empty if it tells none.
json::object logprobs_result(const json::object& choice);

/// Its sum and number of tokens, for avgLogprobs.
struct LogprobSum {
    double sum = 0;
    std::uint64_t tokens = 0;
    void add(const json::object& choice);
};

}  // namespace patchbay::surface
