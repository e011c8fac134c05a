// SPDX-License-Identifier: Apache-2.0
// One request of Google's own API that is passed on: the client's bytes without the model, which the
// address names, and the answer as it comes. Nothing is translated, and nothing added.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "patchbay/sdk.hpp"
#include "patchbay/sdk/splice.hpp"

namespace patchbay::google {

/// What a machine of any provider that has this API does, besides its address and headers.
class GeneratePass {
  public:
    enum class What { generate, count };
    /// Where a request to be counted stands in the API: AI Studio has it in a member that names the model
    /// once more, Vertex AI has its members in their own place.
    enum class Counted { within, beside };

    GeneratePass(What what, Counted counted) : what_(what), counted_(counted) {}

    /// Takes the client's request. `model` is the upstream's name for the model.
    void begin(const bay_ev_request& request, std::string_view model);
    /// What stands behind the model in the address: "streamGenerateContent?alt=sse".
    std::string_view method() const;
    /// Sends a call that has its headers. May come twice; `number` is the call's.
    bay_status send(bay::HttpRequest& call, bay::Out out);

    /// `number`: of the call that was sent last.
    bay_status head(const bay_ev_http& head, std::uint32_t number, bay::Out out);
    bay_status frame(const bay_ev_http& frame, bay::Out out);
    bay_status done(const bay_ev_http& done, bay::Out out);

  private:
    /// Fails with what `answer`, which is none of this API, says is wrong, else with `why`.
    bay_status refuse(const bay_ev_http& answer, std::string_view why, bay::Out out);

    What what_;
    Counted counted_;
    std::optional<bay::Splice> body_;  ///< the segments point into it
    std::vector<bay_seg> segments_;
    bool streamed_ = false;
    bool passing_ = false;  ///< the host forwards the answer
    bool finished_ = false;
};

/// The value of `generateContentRequest` of a countTokens request, with the upstream's model in it;
/// empty if `client_json` holds none. Pure.
std::string counted_request(std::string_view client_json, std::string_view model);

}  // namespace patchbay::google
