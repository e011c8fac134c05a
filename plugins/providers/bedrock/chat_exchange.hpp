// SPDX-License-Identifier: Apache-2.0
// The machine of one chat completion by way of Converse, or of InvokeModel in nearly the same form.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "request.hpp"
#include "signed_exchange.hpp"
#include "stream.hpp"

namespace patchbay::bedrock {

/// [exchange]
class ChatExchange : public SignedExchange {
  public:
    ChatExchange(const Shared* shared, std::string_view request_id) : SignedExchange(shared) {
        context_.head.id = std::string("chatcmpl-").append(request_id);
    }

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_http_frame(const bay_ev_http& frame, bay::Out out) override;

  private:
    bay_status ended(const bay_ev_http& done, bay::Out out) override;
    Result<void> feed_chunk(std::string_view payload);
    bay_status whole(const bay_ev_http& answer, bay::Out out);
    /// A whole answer where the client wants a stream and the model has none.
    bay_status tell_as_stream(std::string_view answer_json, bay::Out out);
    bay_status refuse(const Failure& failure, bay::Out out);

    AnswerContext context_;
    std::optional<StreamTranslator> stream_;
    std::vector<std::string> chunks_;
    bool invoked_ = false;    ///< by InvokeModel
    bool as_stream_ = false;  ///< the client's, from a whole answer
    bool failed_ = false;
};

}  // namespace patchbay::bedrock
