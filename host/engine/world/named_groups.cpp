#include "engine/world/named_groups.hpp"

#include <algorithm>
#include <set>
#include <string>

#include "config/cache_settings.hpp"
#include "config/routing_group.hpp"
#include "engine/world/group_maker.hpp"

namespace patchbay {

namespace {

bool is_known(const Snapshot& snapshot, const std::string& name) {
    return name == "*" || !snapshot.config.any_name.empty() ||
           find_group(snapshot, name) != nullptr || find_pattern(snapshot, name).has_value();
}

class Check {
  public:
    Check(const Snapshot& snapshot, std::vector<Problem>& problems)
        : snapshot_(snapshot), problems_(problems) {}

    void look(const char* key, const FallbackMap& map) {
        for (const auto& [from, targets] : map) {
            if (!is_known(snapshot_, from)) {
                warn(std::string("`") + key + "`: '" + from +
                     "' is not a model_name, so its fallbacks are never taken");
            }
            for (const std::string& target : targets) {
                if (!is_known(snapshot_, target)) {
                    warn(std::string("`") + key + "` of '" + from + "': '" + target +
                         "' is not a model_name: passed over");
                }
            }
            find_circle(key, map, from);
        }
    }

    void look(const std::vector<DeploymentConfig>& entries) {
        for (const DeploymentConfig& entry : entries) {
            if (entry.silent_model.empty() || is_known(snapshot_, entry.silent_model)) continue;
            problems_.push_back({Problem::Severity::warning, entry.silent_place,
                                 "`silent_model` of '" + entry.model_name + "': '" +
                                     entry.silent_model +
                                     "' is not a model_name: no copies are sent",
                                 true});
        }
    }

    void look(const std::map<std::string, OwnGroupSettings, std::less<>>& groups) {
        for (const auto& [name, own] : groups) {
            if (find_group(snapshot_, name) != nullptr) continue;
            warn("`patchbay.groups`: '" + name + "' is not a model_name: ignored");
        }
    }

    void look(const std::map<std::string, FailurePolicy, std::less<>>& policies) {
        for (const auto& [name, policy] : policies) {
            if (is_known(snapshot_, name)) continue;
            warn("`model_group_retry_policy`: '" + name + "' is not a model_name: ignored");
        }
    }

    void look(const std::vector<RoutingGroup>& groups) {
        for (const RoutingGroup& group : groups) {
            for (const PlacedText& model : group.models) {
                const ModelGroup* const found = find_group(snapshot_, model.text);
                const bool is_one =
                    found && found->name == model.text && !found->by_id && !found->routing;
                const bool pattern = model.text.find('*') != std::string::npos;
                if (is_one && !pattern) continue;
                const std::string about =
                    "`router_settings.routing_groups` '" + group.name + "': '" + model.text + "'";
                if (!is_one) {
                    tell(model.place, about + " is not a model_name: ignored");
                } else if (group.by_priority()) {
                    tell(model.place, about + " is a pattern, and calls for '" + group.name +
                                          "' do not say which of its models they mean: ignored");
                }
            }
        }
    }

    void look_at_affinity(const RoutingSettings& routing) {
        for (const auto& [name, own] : routing.group_affinity) {
            if (find_group(snapshot_, name) != nullptr) continue;
            warn("`model_group_affinity_config`: '" + name + "' is not a model_name: ignored");
        }
    }

  private:
    // Told once for all groups of a circle, at the first of their names.
    void find_circle(const char* key, const FallbackMap& map, const std::string& from) {
        if (from == "*" || reached(map, from).count(from) == 0) return;
        for (const auto& [other, targets] : map) {
            if (other >= from) break;
            if (reached(map, from).count(other) > 0 && reached(map, other).count(from) > 0) return;
        }
        warn(std::string("`") + key + "`: the fallbacks of '" + from +
                 "' lead back to it: no group is tried twice in a call",
             false);
    }

    // The groups to which a call for `from` may come.
    static std::set<std::string> reached(const FallbackMap& map, const std::string& from) {
        std::set<std::string> seen;
        std::vector<std::string> open{from};
        while (!open.empty()) {
            const auto next = map.find(open.back());
            open.pop_back();
            if (next == map.end()) continue;
            for (const std::string& target : next->second) {
                if (seen.insert(target).second) open.push_back(target);
            }
        }
        return seen;
    }

    void warn(std::string message, bool left_out = true) {
        tell(snapshot_.config.router.place, std::move(message), left_out);
    }

    void tell(const Place& place, std::string message, bool left_out = true) {
        problems_.push_back({Problem::Severity::warning, place, std::move(message), left_out});
    }

    const Snapshot& snapshot_;
    std::vector<Problem>& problems_;
};

}  // namespace

void check_named_groups(const Snapshot& snapshot, std::vector<Problem>& problems) {
    Check check(snapshot, problems);
    const FallbackSettings& settings = snapshot.config.router.routing.fallbacks;
    check.look("fallbacks", settings.general);
    check.look("context_window_fallbacks", settings.context_window);
    check.look("content_policy_fallbacks", settings.content_policy);
    const CacheSettings* const cache = snapshot.config.litellm.cache.get();
    if (cache && cache->semantic && !is_known(snapshot, cache->semantic->model)) {
        problems.push_back({Problem::Severity::warning, cache->place,
                            "the semantic cache: '" + cache->semantic->model +
                                "' is not a model_name, so only the same questions are found",
                            true});
    }
    check.look(snapshot.config.router.routing.own_groups);
    check.look(snapshot.config.router.routing.group_retry_policy);
    check.look(routing_groups(snapshot.config.router));
    check.look_at_affinity(snapshot.config.router.routing);
    check.look(snapshot.config.model_list);
}

}  // namespace patchbay
