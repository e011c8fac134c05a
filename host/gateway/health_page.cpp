#include "gateway/health_page.hpp"

#include <chrono>
#include <patchbay/json_tree.hpp>
#include <utility>
#include <vector>

#include <boost/json.hpp>

#include "config/health_settings.hpp"
#include "contract/http/query.hpp"
#include "engine/call/health_check.hpp"
#include "engine/health/prober.hpp"
#include "gateway/deployment_params.hpp"

namespace patchbay::gateway {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

struct Told {
    EndpointHealth health;
    std::optional<double> age_s{};  ///< nullopt: it was asked just now, or never
};

json::object shown(const Told& told, bool details) {
    const Deployment& deployment = *told.health.deployment;
    json::object shown =
        details ? shown_params(deployment) : json::object{{"model", deployment.configured}};
    shown["model_id"] = deployment.id;
    if (told.age_s) shown["checked_seconds_ago"] = *told.age_s;
    if (!told.health.failed) return shown;
    if (details) shown["error"] = told.health.failed->message;
    shown["exception_status"] = told.health.failed->status();
    return shown;
}

// What the prober found the last time.
Told last_of(const HealthProber& prober, const Deployment& deployment) {
    Told told{{&deployment}};
    const auto found = prober.find(deployment.id);
    if (!found) return told;
    constexpr double kMilli = 1'000;
    const auto age = std::chrono::duration_cast<std::chrono::milliseconds>(
        std::chrono::steady_clock::now() - found->at);
    told.health.asked = found->asked;
    told.health.failed = found->failed;
    told.age_s = static_cast<double>(age.count()) / kMilli;
    return told;
}

asio::awaitable<std::vector<Told>> ask(Engine& engine, const std::vector<const Deployment*>& whom,
                                       const HealthSettings& settings) {
    std::vector<EndpointHealth> endpoints;
    for (const Deployment* deployment : whom) endpoints.push_back({deployment});
    co_await check_health(engine, endpoints, static_cast<std::size_t>(settings.at_once));
    std::vector<Told> all;
    for (EndpointHealth& endpoint : endpoints) all.push_back({std::move(endpoint)});
    co_return all;
}

}  // namespace

asio::awaitable<void> serve_health(Served& served) {
    const HealthSettings& settings = health_settings(served.snapshot->config);
    const HealthProber* const prober = settings.background ? served.server.health : nullptr;
    const auto model = http::query_value(served.request.query, "model");
    const auto id = http::query_value(served.request.query, "model_id");
    std::vector<const Deployment*> whom;
    bool named = false;
    for (const auto& deployment : served.snapshot->deployments) {
        if ((model && deployment->group != *model) || (id && deployment->id != *id)) continue;
        named = true;
        if (settings.skip_disabled && !health_or_none(deployment->health).in_background) continue;
        whom.push_back(deployment.get());
    }
    if (!named && (model || id)) {
        co_return co_await refuse(
            served, bad_request("No deployment is called so: " + (id ? *id : *model)));
    }
    std::vector<Told> all;
    if (prober) {
        for (const Deployment* deployment : whom) all.push_back(last_of(*prober, *deployment));
    } else {
        all = co_await ask(served.server.engine, whom, settings);
    }
    json::array healthy;
    json::array unhealthy;
    json::array unchecked;
    for (const Told& told : all) {
        json::array& list = !told.health.asked   ? unchecked
                            : told.health.failed ? unhealthy
                                                 : healthy;
        list.push_back(shown(told, settings.details));
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
