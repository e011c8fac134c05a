// What a call costs, told in its stream: LiteLLM's `include_cost_in_streaming_usage`.
#pragma once

#include <string>
#include <string_view>

#include "engine/call/answer.hpp"

namespace patchbay {

class Call;

/// Part of the call's AnswerSink.
///
/// LiteLLM puts `cost` into the usage of chat and text completions and responses, and only of their
/// streams: whole answers have x-litellm-response-cost, which a stream's head comes too early for. With
/// `include_cost_in_streaming_usage: true`, or the header x-litellm-include-cost-in-streaming-usage of a
/// request, messages have it too (in message_delta). `false` takes it from all whose request does not ask.
/// Other APIs have no such member.
class StreamCost {
  public:
    explicit StreamCost(const Call& call);

    /// Does the call tell it?
    bool told() const { return told_; }
    /// Can this event be one that does? Cheaper than to look.
    static bool may_tell(std::string_view json) {
        return json.find("\"usage\"") != std::string_view::npos;
    }
    /// `"cost"` in the usage of an event in the client's API, in dollars, of all attempts up to now, whose
    /// usage UsageAccount has taken; in place of the provider's own. No range: the event tells no usage,
    /// or a price is not known, or nothing is owed and nobody asked. The text is good until the next call.
    Restamped::Stamp stamp(std::string_view json, const AnswerFacts& facts);

  private:
    const Call& call_;
    bool asked_ = false;  ///< by setting or header
    bool told_ = false;
    std::string text_;
};

}  // namespace patchbay
