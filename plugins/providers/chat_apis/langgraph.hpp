// SPDX-License-Identifier: Apache-2.0
// Agents of a LangGraph server ("Runs" and "Thread Runs" of its API): a run is made and waited for, or
// its messages are streamed.
#pragma once

#include "chat/chat_writer.hpp"
#include "openai_shared/translated_exchange.hpp"

namespace patchbay::chat_apis {

/// A graph takes no parameters of OpenAI's; those of the server's own go as they are.
openai::Dialect langgraph_dialect();

/// "<base>/runs/wait", of a stream "/runs/stream"; of a thread, if there is one, "<base>/threads/<thread>/runs/...".
std::string langgraph_url(std::string_view base, std::string_view thread, bool streamed);

/// A run's last message of the model's, or what its model says while it runs.
///
/// A stream has a message, or a piece of one, beside facts about it: [{"type", "content", "id"}, {...}].
/// It ends where the connection does.
class LangGraphReader : public openai::AnswerReader {
  public:
    /// `want_usage`: a stream ends with a chunk that has the usage and no choices.
    LangGraphReader(std::string_view model, bool want_usage)
        : writer_(shared::new_chat_head(model)), want_usage_(want_usage) {}

    std::string_view document_of(std::string_view frame) const override;
    bool is_whole(const boost::json::object& document) const override;
    openai::Read<boost::json::object> whole(const boost::json::object& document) override;
    openai::Read<void> event(const boost::json::object& document,
                             std::vector<std::string>& chunks) override;
    openai::Read<void> list_event(const boost::json::array& document,
                                  std::vector<std::string>& chunks) override;
    bool complete() const override { return false; }
    bool ends(std::vector<std::string>& chunks) override;

  private:
    /// Adds what a message of the model's says of its tokens.
    void take_usage(const boost::json::object& message);
    boost::json::object told_usage() const;

    shared::ChunkWriter writer_;
    bool want_usage_;
    bool any_ = false;  ///< the model has said something
};

class LangGraphExchange : public openai::TranslatedExchange {
  public:
    explicit LangGraphExchange(const openai::Dialect* dialect)
        : TranslatedExchange(*dialect, BAY_DECODE_SSE) {}

    /// The event "error" has the name of a fault as its error, and what is wrong beside it.
    bay_status on_http_frame(const bay_ev_http& frame, bay::Out out) override;

  protected:
    openai::Written<openai::Translated> translate(const bay_ev_request& request,
                                                  std::string_view address) const override;
};

}  // namespace patchbay::chat_apis
