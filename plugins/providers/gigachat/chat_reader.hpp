// SPDX-License-Identifier: Apache-2.0
// Reads the answers of GigaChat's chat, whole and streamed: OpenAI's of old, with one function call
// whose arguments are an object.
#pragma once

#include "chat/chat_writer.hpp"
#include "openai_shared/translated_exchange.hpp"

namespace patchbay::gigachat {

class ChatReader : public openai::AnswerReader {
  public:
    /// `schema_name`: the function whose arguments are the answer itself; empty: there is none.
    /// `want_usage`: a stream ends with a chunk that has the usage and no choices.
    ChatReader(std::string_view model, std::string schema_name, bool want_usage)
        : writer_(shared::new_chat_head(model)),
          schema_name_(std::move(schema_name)),
          want_usage_(want_usage) {}

    bool is_whole(const boost::json::object& document) const override;
    openai::Read<boost::json::object> whole(const boost::json::object& document) override;
    openai::Read<void> event(const boost::json::object& document,
                             std::vector<std::string>& chunks) override;
    bool complete() const override { return complete_; }

  private:
    /// The id and the time, of an answer that tells them.
    void take_head(const boost::json::object& document);
    /// Takes the usage, if it is told.
    void take_usage(const boost::json::object& document);
    openai::Read<void> delta(const boost::json::object& delta, std::vector<std::string>& chunks);
    /// OpenAI's word; fails for an answer that the provider gave up.
    openai::Read<std::string_view> finish_reason(std::string_view given) const;

    shared::ChunkWriter writer_;
    std::string schema_name_;
    boost::json::object told_usage_;
    bool want_usage_;
    bool head_taken_ = false;
    bool calls_ = false;   ///< the answer calls a function of the client's
    bool schema_ = false;  ///< the answer is that of the schema
    bool complete_ = false;
    bool usage_sent_ = false;
};

}  // namespace patchbay::gigachat
