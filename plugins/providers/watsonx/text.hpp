// SPDX-License-Identifier: Apache-2.0
// Text generation of watsonx.ai: a model that continues a text, asked as if it chatted.
#pragma once

#include "chat/chat_writer.hpp"
#include "openai_shared/translated_exchange.hpp"
#include "place.hpp"

namespace patchbay::watsonx {

/// {"input", "parameters"} of a chat request: the conversation as one text (prompt_shared/prompt.hpp)
/// and chat's parameters by the names that `dialect` has for them.
openai::Written<std::string> write_text(const bay_ev_request& request,
                                        const openai::Dialect& dialect, const Account& account,
                                        bay::Dropped& dropped);

/// {"results": [{"generated_text", "generated_token_count", "input_token_count", "stop_reason"}]},
/// whole and as the events of a stream, whose counts rise.
class TextReader : public openai::AnswerReader {
  public:
    /// `want_usage`: a stream ends with a chunk that has the usage and no choices.
    TextReader(std::string_view model, bool want_usage)
        : writer_(shared::new_chat_head(model)), want_usage_(want_usage) {}

    bool is_whole(const boost::json::object&) const override { return false; }
    openai::Read<boost::json::object> whole(const boost::json::object& document) override;
    openai::Read<void> event(const boost::json::object& document,
                             std::vector<std::string>& chunks) override;
    bool complete() const override { return complete_; }

  private:
    boost::json::object take_usage(const boost::json::object& result);

    shared::ChunkWriter writer_;
    bool want_usage_;
    bool complete_ = false;
};

}  // namespace patchbay::watsonx
