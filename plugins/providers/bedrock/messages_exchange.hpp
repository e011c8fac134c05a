// SPDX-License-Identifier: Apache-2.0
// The machine of one request of Anthropic's Messages API to Claude at Bedrock: the client's bytes with
// what InvokeModel demands, and the answer as it comes. Of a stream each event is told without its base64.
#pragma once

#include "signed_exchange.hpp"

namespace patchbay::bedrock {

/// [exchange]
class MessagesExchange : public SignedExchange {
  public:
    explicit MessagesExchange(const Shared* shared) : SignedExchange(shared) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_http_head(const bay_ev_http& head, bay::Out out) override;
    bay_status on_http_frame(const bay_ev_http& frame, bay::Out out) override;

  private:
    bay_status ended(const bay_ev_http& done, bay::Out out) override;
    bay_status refuse(Failure failure, bay::Out out);

    bool streamed_ = false;
    bool passing_ = false;   ///< the host forwards the answer
    bool complete_ = false;  ///< message_stop has come
    bool failed_ = false;
};

}  // namespace patchbay::bedrock
