// SPDX-License-Identifier: Apache-2.0
// The machine of one request of InvokeModel itself: the client's bytes, in the form of the model's
// family, with the upstream's model in the address, and the answer as it comes. Of a stream each chunk
// is told without its base64, which the host puts around it again.
#pragma once

#include "signed_exchange.hpp"

namespace patchbay::bedrock {

/// [exchange]
class InvokeExchange : public SignedExchange {
  public:
    explicit InvokeExchange(const Shared* shared) : SignedExchange(shared) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_http_head(const bay_ev_http& head, bay::Out out) override;
    bay_status on_http_frame(const bay_ev_http& frame, bay::Out out) override;

  private:
    bay_status ended(const bay_ev_http& done, bay::Out out) override;
    bay_status refuse(const Failure& failure, bay::Out out);

    bool streamed_ = false;
    bool passing_ = false;   ///< the host forwards the answer
    bool complete_ = false;  ///< the last chunk of a stream has come
    bool failed_ = false;
};

}  // namespace patchbay::bedrock
