#include "engine/world/deployment.hpp"

#include <boost/json/serialize.hpp>

namespace patchbay {

std::string with_model_info(const std::string& params, const ModelInfo& info) {
    if (info.empty()) return params;
    std::string text = "{\"model_info\":" + boost::json::serialize(info.to_json());
    const std::size_t members = params.find('{');
    if (members == std::string::npos) return text + "}";
    const std::size_t first = params.find_first_not_of(" \t\r\n", members + 1);
    if (first == std::string::npos || params[first] == '}') return text + "}";
    return text + "," + params.substr(first);
}

ModelInfo Deployment::find_info(std::string_view called) const {
    ModelInfo found = model_info_of(info_given, provider, called);
    // Gateways at other addresses answer chat for models whose makers have only Responses for them.
    if (at_other_address && found.mode == "responses" && !info_given.contains("mode")) {
        found.mode.clear();
    }
    return found;
}

}  // namespace patchbay
