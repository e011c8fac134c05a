// SPDX-License-Identifier: Apache-2.0
// The machine of one request of Google's own API: the client's bytes, with the upstream's model in
// the address, and the answer as it comes. Nothing is translated, and nothing added.
#pragma once

#include <string>
#include <string_view>

#include "opening.hpp"

namespace patchbay::gemini {

/// [exchange]
class GenerateExchange : public bay::Exchange {
  public:
    explicit GenerateExchange(bool counts) : counts_(counts) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;
    bay_status on_http_head(const bay_ev_http& head, bay::Out out) override;
    bay_status on_http_frame(const bay_ev_http& frame, bay::Out out) override;
    bay_status on_http_done(const bay_ev_http& done, bay::Out out) override;

  private:
    /// Fails with what `answer`, which is none of this API, says is wrong, else with `why`.
    bay_status refuse_answer(const bay_ev_http& answer, std::string_view why, bay::Out out);

    bool counts_;          ///< countTokens
    std::string counted_;  ///< a request to be counted, with the upstream's model
    bool streamed_ = false;
    bool passing_ = false;  ///< the host forwards the answer
    bool finished_ = false;
};

/// The value of `generateContentRequest` of a countTokens request, with the upstream's model in it;
/// empty if `client_json` holds none. Pure.
std::string counted_request(std::string_view client_json, std::string_view model);

}  // namespace patchbay::gemini
