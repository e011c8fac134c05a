#include "engine/world/provider_params.hpp"

#include <algorithm>

#include "config/litellm_params.hpp"
#include "contract/json/control_params.hpp"

namespace patchbay {

ParamUse param_use(std::string_view name, const ManifestProvider& provider) {
    const auto has = [name](const std::vector<std::string>& names) {
        return std::find(names.begin(), names.end(), name) != names.end();
    };
    if (has(provider.settings)) return ParamUse::setting;
    if (provider.params && has(*provider.params)) return ParamUse::request;
    if (is_control_param(name) || is_deployment_setting(name)) return ParamUse::setting;
    return provider.params ? ParamUse::not_sent : ParamUse::request;
}

}  // namespace patchbay
