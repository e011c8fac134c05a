// Test support: everything a request handler needs, with an empty snapshot.
#pragma once

#include "gateway/call.hpp"
#include "gateway/test_support.hpp"

namespace patchbay::gateway::test {

/// A harness with a world on its loop.
class WorldFixture {
  public:
    WorldFixture() {
        std::vector<Problem> problems;
        auto made = std::make_shared<Snapshot>();
        made->plugins = PluginSet::load({}, problems);
        snapshot = made;
        world.snapshot = made;
        workers = {&world.metrics};
        world.all_metrics = workers;
    }

    Harness harness;
    Loop loop{harness.io, harness.deadlines, harness.blocking};
    http::Client client{loop, {}};
    Admission admission{{}};
    World world{loop, client, admission, nullptr, {}, {}, std::mt19937_64(1), nullptr, 0, nullptr};
    std::shared_ptr<Snapshot> snapshot;
    std::vector<const WorkerMetrics*> workers;
};

}  // namespace patchbay::gateway::test
