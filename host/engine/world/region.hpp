// Where a deployment is, as far as a customer's `allowed_model_region` asks: "eu" or "us".
#pragma once

#include <string_view>

#include <boost/json/object.hpp>

namespace patchbay {

/// "eu", "us", or empty for elsewhere and for what is no name of a region that is known: names of AWS
/// ("eu-west-1"), Google ("europe-west4", "us-central1"), Azure ("swedencentral", "eastus2") and the two alone.
std::string_view region_group(std::string_view region);

/// That of a deployment's litellm_params: `region_name`, `aws_region_name`, `vertex_location`.
std::string_view region_of(const boost::json::object& params);

}  // namespace patchbay
