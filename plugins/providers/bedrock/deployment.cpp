// SPDX-License-Identifier: Apache-2.0
#include "deployment.hpp"

#include <patchbay/sdk.hpp>
#include <utility>

#include <boost/algorithm/string/replace.hpp>

#include "aws/region.hpp"
#include "patchbay/sdk/percent.hpp"

namespace patchbay::bedrock {

namespace {

// The manifest's, which stands for the address in the region.
constexpr std::string_view kOwnBase = "https://bedrock-runtime.amazonaws.com";

std::string without_slashes(std::string_view url) {
    while (url.ends_with('/')) url.remove_suffix(1);
    return std::string(url);
}

// The region of the model's name, then of the settings, then of its ARN.
aws::Settings settings_of(const json::object& params, const Model& model, const Shared& shared) {
    auto settings = aws::Settings::of(params, shared.aws);
    const bool arn = model.id.starts_with("arn:");
    if (!model.region.empty() && (!arn || settings.region.empty())) settings.region = model.region;
    if (settings.region.empty()) settings.region = aws::kUsualRegion;
    return settings;
}

}  // namespace

Result<aws::Credentials> Deployment::credentials_of(const bay_target& target,
                                                    const Shared& shared) {
    const auto params = aws::params_of(target);
    const auto model = model_of(bay::sv(target.model), params);
    if (!model) return model.error();
    return aws::Credentials::of(settings_of(params, *model, shared));
}

Result<Deployment> Deployment::of(const bay_target& target, const Shared& shared) {
    Deployment made;
    made.settings_ = aws::params_of(target);
    auto model = model_of(bay::sv(target.model), made.settings_);
    if (!model) return model.error();
    made.model_ = std::move(*model);
    const auto settings = settings_of(made.settings_, made.model_, shared);
    made.region_ = settings.region;
    const auto credentials = aws::Credentials::of(settings);
    const auto key = bay::sv(target.api_key);
    // A region that is none would make an address that is anybody's.
    if (!aws::is_region(made.region_) || (key.empty() && !credentials)) return credentials.error();
    made.access_ = key.empty() ? aws::Access::by_credentials(*credentials, *shared.crypto)
                               : aws::Access::by_key(key);
    const auto base = bay::sv(target.base_url);
    if (base != kOwnBase) made.own_base_ = without_slashes(base);
    made.base_ = made.own_base_.empty() ? without_slashes(shared.runtime_url) : made.own_base_;
    if (made.base_.empty()) made.base_ = aws::endpoint("bedrock-runtime", made.region_);
    return made;
}

std::string Deployment::agents_url(std::string_view path) const {
    const auto base =
        own_base_.empty() ? aws::endpoint("bedrock-agent-runtime", region_) : own_base_;
    return base + std::string(path);
}

std::string Deployment::arn() const {
    if (model_.id.starts_with("arn:")) return model_.id;
    std::string arn("arn:");
    arn.append(aws::partition_of(region_)).append(":bedrock:").append(region_);
    return arn.append("::foundation-model/").append(model_.id);
}

void Deployment::ask_without_profile() {
    if (model_.id.ends_with(model_.name)) model_.id = model_.name;
}

std::string Deployment::url(std::string_view operation, bool own_body) const {
    std::string url = base_;
    std::string id = bay::percent_encoded(model_.id);
    const bool invoked = model_.api == Api::invoke && operation.starts_with("invoke");
    const bool plain = !model_.id.starts_with("arn:") || model_.form->plain_colons;
    if ((invoked || own_body) && plain) boost::algorithm::replace_all(id, "%3A", ":");
    url.append("/model/").append(id);
    return url.append("/").append(operation);
}

}  // namespace patchbay::bedrock
