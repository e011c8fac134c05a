// Reads the answers of Cohere's Chat API (v2), whole and streamed.
//
// A stream is a list of events: message-start, content-start and -delta for thinking and text,
// tool-plan-delta, tool-call-start and -delta, citation-start, message-end. It comes as server-sent
// events, or as lines of JSON from servers that look at the request's accept header: both are read
// line by line, as an event of Cohere's is one line of data.
//
// What Cohere calls the plan of its tool calls is what other models write before a call: it is the
// content.
#pragma once

#include "chat/chat_writer.hpp"
#include "message.hpp"
#include "openai_shared/translated_exchange.hpp"

namespace patchbay::cohere {

class ChatReader : public openai::AnswerReader {
  public:
    /// `want_usage`: a stream ends with a chunk that has the usage and no choices.
    ChatReader(std::string_view model, bool want_usage)
        : writer_(shared::new_chat_head(model)), want_usage_(want_usage) {}

    std::string_view document_of(std::string_view line) const override;
    bool is_whole(const boost::json::object& document) const override;
    openai::Read<boost::json::object> whole(const boost::json::object& document) override;
    openai::Read<void> event(const boost::json::object& document,
                             std::vector<std::string>& chunks) override;
    bool complete() const override { return complete_; }

  private:
    openai::Read<void> finish(const boost::json::object* delta, std::vector<std::string>& chunks);
    void cite(const boost::json::object* message, std::vector<std::string>& chunks);

    shared::ChunkWriter writer_;
    bool want_usage_;
    bool complete_ = false;
    std::uint64_t calls_ = 0;
};

}  // namespace patchbay::cohere
