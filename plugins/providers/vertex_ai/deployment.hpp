// SPDX-License-Identifier: Apache-2.0
// What a deployment on Vertex AI is: project, place, credentials, and where its models are.
#pragma once

#include <patchbay/provider.h>
#include <string>
#include <string_view>

#include "google/credentials.hpp"
#include "google/json.hpp"
#include "oauth/access.hpp"

namespace patchbay::vertex_ai {

/// The component's settings, and what its machines share. Immutable.
struct Shared {
    const bay::Crypto* crypto = nullptr;
    std::string project;
    std::string location;
    std::string credentials;  ///< JSON; empty: the machine's own account
    google::Credentials::Servers servers;
};

/// How a model is asked.
enum class Family {
    google,   ///< generateContent
    claude,   ///< Anthropic's Messages API
    openai,   ///< OpenAI's chat API, at an endpoint of the project's for all such models
    mistral,  ///< the same at Mistral's own models, whose version stands in the address alone
    ai21,     ///< the same at AI21's own
};

Family family_of(std::string_view model);

/// One deployment's. Owns its texts; holds secrets.
class Deployment {
  public:
    /// Of a call's target; settings of the component stand in for what it does not say. Fails if no
    /// project is known (BAY_ERR_BAD_REQUEST) or the credentials cannot be read (BAY_ERR_AUTH).
    static google::Result<Deployment> of(const bay_target& target, const Shared& shared);

    /// The credentials alone, for who fetches their token.
    static google::Result<google::Credentials> credentials_of(const bay_target& target,
                                                              const Shared& shared);

    /// The address of `method` ("generateContent") of the model. A model that is a number, which may
    /// stand behind "gemini/", is a tuned one with an endpoint of its own.
    std::string url(std::string_view method) const { return url(method, model_, {}); }
    /// The same of a version of the API ("v1beta1").
    std::string url(std::string_view method, std::string_view version) const {
        return url(method, model_, version);
    }
    /// That of a Claude model's counting of tokens, which names no model.
    std::string counting_url() const { return url("rawPredict", "count-tokens", {}); }

    /// That of a service beside Vertex AI: `path` at its own host, or at the operator's address.
    std::string service_url(std::string_view host, std::string_view path) const;

    const std::string& model() const { return model_; }
    const std::string& project() const { return project_; }
    /// Of the deployment or the component; empty: nobody says one.
    const std::string& location() const { return location_; }
    shared::Access& access() { return access_; }
    /// The target's `params`; an empty object if they are none.
    const google::json::object& settings() const { return settings_; }

  private:
    /// Without a version the publisher's.
    std::string url(std::string_view method, std::string_view name, std::string_view version) const;
    /// The operator's address without slashes at its end; empty: there is none.
    std::string_view own_base() const;

    std::string model_, base_, project_, location_;
    shared::Access access_;
    google::json::object settings_;
};

}  // namespace patchbay::vertex_ai
