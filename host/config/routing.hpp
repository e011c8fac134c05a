// What a configuration says of routing: retries, fallbacks, cooldowns, strategies. Names are
// LiteLLM's; docs/routing.md tells what each does. Values only, read from any thread once loaded.
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace patchbay {

/// From a model group to the groups that are tried when it fails, in order. "*" stands for all
/// groups that have no entry of their own.
using FallbackMap = std::map<std::string, std::vector<std::string>, std::less<>>;

/// How an attempt failed, as LiteLLM's policies tell failures apart. `none`: no policy speaks of it.
enum class PolicyClass : std::uint8_t {
    none,
    bad_request,
    authentication,
    timeout,
    rate_limit,
    content_policy,
    internal_server,
};
inline constexpr std::size_t kPolicyClasses = 7;

/// A number for each class of failure that has one: retries (`retry_policy`), or failures that are
/// allowed before a deployment rests (`allowed_fails_policy`).
struct FailurePolicy {
    std::optional<int> of[kPolicyClasses];

    std::optional<int> find(PolicyClass cls) const { return of[static_cast<std::size_t>(cls)]; }
};

/// By model group.
using FailurePolicies = std::map<std::string, FailurePolicy, std::less<>>;

/// The class whose number has the name `key`, which is that of LiteLLM's exception and `ending`, "Retries" or
/// "AllowedFails"; nullopt: there is none.
std::optional<PolicyClass> policy_class_of(std::string_view key, std::string_view ending);

/// How many failures within its cooldown time a deployment is allowed before it rests, by its own
/// `model_info`; what is not said there is as for all.
struct AllowedFails {
    FailurePolicy policy;    ///< `allowed_fails_policy`: each class has a count of its own
    std::optional<int> any;  ///< `allowed_fails`, of classes that `policy` does not name
};

/// `fallbacks` and its kin; litellm_settings and router_settings both may have them.
struct FallbackSettings {
    FallbackMap general;         ///< `fallbacks`, with `default_fallbacks` as "*"
    FallbackMap context_window;  ///< `context_window_fallbacks`
    FallbackMap content_policy;  ///< `content_policy_fallbacks`
    std::optional<int> max;      ///< `max_fallbacks` of one call; 5 where nobody says
    std::optional<int> allowed_fails;

    /// Takes over what `other` has and this has not.
    void add_missing(const FallbackSettings& other);
};

/// How one of several deployments is picked (`routing_strategy`).
enum class Strategy : std::uint8_t {
    simple_shuffle,
    least_busy,
    latency_based,
    usage_based,     ///< version 1: limits are a preference
    usage_based_v2,  ///< limits are kept
    cost_based,
    p2c_ewma,         ///< Patchbay's own: the sooner of two
    prefix_affinity,  ///< likewise: where the prompt is in a cache
};

/// The strategy with its `routing_strategy_args`.
struct StrategySettings {
    Strategy strategy = Strategy::simple_shuffle;
    double latency_buffer = 0;  ///< `lowest_latency_buffer`: 0.5 = up to half slower
    std::chrono::milliseconds latency_ttl{3'600'000};  ///< `ttl` of what was measured
};

/// When a second attempt is made beside one that says nothing (`hedge`).
struct HedgeSettings {
    static constexpr double kShare = 0.02;
    double share = 0;  ///< of what calls cost, at most so much for such attempts; 0 = none are made
};

/// Calls that wait for a deployment that has its hands full (`patchbay.queue`).
struct QueueSettings {
    bool rates =
        false;  ///< those wait, too, whose deployments all rest or have used up their minute
    std::int64_t calls = 1000;  ///< of a group, at most
    std::chrono::milliseconds timeout{30'000};
};

/// What leads a call to the deployment that had the one before (`optional_pre_call_checks`).
struct AffinitySettings {
    bool prompt = false;             ///< `prompt_caching`: the beginning of its prompt
    bool session = false;            ///< `session_affinity`
    bool key = false;                ///< `deployment_affinity`: whose key it has
    std::chrono::seconds ttl{3600};  ///< `deployment_affinity_ttl_seconds`, of sessions and keys

    bool any() const { return prompt || session || key; }
};

/// What `router_settings.patchbay.groups` says of a model group.
struct OwnGroupSettings {
    std::optional<HedgeSettings> hedge;  ///< nullopt: as for all groups
};

struct RoutingSettings;

/// What a model group has in place of what `router_settings` says for all; nullopt: as all.
struct OwnRouting {
    std::optional<StrategySettings> strategy;  ///< of its routing group
    std::optional<AffinitySettings> affinity;  ///< of `model_group_affinity_config`

    /// Its own, else that of `all`, which outlives what is returned.
    const StrategySettings& strategy_or(const RoutingSettings& all) const;
    const AffinitySettings& affinity_or(const RoutingSettings& all) const;
};

/// What `router_settings` says of how deployments are chosen and rested. The strategy is that of
/// groups which have none of their own: ask OwnRouting::strategy_or().
struct RoutingSettings : StrategySettings {
    FallbackSettings fallbacks;
    FailurePolicy retry_policy;
    FailurePolicies group_retry_policy;
    std::optional<FailurePolicy> allowed_fails_policy;
    std::optional<std::chrono::milliseconds> cooldown_time;
    bool disable_cooldowns = false;
    bool tag_filtering = false;        ///< `enable_tag_filtering`
    bool tag_match_any = true;         ///< `tag_filtering_match_any`
    bool pre_call_checks = false;      ///< `enable_pre_call_checks`
    bool enforce_rate_limits = false;  ///< `enforce_model_rate_limits` of the optional checks
    bool allow_mock_testing = false;   ///< `patchbay.allow_mock_testing`
    AffinitySettings affinity;  ///< of groups without their own: ask OwnRouting::affinity_or()
    /// `model_group_affinity_config`; its `prompt` and `ttl` are those of all.
    std::map<std::string, AffinitySettings, std::less<>> group_affinity;
    QueueSettings queue;
    std::optional<int> default_priority;  ///< of requests that say none
    HedgeSettings hedge;                  ///< `patchbay.hedge`: of groups that say nothing else
    std::map<std::string, OwnGroupSettings, std::less<>> own_groups;  ///< `patchbay.groups`
    std::optional<std::int64_t> max_parallel;  ///< `default_max_parallel_requests`

    /// What calls of the group may cost more for second attempts, as a share; 0 = none are made.
    double hedge_share(std::string_view group) const;
    /// Does any group make some?
    bool hedges() const;
    /// What `model_group_affinity_config` says of the group; nullopt: nothing.
    std::optional<AffinitySettings> affinity_of(std::string_view group) const;
};

}  // namespace patchbay
