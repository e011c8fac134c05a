#include "gateway/health_page.hpp"

#include <patchbay/json_tree.hpp>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "contract/http/query.hpp"
#include "engine/call/health_check.hpp"
#include "gateway/deployment_params.hpp"

namespace patchbay::gateway {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

json::object shown(const EndpointHealth& endpoint) {
    json::object shown = shown_params(*endpoint.deployment);
    shown["model_id"] = endpoint.deployment->id;
    if (endpoint.failed) {
        shown["error"] = endpoint.failed->message;
        shown["exception_status"] = endpoint.failed->status();
    }
    return shown;
}

}  // namespace

asio::awaitable<void> serve_health(Served& served) {
    const auto model = http::query_value(served.request.query, "model");
    const auto id = http::query_value(served.request.query, "model_id");
    std::vector<EndpointHealth> endpoints;
    for (const auto& deployment : served.snapshot->deployments) {
        const bool named =
            (!model || deployment->group == *model) && (!id || deployment->id == *id);
        if (named) endpoints.push_back({deployment.get()});
    }
    if (endpoints.empty() && (model || id)) {
        co_return co_await refuse(
            served, bad_request("No deployment is called so: " + (id ? *id : *model)));
    }
    co_await check_health(served.server.engine, endpoints);
    json::array healthy;
    json::array unhealthy;
    json::array unchecked;
    for (const EndpointHealth& endpoint : endpoints) {
        json::array& list = !endpoint.asked ? unchecked : endpoint.failed ? unhealthy : healthy;
        list.push_back(shown(endpoint));
    }
    const bool down = (model || id) && healthy.empty() && !unhealthy.empty();
    const auto healthy_count = healthy.size();
    const auto unhealthy_count = unhealthy.size();
    const std::string body =
        json_tree::write(json::object{{"healthy_endpoints", std::move(healthy)},
                                      {"unhealthy_endpoints", std::move(unhealthy)},
                                      {"unchecked_endpoints", std::move(unchecked)},
                                      {"healthy_count", healthy_count},
                                      {"unhealthy_count", unhealthy_count}});
    co_await send_answer(served, served.page_head(down ? 503 : 200, "application/json"), body);
}

}  // namespace patchbay::gateway
