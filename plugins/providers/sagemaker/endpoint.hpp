// SPDX-License-Identifier: Apache-2.0
// Which endpoint of SageMaker's a deployment asks, and how its calls are authorized.
#pragma once

#include <patchbay/provider.h>
#include <string>
#include <string_view>

#include "aws/signed_call.hpp"

namespace patchbay::sagemaker {

inline constexpr std::string_view kWhose = "SageMaker";  ///< whose failures they are

/// The component's settings, and what its machines share. Immutable; holds secrets.
struct Shared {
    const bay::Crypto* crypto = nullptr;
    aws::Defaults aws;
    std::string runtime_url;  ///< in place of the region's address; empty: none
};

/// One deployment's: the endpoint is the model's name. Owns its texts; holds secrets.
class Endpoint {
  public:
    /// Of a call's target; settings of the component stand in for what it does not say. Fails with
    /// BAY_ERR_AUTH if its credentials make no sense.
    static aws::Result<Endpoint> of(const bay_target& target, const Shared& shared);

    /// The credentials alone, for who fetches a session.
    static aws::Result<aws::Credentials> credentials_of(const bay_target& target,
                                                        const Shared& shared);

    /// InvokeEndpoint, or InvokeEndpointWithResponseStream.
    std::string url(bool streamed) const;
    /// Says whose calls they are: `model_id` of the deployment is an inference component.
    void settle(const bay_ev_request& request, aws::SignedCall& call) const;

    /// The target's `params`; an empty object if they are none.
    const aws::json::object& settings() const { return settings_; }

  private:
    std::string invocations_;  ///< the address without what streams add to it
    std::string region_;
    aws::Access access_;
    aws::json::object settings_;
};

/// "https://runtime.sagemaker.<region>.amazonaws.com/endpoints/<name>/invocations" at `base`, which may
/// be all of it or its beginning.
std::string invocations_url(std::string_view base, std::string_view name);

}  // namespace patchbay::sagemaker
