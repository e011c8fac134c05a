// SPDX-License-Identifier: Apache-2.0
// One request of Google's own API that is passed on: the client's bytes without the model, which the
// address names, and the answer as it comes. Nothing is translated, and nothing added.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "failure/passed_answer.hpp"
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
    /// Sends a call that has its headers. May come twice.
    bay_status send(bay::HttpRequest& call, bay::Out out);
    /// What takes the call's events.
    shared::PassedAnswer& answer() { return *answer_; }

  private:
    What what_;
    Counted counted_;
    std::optional<bay::Splice> body_;  ///< the segments point into it
    std::vector<bay_seg> segments_;
    std::optional<shared::PassedAnswer> answer_;  ///< from begin() on
    bool streamed_ = false;
};

/// The value of `generateContentRequest` of a countTokens request, with the upstream's model in it;
/// empty if `client_json` holds none. Pure.
std::string counted_request(std::string_view client_json, std::string_view model);

}  // namespace patchbay::google
