// Reads Ollama's answers: one document, or lines of which each has a piece and the last one is
// `done`. /api/chat has a message in it, /api/generate the text itself; all else is the same, so one
// reader takes both, and a whole answer is a stream of one line.
//
// Thoughts come as `thinking`, and from models without support for it as <think> in the text. A call
// comes whole and mostly without an id, which is made here.
#pragma once

#include "chat/chat_writer.hpp"
#include "chat/think_tags.hpp"
#include "openai_shared/translated_exchange.hpp"

namespace patchbay::ollama {

class Reader : public openai::AnswerReader {
  public:
    /// `want_usage`: a stream ends with a chunk that has the usage and no choices.
    Reader(std::string_view model, bool want_usage)
        : writer_(shared::new_chat_head(model)), want_usage_(want_usage) {}

    bool is_whole(const boost::json::object&) const override { return false; }
    openai::Read<boost::json::object> whole(const boost::json::object& document) override;
    openai::Read<void> event(const boost::json::object& document,
                             std::vector<std::string>& chunks) override;
    bool complete() const override { return complete_; }

  private:
    void say(const shared::Thought& thought, std::vector<std::string>& chunks);

    shared::ChunkWriter writer_;
    shared::ThinkTags tags_;
    bool want_usage_;
    bool complete_ = false;
    std::uint64_t calls_ = 0;
};

/// The usage that a document tells, in OpenAI's shape; and for the host.
boost::json::object usage_of(const boost::json::object& document);
bay_usage host_usage_of(const boost::json::object& document);

}  // namespace patchbay::ollama
