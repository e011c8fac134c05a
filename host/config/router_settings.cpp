#include <array>

#include "config/budget_keys.hpp"
#include "config/fallback_settings.hpp"
#include "config/health_keys.hpp"
#include "config/known_keys.hpp"
#include "config/policy_keys.hpp"
#include "config/router_redis.hpp"
#include "config/routing_keys.hpp"
#include "config/sections.hpp"
#include "config/strategy_keys.hpp"

namespace patchbay {
namespace {

constexpr std::array kAliasFields = {
    Field<GroupAlias>{"model", into<&GroupAlias::model>},
    Field<GroupAlias>{"hidden", into<&GroupAlias::hidden>},
};

/// nullopt after telling why there is no such alias: it guards nothing, so the rest serves.
std::optional<GroupAlias> read_alias(Reader& reader, const Entry& entry) {
    GroupAlias alias;
    alias.place = entry.place();
    const auto without = [&](const char* why) {
        reader.problems().left_out(alias.place,
                                   "this `model_group_alias` is left out: " + std::string(why));
        return std::nullopt;
    };
    switch (entry.value->kind) {
        case yaml::Node::Kind::null:
            return std::nullopt;
        case yaml::Node::Kind::list:
            return without(
                "an alias names one model group, and a list stands here; several deployments "
                "under one name have the same `model_name`, an order of preference is `fallbacks`");
        case yaml::Node::Kind::map:
            read_section<GroupAlias>(reader, entry.section, *entry.value, kAliasFields, {}, alias);
            if (alias.model.empty()) return without("it has no `model`");
            return alias;
        case yaml::Node::Kind::scalar:
            break;
    }
    const auto found = reader.scalar(*entry.value);
    const auto* name = found ? std::get_if<std::string>(&found->value) : nullptr;
    if (found && name == nullptr) return without("a model group's name is text; put it in quotes");
    if (name == nullptr || name->empty()) return std::nullopt;
    alias.model = *name;
    return alias;
}

/// `{"gpt-4": "my-group"}` or `{"gpt-4": {model: "my-group", hidden: true}}`.
void read_aliases(Reader& reader, const Entry& section, RouterSettings& settings) {
    if (!reader.is_map(section)) return;
    for (const yaml::Member& member : section.value->members) {
        const Entry entry{section.name(), member.key, member.value};
        if (auto alias = read_alias(reader, entry)) {
            settings.model_group_alias.insert_or_assign(member.key->text, std::move(*alias));
        }
    }
}

FallbackSettings& fallbacks_of(RouterSettings& settings) {
    return settings.routing.fallbacks;
}

void read_strategy_of_all(Reader& reader, const Entry& entry, RouterSettings& settings) {
    read_strategy(reader, entry, settings.routing);
}

void read_strategy_args_of_all(Reader& reader, const Entry& entry, RouterSettings& settings) {
    read_strategy_args(reader, entry, settings.routing);
}

// read_router_redis() reads these together.
void read_nothing(Reader&, const Entry&, RouterSettings&) {}

constexpr std::array kOwnFields = {
    Field<RouterSettings>{"num_retries", into<&RouterSettings::num_retries>},
    Field<RouterSettings>{"timeout", into<&RouterSettings::timeout>},
    Field<RouterSettings>{"stream_timeout", into<&RouterSettings::stream_timeout>},
    Field<RouterSettings>{"retry_after", into<&RouterSettings::retry_after>},
    Field<RouterSettings>{"model_group_alias", read_aliases},
    // A flag of the log, which litellm_settings has for all.
    Field<RouterSettings>{"set_verbose", into<&RouterSettings::set_verbose>},
    Field<RouterSettings>{"routing_strategy", read_strategy_of_all},
    Field<RouterSettings>{"routing_strategy_args", read_strategy_args_of_all},
    Field<RouterSettings>{"routing_groups", read_routing_groups},
    Field<RouterSettings>{"retry_policy", read_retry_policy},
    Field<RouterSettings>{"model_group_retry_policy", read_group_retry_policy},
    Field<RouterSettings>{"allowed_fails_policy", read_allowed_fails_policy},
    Field<RouterSettings>{"cooldown_time", into_routing<&RoutingSettings::cooldown_time>},
    Field<RouterSettings>{"disable_cooldowns", into_routing<&RoutingSettings::disable_cooldowns>},
    Field<RouterSettings>{"enable_tag_filtering", into_routing<&RoutingSettings::tag_filtering>},
    Field<RouterSettings>{"tag_filtering_match_any", into_routing<&RoutingSettings::tag_match_any>},
    Field<RouterSettings>{"enable_pre_call_checks",
                          into_routing<&RoutingSettings::pre_call_checks>},
    // A spelling of LiteLLM's examples, which does nothing there.
    Field<RouterSettings>{"enable_pre_call_check", into_routing<&RoutingSettings::pre_call_checks>},
    Field<RouterSettings>{"optional_pre_call_checks", read_optional_checks},
    Field<RouterSettings>{"model_group_affinity_config", read_group_affinity},
    Field<RouterSettings>{"deployment_affinity_ttl_seconds", read_affinity_ttl},
    Field<RouterSettings>{"default_priority", read_default_priority},
    // A retry goes elsewhere in any case.
    Field<RouterSettings>{"enable_weighted_failover", read_nothing},
    // How often LiteLLM's queue looks; here whoever is free says so.
    Field<RouterSettings>{"polling_interval", read_nothing},
    Field<RouterSettings>{"default_max_parallel_requests",
                          into_routing<&RoutingSettings::max_parallel>},
    Field<RouterSettings>{"enable_health_check_routing",
                          read_health_routing<&HealthRouting::on, RouterSettings>},
    Field<RouterSettings>{"health_check_staleness_threshold",
                          read_health_routing<&HealthRouting::staleness, RouterSettings>},
    Field<RouterSettings>{"health_check_ignore_transient_errors",
                          read_health_routing<&HealthRouting::ignore_transient, RouterSettings>},
    Field<RouterSettings>{"redis_url", read_nothing},
    Field<RouterSettings>{"redis_host", read_nothing},
    Field<RouterSettings>{"redis_port", read_nothing},
    Field<RouterSettings>{"redis_password", read_nothing},
    Field<RouterSettings>{"redis_username", read_nothing},
    Field<RouterSettings>{"redis_db", read_nothing},
    Field<RouterSettings>{"cache_kwargs", read_nothing},
    Field<RouterSettings>{"provider_budget_config", read_provider_budgets},
    Field<RouterSettings>{"patchbay", read_own_settings},
};

constexpr auto kFields = joined(kOwnFields, kFallbackFields<RouterSettings, fallbacks_of>);

constexpr auto kNotDone = std::to_array<std::string_view>({
    "cache_responses",
    "caching_groups",
    "client_ttl",
    "default_litellm_params",
    "assistants_config",
    "search_tools",
    "guardrail_list",
    "debug_level",
    "router_general_settings",
    "ignore_invalid_deployments",
});

constexpr auto kNames = names_of(kFields);

}  // namespace

SectionKeys router_settings_keys() {
    return {"router_settings", kNames, kNotDone};
}

void read_router_settings(Reader& reader, const Entry& section, RouterSettings& settings) {
    if (!reader.is_map(section)) return;
    settings.place = section.place();
    read_section<RouterSettings>(reader, section.name(), *section.value, kFields, kNotDone,
                                 settings);
    read_router_redis(reader, *section.value, settings);
}

}  // namespace patchbay
