// The paths the data plane serves.
#pragma once

#include <string>
#include <string_view>

#include <boost/beast/http/verb.hpp>

#include "engine/surface/surface.hpp"

namespace patchbay::gateway {

enum class Route {
    root,
    call,  ///< to a model: Match::surface
    models,
    model,
    guardrails_list,
    apply_guardrail,
    cost_estimate,
    spend_calculate,
    health,
    health_backlog,
    health_shared,
    model_info,
    model_group_info,
    provider_budgets,
    liveness,
    readiness,
    metrics,
    plugins,
    plugin_reload,
    plugin_promote,
    plugin_rollback,
    cache_ping,
    cache_redis_info,
    cache_delete,
    cache_flush,
    not_found,
    method_not_allowed,
    preflight,  ///< OPTIONS, on any path
};

struct Match {
    Route route = Route::not_found;
    const Surface* surface = nullptr;
    std::string model;   ///< from the path (Azure's and the old engines' form, or /models/{model}),
                         ///< decoded; or empty
    std::string plugin;  ///< an id from the path, decoded; or empty
    std::string resource;    ///< another id from the path, decoded; or empty
    std::string_view allow;  ///< for method_not_allowed and preflight: the Allow header
    bool needs_key = false;
    std::string_view name;  ///< the route as LiteLLM writes it, "/chat/completions"
};

/// `path` without query; `query`, without '?', says how some answers are framed. HEAD is served wherever GET is, OPTIONS everywhere and without a key. As
/// in LiteLLM a wrong method is told before the key is asked for.
Match match_route(boost::beast::http::verb method, std::string_view path,
                  std::string_view query = {});

}  // namespace patchbay::gateway
