// SPDX-License-Identifier: Apache-2.0
// The machine of one chat completion of a model that speaks OpenAI's API: Llama, Mistral, Qwen and
// others. The client's bytes with the upstream's model in place, without marks and members that only
// others take, and the answer as it comes.
#pragma once

#include <optional>
#include <vector>

#include "authorized.hpp"
#include "patchbay/sdk/splice.hpp"

namespace patchbay::vertex_ai {

/// [exchange]
class OpenAiExchange : public Authorized {
  public:
    using Authorized::Authorized;

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_http_head(const bay_ev_http& head, bay::Out out) override;
    bay_status on_http_frame(const bay_ev_http& frame, bay::Out out) override;

  private:
    /// What Mistral lacks: left out, or the failure that names it.
    std::optional<google::Failure> settle_mistral(const bay_ev_request& request, bay::Out out);
    std::string url() override;
    bay_status send(bay::HttpRequest& call, bay::Out out) override;
    bay_status ended(const bay_ev_http& done, bay::Out out) override;

    std::optional<bay::Splice> body_;  ///< the segments point into it
    std::vector<bay_seg> segments_;
    bool streamed_ = false;
    bool finished_ = false;
};

}  // namespace patchbay::vertex_ai
