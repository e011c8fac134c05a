// Where deployments at Azure are and what authorizes their calls, out of a call's target.
#pragma once

#include <string>

#include "entra/credentials.hpp"
#include "openai_shared/site.hpp"
#include "patchbay/sdk/crypto.hpp"
#include "places.hpp"

namespace patchbay::azure {

/// The component's settings, and what its machines share. Immutable.
struct Shared {
    const bay::Crypto* crypto = nullptr;
    entra::Settings entra;
    std::string api_version;  ///< of deployments that name none; may be empty
};

/// Of Azure's keys, where they are no bearer tokens.
inline constexpr std::string_view kKeyHeader = "api-key";

/// Of a deployment: what it states itself of Entra (`azure_ad_token`, or credentials); else the key; else
/// what the component's settings say of Entra; else none. So a key of the environment's, which every
/// deployment gets, does not stand before what one of them says. `params` are the target's, read.
shared::Access access_of(const bay_target& target, const shared::json::object& params,
                         const Shared& shared, KeyHeader key);

/// The target's `params`; an empty object if they are none.
shared::json::object read_params(const bay_target& target);

/// Of the providers `azure` and `azure_text`.
class OpenAiSite : public openai::Site {
  public:
    explicit OpenAiSite(const Shared& shared) : shared_(shared) {}
    openai::Written<openai::Visit> visit(const bay_ev_request& request,
                                         std::string_view operation) const override;

  private:
    const Shared& shared_;
};

/// Of the provider `azure_ai`, but for Claude.
class FoundrySite : public openai::Site {
  public:
    explicit FoundrySite(const Shared& shared) : shared_(shared) {}
    openai::Written<openai::Visit> visit(const bay_ev_request& request,
                                         std::string_view operation) const override;

  private:
    const Shared& shared_;
};

}  // namespace patchbay::azure
