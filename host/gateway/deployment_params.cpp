#include "gateway/deployment_params.hpp"

#include <optional>
#include <string_view>

#include <boost/json.hpp>

namespace patchbay::gateway {

namespace json = boost::json;

namespace {

template <class T>
void set_if(json::object& to, std::string_view name, const std::optional<T>& value) {
    if (value) to[name] = *value;
}

}  // namespace

json::object shown_params(const Deployment& deployment) {
    json::object params{{"model", deployment.configured}};
    if (!deployment.api_base_shown.empty()) params["api_base"] = deployment.api_base_shown;
    set_if(params, "rpm", deployment.rpm);
    set_if(params, "tpm", deployment.tpm);
    set_if(params, "itpm", deployment.itpm);
    set_if(params, "otpm", deployment.otpm);
    set_if(params, "max_parallel_requests", deployment.max_parallel_requests);
    set_if(params, "weight", deployment.weight);
    set_if(params, "order", deployment.order);
    if (!deployment.tags.empty()) params["tags"] = json::value_from(deployment.tags);
    return params;
}

}  // namespace patchbay::gateway
