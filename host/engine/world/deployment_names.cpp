// Tested by snapshot_test.cpp and snapshot_deployment_test.cpp.
#include "engine/world/deployment_names.hpp"

#include <boost/json/serialize.hpp>

#include "contract/crypto/crypto.hpp"

namespace patchbay {

std::string deployment_id(const DeploymentConfig& config, std::string_view provider) {
    if (const auto* id = config.model_info.if_contains("id")) {
        if (id->is_string()) return std::string(id->get_string());
        if (id->is_int64()) return std::to_string(id->get_int64());  // as LiteLLM
    }
    return sha256_hex(config.model_name + '\n' + config.model + '\n' + std::string(provider) +
                      '\n' + config.api_base + '\n' + sha256_hex(config.api_key.reveal()) + '\n' +
                      boost::json::serialize(config.params) +
                      boost::json::serialize(config.defaults));
}

std::string shown_base(std::string_view url) {
    std::string shown(url.substr(0, url.find('?')));
    const std::size_t scheme = shown.find("://");
    const std::size_t at = shown.find('@');
    if (scheme != std::string::npos && at != std::string::npos &&
        at < shown.find('/', scheme + 3)) {
        shown.erase(scheme + 3, at - scheme - 2);
    }
    return shown;
}

}  // namespace patchbay
