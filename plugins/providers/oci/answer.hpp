// SPDX-License-Identifier: Apache-2.0
// Answers of Oracle's Generative AI, in both forms, whole and as the events of a stream.
#pragma once

#include "chat/chat_writer.hpp"
#include "openai_shared/translated_exchange.hpp"

namespace patchbay::oci {

/// {"chatResponse": {...}}: choices with messages in the generic form, a text in Cohere's. Of a stream
/// each event is a message or a text, and the last has the reason of the end and the usage.
class ChatReader : public openai::AnswerReader {
  public:
    /// `want_usage`: a stream ends with a chunk that has the usage and no choices.
    ChatReader(std::string_view model, bool want_usage)
        : writer_(shared::new_chat_head(model)), want_usage_(want_usage) {}

    bool is_whole(const boost::json::object& document) const override;
    openai::Read<boost::json::object> whole(const boost::json::object& document) override;
    openai::Read<void> event(const boost::json::object& document,
                             std::vector<std::string>& chunks) override;
    bool complete() const override { return complete_; }

  private:
    boost::json::object take_usage(const boost::json::object* usage);
    void tell_calls(const boost::json::array* calls, std::vector<std::string>& chunks);

    shared::ChunkWriter writer_;
    bool want_usage_;
    bool complete_ = false;
    std::uint64_t calls_ = 0;
};

/// {"embeddings": [[...]]}.
class EmbeddingsReader : public openai::WholeReader {
  public:
    explicit EmbeddingsReader(std::string_view model) : model_(model) {}

    openai::Read<boost::json::object> whole(const boost::json::object& document) override;

  private:
    std::string model_;
};

}  // namespace patchbay::oci
