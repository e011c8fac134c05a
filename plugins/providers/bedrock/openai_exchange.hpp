// SPDX-License-Identifier: Apache-2.0
// The machine of one chat completion by InvokeModel of a family that is asked as OpenAI's chat API: the
// client's bytes, and the answer as it comes.
#pragma once

#include <optional>
#include <string>

#include "patchbay/sdk/stream_end.hpp"
#include "signed_exchange.hpp"

namespace patchbay::bedrock {

/// [exchange]
class OpenAiExchange : public SignedExchange {
  public:
    explicit OpenAiExchange(const Shared* shared) : SignedExchange(shared) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_http_head(const bay_ev_http& head, bay::Out out) override;
    bay_status on_http_frame(const bay_ev_http& frame, bay::Out out) override;

  private:
    bay_status ended(const bay_ev_http& done, bay::Out out) override;
    /// A chunk with the counts of AWS, which stood in `chunk`, where the model tells none.
    bay_status tell_usage(json::object chunk, const bay_usage& usage, bay::Out out);
    /// A whole answer where the client wants a stream and the model has none.
    bay_status tell_as_stream(const bay_ev_http& done, bay::Out out);
    bay_status refuse(Failure failure, bay::Out out);

    bay::StreamEnd end_;
    bool live_ = false;       ///< a stream that comes as one
    bool as_stream_ = false;  ///< the client's, from a whole answer
    bool want_usage_ = false;
    bool told_ = false;     ///< the client knows the usage
    bool passing_ = false;  ///< the host forwards the answer
    bool failed_ = false;
};

}  // namespace patchbay::bedrock
