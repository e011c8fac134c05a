// SPDX-License-Identifier: Apache-2.0
#include "endpoint.hpp"

#include "google/model.hpp"
#include "patchbay/sdk/percent.hpp"

namespace patchbay::gemini {

namespace {

constexpr std::string_view kOwnBase = "https://generativelanguage.googleapis.com";
constexpr std::string_view kModels = "models/";

}  // namespace

std::string model_url(std::string_view base, std::string_view model, std::string_view method) {
    while (base.ends_with('/')) base.remove_suffix(1);
    if (model.starts_with(kModels)) model.remove_prefix(kModels.size());
    const bool own = base.empty() || base == kOwnBase;
    std::string url(own ? kOwnBase : base);
    if (own) url.append(google::traits_of(model).third ? "/v1alpha" : "/v1beta");
    url.append("/").append(kModels).append(bay::percent_encoded(model));
    return url.append(":").append(method);
}

}  // namespace patchbay::gemini
