// A stream of GenerateContentResponses as chat completion chunks.
//
// Each of Google's events is a response with the next parts; the last has a finishReason, and there
// is no mark of the end. What differs from OpenAI's stream:
//   - The finish reason of a call is told as STOP, at times in an event behind the call: so it is
//     known at the end of the stream only, and told there.
//   - Calls come whole.
//   - Citations name bytes of the whole text, so they are told at the end.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "answer.hpp"
#include "candidate.hpp"

namespace patchbay::google {

/// State machine of one stream. Not thread-safe.
class StreamTranslator {
  public:
    /// `want_usage`: end with a chunk that holds the usage and no choices.
    StreamTranslator(AnswerContext context, bool want_usage)
        : context_(std::move(context)), want_usage_(want_usage) {}

    /// Takes the data of one event and appends the chunks it makes. Fails on an error where a response
    /// was expected, and on data that is none.
    Result<void> feed(std::string_view data, std::vector<std::string>& chunks);

    /// True when every candidate that began has ended: the answer is whole, however the stream ends.
    bool complete() const;
    /// Appends the chunks that end a complete answer. Fails if nothing was answered but a call that
    /// cannot be read.
    Result<void> end(std::vector<std::string>& chunks);

    const Usage& usage() const { return usage_; }

  private:
    json::object chunk(json::array choices) const;
    void emit(std::uint64_t index, json::object delta, std::vector<std::string>& chunks);

    struct Choice {
        Candidate candidate;
        bool begun = false;  ///< the role was told
    };

    AnswerContext context_;
    bool want_usage_;
    std::string id_;
    std::string model_;
    std::map<std::uint64_t, Choice> choices_;
    bool begun_ = false;  ///< something was told
    json::object blocked_;
    Usage usage_;
};

}  // namespace patchbay::google
