// SPDX-License-Identifier: Apache-2.0
// Where watsonx.ai is asked, on whose account, and what authorizes it ("watsonx.ai API", IBM Cloud).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "openai_shared/site.hpp"
#include "patchbay/sdk/crypto.hpp"
#include "patchbay/sdk/splice.hpp"

namespace patchbay::watsonx {

inline constexpr std::string_view kWhose = "watsonx";  ///< whose failures they are

/// The component's settings. Immutable; holds secrets.
struct Settings {
    std::string region;
    std::string project_id, space_id;
    std::string token;        ///< a bearer token that nobody here renews
    std::string zen_api_key;  ///< of Cloud Pak for Data
    std::string iam_url;      ///< where a key is exchanged for a token

    static Settings of(const boost::json::object& config);
};

/// What a request's body says beside its model: a model is used in a project or a space; what is
/// deployed has them, and the address names it.
struct Account {
    std::string model_id;    ///< empty: the address names what is deployed
    std::string project_id;  ///< used rather than the space
    std::string space_id;

    /// Fails with BAY_ERR_AUTH if neither the deployment nor the component names one.
    static openai::Written<Account> of(const bay_ev_request& request, const Settings& settings);

    void put_into(boost::json::object& body) const;
    /// The same for the client's body: `model`, which LiteLLM sends too, stays beside `model_id`.
    void put_into(bay::Splice& body) const;
};

/// The address of the API's version, with `version` as a query, and a key as the token that it is
/// exchanged for. [any]
class Site : public openai::Site {
  public:
    /// Both must outlive this.
    Site(const Settings& settings, const bay::Crypto* const& crypto)
        : settings_(settings), crypto_(crypto) {}

    openai::Written<openai::Visit> visit(const bay_ev_request& request,
                                         std::string_view operation) const override;

  private:
    const Settings& settings_;
    const bay::Crypto* const& crypto_;
};

/// "https://us-south.ml.cloud.ibm.com/ml/v1?version=...", for what is deployed with its part of the
/// path; whichever of the API's addresses `base` is. Empty if `base` is.
std::string address_of(std::string_view base, std::string_view model, std::string_view version);

/// "https://us-south.ml.cloud.ibm.com"; empty for what could not be a part of a host's name.
std::string region_url(std::string_view region);

/// Names the token that `api_key` is exchanged for at `iam_url`, for shared values: a digest.
std::string token_key(std::string_view api_key, const Settings& settings,
                      const bay::Crypto& crypto);

/// Where the token is asked if IAM cannot be reached: IAM's path at an address of the operator's own,
/// which stands in for IBM's in a network without a way out. Empty for an address of IBM's.
std::string token_url_of(std::string_view base);

/// The form that asks for it.
std::string token_form(std::string_view api_key);

}  // namespace patchbay::watsonx
