// SPDX-License-Identifier: Apache-2.0
// What a deployment on Bedrock is: a model, a place, credentials.
#pragma once

#include <patchbay/provider.h>
#include <string>
#include <string_view>

#include "aws/access.hpp"
#include "model.hpp"

namespace patchbay::bedrock {

/// The component's settings, and what its machines share. Immutable.
struct Shared {
    const bay::Crypto* crypto = nullptr;
    aws::Defaults aws;
    std::string runtime_url;  ///< in place of the region's address; empty: none
};

/// One deployment's. Owns its texts; holds secrets.
class Deployment {
  public:
    /// Of a call's target; settings of the component stand in for what it does not say. Fails with
    /// BAY_ERR_AUTH if its credentials make no sense, and as model_of() does.
    static Result<Deployment> of(const bay_target& target, const Shared& shared);

    /// The credentials alone, for who fetches a session.
    static Result<aws::Credentials> credentials_of(const bay_target& target, const Shared& shared);

    /// As if the model's name began with "invoke/".
    void ask_by_invoke() { model_.api = Api::invoke; }
    /// Names the model alone in the address, not the profile that it is asked by in several regions:
    /// CountTokens knows models only. What is no such profile stays.
    void ask_without_profile();
    /// The address of one of the model's operations, as "converse". AWS takes the colon of a model's
    /// version as it is and as "%3A"; which of them is sent is LiteLLM's: the colon by InvokeModel and
    /// with a body that is the client's own.
    std::string url(std::string_view operation, bool own_body) const;
    /// That of an operation of Agents for Amazon Bedrock Runtime, in which the body names the model: at
    /// the deployment's address, if it has one of its own.
    std::string agents_url(std::string_view path) const;
    /// The model as an ARN.
    std::string arn() const;

    const Model& model() const { return model_; }
    const std::string& region() const { return region_; }
    aws::Access& access() { return access_; }
    /// The target's `params`; an empty object if they are none.
    const json::object& settings() const { return settings_; }

  private:
    Model model_;
    std::string region_, base_, own_base_;
    aws::Access access_;
    json::object settings_;
};

}  // namespace patchbay::bedrock
