// SPDX-License-Identifier: Apache-2.0
#include "endpoint.hpp"

#include <patchbay/sdk.hpp>
#include <utility>

#include "aws/region.hpp"
#include "openai_shared/translated_exchange.hpp"
#include "patchbay/sdk/percent.hpp"

namespace patchbay::sagemaker {

namespace {

// The manifest's, which stands for the address in the region.
constexpr std::string_view kOwnBase = "https://runtime.sagemaker.amazonaws.com";
constexpr std::string_view kInvocations = "/invocations";
constexpr std::string_view kStreamed = "-response-stream";

aws::Settings settings_of(const aws::json::object& params, const Shared& shared) {
    auto settings = aws::Settings::of(params, shared.aws);
    if (settings.region.empty()) settings.region = aws::kUsualRegion;
    return settings;
}

}  // namespace

aws::Result<aws::Credentials> Endpoint::credentials_of(const bay_target& target,
                                                       const Shared& shared) {
    return aws::Credentials::of(settings_of(aws::params_of(target), shared));
}

aws::Result<Endpoint> Endpoint::of(const bay_target& target, const Shared& shared) {
    Endpoint made;
    made.settings_ = aws::params_of(target);
    const auto settings = settings_of(made.settings_, shared);
    // A region that is none would make an address that is anybody's.
    const auto credentials = aws::Credentials::of(settings);
    if (!credentials) return credentials.error();
    made.region_ = settings.region;
    made.access_ = aws::Access::by_credentials(*credentials, *shared.crypto);
    std::string base(bay::sv(target.base_url));
    if (base.empty() || base == kOwnBase) base = shared.runtime_url;
    if (base.empty()) base = aws::endpoint("runtime.sagemaker", made.region_);
    made.invocations_ = invocations_url(base, bay::sv(target.model));
    return made;
}

std::string Endpoint::url(bool streamed) const {
    return streamed ? std::string(invocations_).append(kStreamed) : invocations_;
}

void Endpoint::settle(const bay_ev_request& request, aws::SignedCall& call) const {
    call.settle(request, settings_, region_, access_);
    const auto component = aws::text(settings_, "model_id");
    if (!component.empty()) call.header("x-amzn-sagemaker-inference-component", component);
}

std::string invocations_url(std::string_view base, std::string_view name) {
    base = openai::without_endings(base, {kStreamed});
    if (base.ends_with(kInvocations)) return std::string(base);
    return std::string(base)
        .append("/endpoints/")
        .append(bay::percent_encoded(name))
        .append(kInvocations);
}

}  // namespace patchbay::sagemaker
