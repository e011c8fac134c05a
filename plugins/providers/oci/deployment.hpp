// SPDX-License-Identifier: Apache-2.0
// What a deployment at Oracle's Generative AI is: a place, who asks, and how the model is served.
#pragma once

#include <patchbay/provider.h>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "signature.hpp"

namespace patchbay::oci {

/// A deployment's settings, or the component's, which stand in for what a deployment does not say. Holds
/// a secret.
struct Settings {
    std::string region;
    Identity identity;
    std::string key_file;  ///< not read: named so that nobody waits for it
    std::string compartment;

    /// Of a component's configuration, whose members have no prefix.
    static Settings of(const boost::json::object& config);
};

/// One deployment's. Owns its texts; holds a secret.
struct Deployment {
    std::string base;  ///< the operator's; empty: the region's
    std::string region;
    Identity identity;
    std::string compartment;
    boost::json::object serving_mode;

    /// Of a call's target. Fails with BAY_ERR_AUTH, naming what is missing.
    static shared::Result<Deployment> of(const bay_target& target, const Settings& component);
};

/// "https://inference.generativeai.<region>.oci.oraclecloud.com/20231130/actions/<action>", or the same at
/// `base`; empty for a region that could not be a part of a host's name.
std::string action_url(std::string_view base, std::string_view region, std::string_view action);

}  // namespace patchbay::oci
