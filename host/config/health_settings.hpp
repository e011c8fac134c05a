// What a configuration says of health checks: `general_settings` (and, of routing, `router_settings`), and `model_info`
// for each deployment. Names are LiteLLM's; docs/operating.md and docs/routing.md tell what each does. Values
// only, read from any thread once loaded.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "config/config.hpp"

namespace patchbay {

/// What routing makes of checks. Absent = nobody says.
struct HealthRouting {
    std::optional<bool> on;                              ///< `enable_health_check_routing`
    std::optional<std::chrono::milliseconds> staleness;  ///< `health_check_staleness_threshold`
    std::optional<bool> ignore_transient;  ///< `health_check_ignore_transient_errors`: 408 and 429
};

/// Of the whole gateway.
struct HealthSettings {
    bool background = false;  ///< `background_health_checks`
    std::chrono::milliseconds interval{300'000};
    bool details = true;         ///< `health_check_details`
    int at_once = 8;             ///< `health_check_concurrency`
    bool skip_disabled = false;  ///< `health_check_skip_disabled_background_models`
    /// `background_health_check_model_groups`; nullopt: all.
    std::optional<std::vector<std::string>> groups;
    HealthRouting routing;

    /// May checks in the background change who is asked?
    bool routes() const { return background && routing.on.value_or(false); }
    /// For how long a check tells of its deployment.
    std::chrono::milliseconds staleness() const { return routing.staleness.value_or(2 * interval); }
};

/// Of one deployment: the members of `model_info` whose names begin with `health_check_`.
struct ModelHealth {
    bool in_background = true;  ///< not `disable_background_health_check`
    std::optional<std::chrono::milliseconds> timeout;
    std::string model;  ///< `health_check_model`: asked for in place of the deployment's own
    std::optional<std::int64_t> max_tokens, max_tokens_reasoning, max_tokens_non_reasoning;
    std::optional<bool> supports_max_tokens;
    std::string reasoning_effort;
    std::string voice;
    boost::json::object params;  ///< `health_check_params`: members of the body
};

/// The settings of a configuration that says nothing of it, too.
const HealthSettings& health_settings(const Config& config);
const ModelHealth& health_or_none(const std::shared_ptr<const ModelHealth>& health);

/// What `router_settings` says of routing holds where `general_settings` says nothing.
void join_health(Config& config);

}  // namespace patchbay
