// SPDX-License-Identifier: Apache-2.0
// The API of Text Generation Inference and of the servers that copied it: {"inputs", "parameters"}
// there, {"generated_text"} back.
#pragma once

#include <string>
#include <string_view>

#include "chat/chat_writer.hpp"
#include "openai_shared/translated_exchange.hpp"

namespace patchbay::prompt {

/// What chat's parameters are called in TGI, and that it has no others: for a provider's own
/// dialect, to which it adds its name and addresses.
openai::Dialect tgi_dialect(std::string_view provider);

/// The body of a chat request: `prompt` as "inputs", and the client's parameters, with those of
/// `more` where the client says nothing, as "parameters". `dropped` gets what is not sent although
/// it says something. A temperature of 0, which TGI refuses, is the least that it takes.
openai::Written<boost::json::object> tgi_body(const bay_ev_request& request,
                                              const openai::Dialect& dialect, std::string prompt,
                                              const boost::json::object& more,
                                              bay::Dropped& dropped);

/// {"generated_text", "details"}, alone or in a list of one; of a stream {"token", "generated_text",
/// "details"}, whose last event has the whole text.
class TgiReader : public openai::AnswerReader {
  public:
    /// `whose` names the provider in messages; static. `want_usage`: a stream ends with a chunk that
    /// has the usage and no choices.
    TgiReader(std::string_view whose, std::string_view model, bool want_usage)
        : whose_(whose), writer_(shared::new_chat_head(model)), want_usage_(want_usage) {}

    bool is_whole(const boost::json::object& document) const override;
    openai::Read<boost::json::object> whole(const boost::json::object& document) override;
    openai::Read<boost::json::object> list(const boost::json::array& document) override;
    openai::Read<void> event(const boost::json::object& document,
                             std::vector<std::string>& chunks) override;
    bool complete() const override { return complete_; }

  private:
    /// The usage that `details` tells, as a document; zeros if it tells none.
    boost::json::object take_usage(const boost::json::object* details);

    std::string_view whose_;
    shared::ChunkWriter writer_;
    bool want_usage_;
    bool complete_ = false;
};

}  // namespace patchbay::prompt
