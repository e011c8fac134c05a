#include "config/routing_keys.hpp"

#include <algorithm>

namespace patchbay {
namespace {

struct StrategyName {
    std::string_view name;
    Strategy strategy;
};
constexpr auto kStrategies = std::to_array<StrategyName>({
    {"simple-shuffle", Strategy::simple_shuffle},
    {"least-busy", Strategy::least_busy},
    {"latency-based-routing", Strategy::latency_based},
    {"usage-based-routing", Strategy::usage_based},
    {"usage-based-routing-v2", Strategy::usage_based_v2},
    {"cost-based-routing", Strategy::cost_based},
    {"p2c-ewma", Strategy::p2c_ewma},
    {"prefix-affinity", Strategy::prefix_affinity},
});
/// Known to LiteLLM.
constexpr auto kNotDone = std::to_array<std::string_view>({"provider-budget-routing"});

struct PolicyName {
    std::string_view error;  ///< of LiteLLM's exception, "TimeoutError"
    PolicyClass cls;
};
constexpr auto kPolicyNames = std::to_array<PolicyName>({
    {"BadRequestError", PolicyClass::bad_request},
    {"AuthenticationError", PolicyClass::authentication},
    {"TimeoutError", PolicyClass::timeout},
    {"RateLimitError", PolicyClass::rate_limit},
    {"ContentPolicyViolationError", PolicyClass::content_policy},
    {"InternalServerError", PolicyClass::internal_server},
});

/// Members named after an exception and `ending`, "Retries" or "AllowedFails".
void read_policy(Reader& reader, const Entry& entry, std::string_view ending,
                 FailurePolicy& policy) {
    if (!reader.is_map(entry)) return;
    for (const yaml::Member& member : entry.value->members) {
        const Entry one{entry.section, member.key, member.value};
        const auto cls = policy_class_of(one.name(), ending);
        if (!cls) {
            reader.problems().warning(member.key->place(),
                                      entry.quoted() + ": this key is not known: ignored");
            continue;
        }
        reader.read(one, policy.of[static_cast<std::size_t>(*cls)]);
    }
}

// A share of what calls cost: more than nothing, at most as much again.
void read_share(Reader& reader, const Entry& entry, std::optional<double>& share) {
    std::optional<double> given;
    reader.read(entry, given);
    if (!given) return;
    if (*given > 0 && *given <= 1) {
        share = given;
    } else {
        reader.problems().error(entry.place(),
                                entry.quoted() + ": a share is over 0 and at most 1");
    }
}

struct StrategyArgs {
    std::optional<std::chrono::milliseconds> ttl;
    std::optional<double> buffer;
};
constexpr std::array kArgs = {
    Field<StrategyArgs>{"ttl", into<&StrategyArgs::ttl>},
    Field<StrategyArgs>{"lowest_latency_buffer", into<&StrategyArgs::buffer>},
};
constexpr auto kArgsNotDone = std::to_array<std::string_view>({"max_latency_list_size"});

constexpr std::array kHedge = {
    Field<std::optional<double>>{"share", read_share},
};

/// `true`, `false` or `{share: 0.02}`.
HedgeSettings read_hedge(Reader& reader, const Entry& entry) {
    HedgeSettings hedge;
    if (entry.value->kind == yaml::Node::Kind::map) {
        std::optional<double> share = HedgeSettings::kShare;
        read_section<std::optional<double>>(reader, "hedge", *entry.value, kHedge, {}, share);
        hedge.share = share.value_or(HedgeSettings::kShare);
        return hedge;
    }
    bool on = false;
    reader.read(entry, on);
    if (on) hedge.share = HedgeSettings::kShare;
    return hedge;
}

void read_hedge_of_all(Reader& reader, const Entry& entry, RoutingSettings& settings) {
    settings.hedge = read_hedge(reader, entry);
}

void read_hedge_of_group(Reader& reader, const Entry& entry, OwnGroupSettings& settings) {
    if (entry.value->kind != yaml::Node::Kind::null) settings.hedge = read_hedge(reader, entry);
}

constexpr std::array kOwnGroup = {
    Field<OwnGroupSettings>{"hedge", read_hedge_of_group},
};

void read_own_groups(Reader& reader, const Entry& entry, RoutingSettings& settings) {
    if (!reader.is_map(entry)) return;
    for (const yaml::Member& member : entry.value->members) {
        const Entry group{entry.section, member.key, member.value};
        if (!reader.is_map(group)) continue;
        OwnGroupSettings& own = settings.own_groups[member.key->text];
        read_section<OwnGroupSettings>(reader, "router_settings.patchbay.groups", *member.value,
                                       kOwnGroup, {}, own);
    }
}

// So many calls may wait: one at least, and not so many that their bodies are all of the memory.
void read_queue_calls(Reader& reader, const Entry& entry, QueueSettings& queue) {
    constexpr std::int64_t kMost = 100'000;
    std::optional<std::int64_t> calls;
    reader.read(entry, calls);
    if (!calls) return;
    if (*calls >= 1 && *calls <= kMost) {
        queue.calls = *calls;
    } else {
        reader.problems().error(entry.place(), entry.quoted() + ": expected 1 to 100000 calls");
    }
}

constexpr std::array kQueue = {
    Field<QueueSettings>{"calls", read_queue_calls},
    Field<QueueSettings>{"timeout", into<&QueueSettings::timeout>},
    Field<QueueSettings>{"rate_limits", into<&QueueSettings::rates>},
};

/// `true`, `false` or `{calls: 1000, timeout: 30, rate_limits: true}`.
void read_queue(Reader& reader, const Entry& entry, RoutingSettings& settings) {
    if (entry.value->kind != yaml::Node::Kind::map) return reader.read(entry, settings.queue.rates);
    settings.queue.rates = true;
    read_section<QueueSettings>(reader, "queue", *entry.value, kQueue, {}, settings.queue);
}

constexpr std::array kPatchbay = {
    Field<RoutingSettings>{"hedge", read_hedge_of_all},
    Field<RoutingSettings>{"queue", read_queue},
    Field<RoutingSettings>{"groups", read_own_groups},
    Field<RoutingSettings>{"allow_mock_testing", into<&RoutingSettings::allow_mock_testing>},
};

}  // namespace

std::optional<PolicyClass> policy_class_of(std::string_view key, std::string_view ending) {
    for (const PolicyName& known : kPolicyNames) {
        if (key.size() == known.error.size() + ending.size() && key.starts_with(known.error) &&
            key.ends_with(ending)) {
            return known.cls;
        }
    }
    return std::nullopt;
}

void read_strategy(Reader& reader, const Entry& entry, RouterSettings& settings) {
    std::string name;
    reader.read(entry, name);
    if (name.empty()) return;
    const auto* row = std::find_if(kStrategies.begin(), kStrategies.end(),
                                   [&](const StrategyName& known) { return known.name == name; });
    if (row != kStrategies.end()) {
        settings.routing.strategy = row->strategy;
        return;
    }
    if (contains(kNotDone, name)) {
        reader.problems().left_out(entry.place(),
                                   entry.quoted() + ": '" + name +
                                       "' is known to LiteLLM but not done by Patchbay yet: "
                                       "simple-shuffle is taken");
        return;
    }
    std::string names;
    for (const StrategyName& known : kStrategies) {
        names.append(names.empty() ? "" : ", ").append(known.name);
    }
    reader.problems().error(entry.place(), entry.quoted() +
                                               ": there is no such strategy; there "
                                               "are: " +
                                               names);
}

void read_strategy_args(Reader& reader, const Entry& entry, RouterSettings& settings) {
    if (!reader.is_map(entry)) return;
    StrategyArgs args;
    read_section<StrategyArgs>(reader, "routing_strategy_args", *entry.value, kArgs, kArgsNotDone,
                               args);
    RoutingSettings& routing = settings.routing;
    routing.latency_ttl = args.ttl.value_or(routing.latency_ttl);
    routing.latency_buffer = args.buffer.value_or(routing.latency_buffer);
}

void read_retry_policy(Reader& reader, const Entry& entry, RouterSettings& settings) {
    read_policy(reader, entry, "Retries", settings.routing.retry_policy);
}

void read_group_retry_policy(Reader& reader, const Entry& entry, RouterSettings& settings) {
    if (!reader.is_map(entry)) return;
    for (const yaml::Member& member : entry.value->members) {
        read_policy(reader, {entry.section, entry.key, member.value}, "Retries",
                    settings.routing.group_retry_policy[member.key->text]);
    }
}

void read_allowed_fails_policy(Reader& reader, const Entry& entry, RouterSettings& settings) {
    if (entry.value->kind == yaml::Node::Kind::null) return;
    read_policy(reader, entry, "AllowedFails", settings.routing.allowed_fails_policy.emplace());
}

namespace {

struct CheckName {
    std::string_view name;
    void (*set)(RoutingSettings& settings);  ///< nullptr: it is always done
};
constexpr auto kChecks = std::to_array<CheckName>({
    {"enforce_model_rate_limits", [](RoutingSettings& s) { s.enforce_rate_limits = true; }},
    {"prompt_caching", [](RoutingSettings& s) { s.affinity.prompt = true; }},
    {"session_affinity", [](RoutingSettings& s) { s.affinity.session = true; }},
    {"deployment_affinity", [](RoutingSettings& s) { s.affinity.key = true; }},
    {"responses_api_deployment_check", nullptr},
    {"router_budget_limiting", nullptr},
});

}  // namespace

void read_default_priority(Reader& reader, const Entry& entry, RouterSettings& settings) {
    std::optional<std::int64_t> priority;
    reader.read(entry, priority);
    if (!priority) return;
    constexpr std::int64_t kLowest = 255;
    if (*priority >= 0 && *priority <= kLowest) {
        settings.routing.default_priority = static_cast<int>(*priority);
    } else {
        reader.problems().error(entry.place(), entry.quoted() + ": a priority is from 0 to 255");
    }
}

void read_affinity_ttl(Reader& reader, const Entry& entry, RouterSettings& settings) {
    std::optional<std::int64_t> seconds;
    reader.read(entry, seconds);
    if (!seconds) return;
    constexpr std::int64_t kMost = 30 * 24 * 3600;
    if (*seconds > 0 && *seconds <= kMost) {
        settings.routing.affinity.ttl = std::chrono::seconds(*seconds);
    } else {
        reader.problems().error(entry.place(), entry.quoted() + ": expected 1 to 2592000 seconds");
    }
}

void read_optional_checks(Reader& reader, const Entry& entry, RouterSettings& settings) {
    std::vector<std::string> names;
    reader.read(entry, names);
    for (const std::string& name : names) {
        const auto* row = std::find_if(kChecks.begin(), kChecks.end(),
                                       [&](const CheckName& known) { return known.name == name; });
        if (row != kChecks.end()) {
            if (row->set != nullptr) row->set(settings.routing);
            continue;
        }
        reader.problems().warning(entry.place(), entry.quoted() + ": '" + name +
                                                     "' is not done by Patchbay yet: ignored");
    }
}

void read_own_settings(Reader& reader, const Entry& entry, RouterSettings& settings) {
    if (!reader.is_map(entry)) return;
    read_section<RoutingSettings>(reader, "router_settings.patchbay", *entry.value, kPatchbay, {},
                                  settings.routing);
}

}  // namespace patchbay
