#include <array>

#include "config/sections.hpp"

namespace patchbay {
namespace {

constexpr std::array kAliasFields = {
    Field<GroupAlias>{"model", into<&GroupAlias::model>},
    Field<GroupAlias>{"hidden", into<&GroupAlias::hidden>},
};

/// `{"gpt-4": "my-group"}` or `{"gpt-4": {model: "my-group", hidden: true}}`.
void read_aliases(Reader& reader, const Entry& section, RouterSettings& settings) {
    if (!reader.is_map(section)) return;
    for (const yaml::Member& member : section.value->members) {
        const Entry entry{section.name(), member.key, member.value};
        GroupAlias alias;
        if (entry.value->kind == yaml::Node::Kind::map) {
            read_section<GroupAlias>(reader, section.name(), *entry.value, kAliasFields, {}, alias);
            if (entry.value->find("model") == nullptr) {
                reader.problems().error(entry.place(), "this `model_group_alias` has no `model`");
            }
        } else if (entry.value->kind == yaml::Node::Kind::list) {
            reader.wrong(entry, "a model group, or a mapping with `model`");
        } else {
            reader.read(entry, alias.model);
        }
        if (!alias.model.empty()) {
            settings.model_group_alias.insert_or_assign(member.key->text, std::move(alias));
        }
    }
}

constexpr std::array kFields = {
    Field<RouterSettings>{"num_retries", into<&RouterSettings::num_retries>},
    Field<RouterSettings>{"timeout", into<&RouterSettings::timeout>},
    Field<RouterSettings>{"stream_timeout", into<&RouterSettings::stream_timeout>},
    Field<RouterSettings>{"retry_after", into<&RouterSettings::retry_after>},
    Field<RouterSettings>{"model_group_alias", read_aliases},
};

constexpr auto kNotDone = std::to_array<std::string_view>({
    "routing_strategy",
    "routing_strategy_args",
    "routing_groups",
    "fallbacks",
    "context_window_fallbacks",
    "content_policy_fallbacks",
    "default_fallbacks",
    "max_fallbacks",
    "allowed_fails",
    "allowed_fails_policy",
    "cooldown_time",
    "disable_cooldowns",
    "retry_policy",
    "model_group_retry_policy",
    "enable_pre_call_checks",
    "enable_pre_call_check",
    "optional_pre_call_checks",
    "enable_tag_filtering",
    "tag_filtering_match_any",
    "redis_host",
    "redis_port",
    "redis_password",
    "redis_url",
    "redis_db",
    "redis_username",
    "cache_responses",
    "cache_kwargs",
    "caching_groups",
    "client_ttl",
    "default_max_parallel_requests",
    "default_priority",
    "polling_interval",
    "default_litellm_params",
    "provider_budget_config",
    "assistants_config",
    "search_tools",
    "guardrail_list",
    "debug_level",
    "set_verbose",
    "router_general_settings",
    "ignore_invalid_deployments",
    "deployment_affinity_ttl_seconds",
    "model_group_affinity_config",
    "enable_health_check_routing",
    "health_check_staleness_threshold",
    "health_check_ignore_transient_errors",
});

}  // namespace

void read_router_settings(Reader& reader, const Entry& section, RouterSettings& settings) {
    if (!reader.is_map(section)) return;
    read_section<RouterSettings>(reader, section.name(), *section.value, kFields, kNotDone,
                                 settings);
}

}  // namespace patchbay
