// SPDX-License-Identifier: Apache-2.0
// Converse's stream as chat completion chunks.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "answer.hpp"

namespace patchbay::bedrock {

/// State machine of one stream: messageStart, blocks, messageStop, metadata. Not thread-safe.
class StreamTranslator {
  public:
    /// `want_usage`: end with a chunk that holds the usage and no choices.
    StreamTranslator(AnswerContext context, bool want_usage)
        : context_(std::move(context)),
          want_usage_(want_usage),
          blocks_(context_),
          writer_(context_.head) {}
    StreamTranslator(const StreamTranslator&) = delete;

    /// Takes one event by its type and appends the chunks it makes. Events that nobody knows say
    /// nothing. Fails on data that is no such event.
    Result<void> feed(std::string_view type, std::string_view data,
                      std::vector<std::string>& chunks);

    /// True when messageStop has come: the answer is whole, however the stream ends.
    bool complete() const { return complete_; }
    /// The usage, when it has come.
    const std::optional<anthropic::Usage>& usage() const { return usage_; }

  private:
    void tell(Blocks::Deltas& deltas, std::vector<std::string>& chunks);
    Result<void> finish(const json::object& event, std::vector<std::string>& chunks);
    void metadata(const json::object& event, std::vector<std::string>& chunks);

    AnswerContext context_;
    bool want_usage_;
    Blocks blocks_;
    shared::ChunkWriter writer_;
    json::value fields_;  ///< additionalModelResponseFields
    std::optional<anthropic::Usage> usage_;
    bool complete_ = false;
};

}  // namespace patchbay::bedrock
