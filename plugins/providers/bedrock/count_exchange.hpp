// SPDX-License-Identifier: Apache-2.0
// The machine of one count of tokens of a request of the Messages API to Claude at Bedrock: CountTokens of
// what InvokeModel would be sent.
#pragma once

#include "signed_exchange.hpp"

namespace patchbay::bedrock {

/// [exchange]
class CountExchange : public SignedExchange {
  public:
    explicit CountExchange(const Shared* shared) : SignedExchange(shared) {}

    bay_status on_request(const bay_ev_request& request, bay::Out out) override;

  private:
    bay_status ended(const bay_ev_http& done, bay::Out out) override;
};

/// The body of CountTokens for a request of Anthropic's, which need not say `max_tokens`, as InvokeModel's
/// must. Empty if it is no JSON object. Pure.
std::string count_body(std::string_view messages_request);

}  // namespace patchbay::bedrock
