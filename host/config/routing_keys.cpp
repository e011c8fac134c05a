#include "config/routing_keys.hpp"

#include <algorithm>

namespace patchbay {
namespace {

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

/// The optional checks that `model_group_affinity_config` may name.
struct AffinityFlag {
    std::string_view name;
    bool AffinitySettings::*member;  ///< nullptr: it is always done
};
constexpr auto kAffinityFlags = std::to_array<AffinityFlag>({
    {"session_affinity", &AffinitySettings::session},
    {"deployment_affinity", &AffinitySettings::key},
    {"responses_api_deployment_check", nullptr},
});

}  // namespace

void read_group_affinity(Reader& reader, const Entry& entry, RouterSettings& settings) {
    if (!reader.is_map(entry)) return;
    for (const yaml::Member& member : entry.value->members) {
        const Entry group{entry.section, member.key, member.value};
        std::vector<PlacedText> names;
        reader.read(group, names);
        AffinitySettings& own = settings.routing.group_affinity[member.key->text];
        for (const PlacedText& name : names) {
            const auto* const flag =
                std::find_if(kAffinityFlags.begin(), kAffinityFlags.end(),
                             [&](const AffinityFlag& known) { return known.name == name.text; });
            if (flag == kAffinityFlags.end()) {
                reader.problems().warning(name.place, entry.quoted() + ": '" + name.text +
                                                          "' is not done for one group: ignored");
            } else if (flag->member != nullptr) {
                own.*(flag->member) = true;
            }
        }
    }
}

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
