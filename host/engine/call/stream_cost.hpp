// What a call costs, told in its stream: LiteLLM's `include_cost_in_streaming_usage`.
#pragma once

#include <string>
#include <string_view>

#include "engine/call/answer.hpp"

namespace patchbay {

class Call;

/// Part of the call's AnswerSink.
///
/// LiteLLM puts `cost` into the usage of chat and text completions, messages (in message_delta) and
/// responses, and only of their streams: whole answers have x-litellm-response-cost, which a stream's
/// head comes too early for. Other APIs have no such member.
class StreamCost {
  public:
    explicit StreamCost(const Call& call);

    /// Does the call tell it?
    bool told() const { return told_; }
    /// `"cost"` in the usage of an event in the client's API, in dollars, of all attempts up to now, whose
    /// usage UsageAccount has taken; in place of the provider's own. No range: the event tells no usage,
    /// or a price is not known. The text is good until the next call.
    Restamped::Stamp stamp(std::string_view json, const AnswerFacts& facts);

  private:
    const Call& call_;
    bool told_;
    std::string text_;
};

}  // namespace patchbay
