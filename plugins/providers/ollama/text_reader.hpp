// Reads /api/generate's answers to text completions: what the model writes behind the prompt.
#pragma once

#include "chat/chat_writer.hpp"
#include "openai_shared/translated_exchange.hpp"

namespace patchbay::ollama {

class TextReader : public openai::AnswerReader {
  public:
    /// `want_usage`: a stream ends with a chunk that has the usage and no choices.
    TextReader(std::string_view model, bool want_usage)
        : head_(shared::new_chat_head(model)), want_usage_(want_usage) {
        head_.id.erase(0, std::string_view("chat").size());  // "cmpl-..."
    }

    bool is_whole(const boost::json::object&) const override { return false; }
    openai::Read<boost::json::object> whole(const boost::json::object& document) override;
    openai::Read<void> event(const boost::json::object& document,
                             std::vector<std::string>& chunks) override;
    bool complete() const override { return complete_; }

  private:
    shared::ChatHead head_;
    bool want_usage_;
    bool complete_ = false;
};

}  // namespace patchbay::ollama
