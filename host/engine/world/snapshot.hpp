// The immutable world a call runs in: configuration, plugins and deployments of one moment.
//
// A reload builds the next snapshot beside the current one and swaps a pointer; a call keeps the
// one it began with to its end. Nothing in it is ever changed, so it is read from every worker
// without locks.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "config/config.hpp"
#include "config/loader.hpp"
#include "contract/crypto/seal.hpp"
#include "engine/guard/guardrail.hpp"
#include "engine/lanes/capacity.hpp"
#include "engine/lanes/group_tables.hpp"
#include "engine/plugins/plugin_set.hpp"
#include "engine/world/deployment.hpp"

namespace patchbay {

/// The deployments that share a model_name.
struct ModelGroup {
    std::string name;
    std::vector<const Deployment*> deployments{};  ///< empty: see left_out
    bool hidden = false;                           ///< not listed (an alias that says so)
    std::vector<std::string> guardrails{};  ///< that some deployment of the group wants, each once
    std::string left_out{};  ///< why none is served, if `deployments` is empty; for clients
    std::shared_ptr<const GroupTables> tables{};  ///< of `deployments`; set in a snapshot
    /// It is that entry of `routing_groups`: the deployments of several model groups; else null. Of the
    /// snapshot's configuration.
    const RoutingGroup* routing = nullptr;
    bool by_id = false;  ///< one deployment, asked for by its id: whatever its state
    /// Of the model_name, whoever leads there; nullptr: calls are not kept to it.
    std::shared_ptr<const GroupCapacity> capacity{};
};

/// Lets maps be searched by string_view without making a string.
struct StringHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view s) const { return std::hash<std::string_view>{}(s); }
};
template <class T>
using StringMap = std::unordered_map<std::string, T, StringHash, std::equal_to<>>;

/// A log sink that the configuration names, with its plugin instance.
struct LogSink {
    CallbackConfig config;
    ComponentInstance component;
};

struct Snapshot {
    Config config;
    std::shared_ptr<const PluginSet> plugins;
    /// Before the deployments, which hold lanes of it.
    std::shared_ptr<LaneTable> lanes = std::make_shared<LaneTable>();
    /// Of providers and deployments; those of the snapshot before, as far as it has them.
    std::shared_ptr<RouteBudgets> route_budgets = std::make_shared<RouteBudgets>();
    /// Of models; likewise.
    std::shared_ptr<Capacities> capacities = std::make_shared<Capacities>();
    std::vector<std::unique_ptr<const Deployment>> deployments;
    bool token_limits = false;  ///< some deployment has `itpm` or `otpm`
    bool text_only = false;     ///< some deployment sees no pictures
    /// By name, without wildcards; aliases and deployment ids are groups too.
    StringMap<ModelGroup> groups;
    std::vector<ModelGroup> wildcards;  ///< most specific first
    std::vector<std::string> listed;    ///< what /v1/models shows, in file order
    /// By plugin id, component id and instance name; the next snapshot takes them over.
    std::map<std::string, std::shared_ptr<SharedValues>> shared_values;
    std::vector<std::unique_ptr<const Guardrail>> guardrails;  ///< in file order
    std::vector<std::unique_ptr<const LogSink>> log_sinks;
    std::vector<std::string> left_out_sinks;  ///< named, but their records are delivered nowhere
    std::vector<Secret> secrets;              ///< known_secrets() of it
    /// Seals ids of answers; the same wherever the master key is.
    SealKey resource_key;
    std::uint64_t generation = 0;
};

/// Builds a snapshot. Deployments that cannot be served (a variable that is not set, a provider
/// that is not done yet, no address), log sinks and aliases that cannot be had are left out with a
/// warning in `problems`, guardrails are not, and a file's last deployment is left out with an
/// error; what nobody can know of (a slip in a provider's name) is an error, and then there is no
/// snapshot. A missing key is a warning: the provider may need none. Shared values (OAuth tokens,
/// ...) and what is known of deployments are those of `previous`, if it is given and has them.
std::shared_ptr<const Snapshot> build_snapshot(Config config, const Environment& environment,
                                               std::shared_ptr<const PluginSet> plugins,
                                               std::uint64_t generation,
                                               std::vector<Problem>& problems,
                                               const Snapshot* previous = nullptr);

}  // namespace patchbay
