// Helpers of this room's tests: groups of deployments without plugins, a clock that tests set.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engine/router/plan.hpp"
#include "engine/world/group_maker.hpp"
#include "engine/world/snapshot.hpp"

namespace patchbay::test {

/// A snapshot to which groups are added; every deployment speaks chat.
class RoutedWorld {
  public:
    RoutedWorld() { snapshot.config.router.num_retries = 2; }

    /// Adds a deployment; finish() when all are there.
    Deployment& add(const std::string& group, const std::string& id) {
        auto made = std::make_unique<Deployment>();
        Deployment& d = *made;
        d.id = id;
        d.group = group;
        d.provider = "openai";
        d.model = d.configured = id;
        d.operations = kChatCompletions.bit;
        d.lane = snapshot.lanes->take(id);
        snapshot.deployments.push_back(std::move(made));
        snapshot.groups[group].name = group;
        snapshot.groups[group].deployments.push_back(&d);
        return d;
    }
    void finish() {
        for (auto& [name, group] : snapshot.groups) {
            group.tables = make_group_tables(group.deployments, snapshot.lanes, nullptr,
                                             {settings().strategy, hedge_share});
        }
    }
    double hedge_share = 0;  ///< of all groups; before finish()
    RoutingSettings& settings() { return snapshot.config.router.routing; }
    const GroupTables& tables(const std::string& group) const {
        return *snapshot.groups.at(group).tables;
    }
    LaneTable& lanes() { return *snapshot.lanes; }

    Snapshot snapshot;
    /// Some time after the beginning of both clocks.
    Now now{std::chrono::steady_clock::time_point(std::chrono::hours(1)), 1'800'000'000'000};
    void pass(std::chrono::milliseconds time) {
        now.steady += time;
        now.unix_ms += time.count();
    }
};

inline Error error_of(ErrorClass cls, int status = 0) {
    Error error;
    error.cls = cls;
    error.http_status = error.upstream_status = status;
    error.message = "it failed";
    return error;
}

/// 500, as a provider says it.
inline Error broken() {
    return error_of(ErrorClass::upstream, 500);
}

}  // namespace patchbay::test
