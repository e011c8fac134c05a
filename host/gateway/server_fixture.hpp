// Test support: everything a request handler needs, with an empty snapshot.
#pragma once

#include "gateway/served.hpp"
#include "gateway/test_support.hpp"

namespace patchbay::gateway::test {

/// A harness with a server on its loop.
class ServerFixture {
  public:
    ServerFixture() {
        std::vector<Problem> problems;
        auto made = std::make_shared<Snapshot>();
        made->plugins = PluginSet::load({}, problems);
        snapshot = made;
        server.engine.snapshot = made;
        workers = {&server.engine.metrics};
        server.all_metrics = workers;
    }

    Harness harness;
    Loop loop{harness.io, harness.deadlines, harness.blocking};
    http::Client client{loop, {}};
    Admission admission{{}};
    ServerContext server{.engine = {.loop = loop, .client = client, .random = std::mt19937_64(1)},
                         .admission = admission};
    std::shared_ptr<Snapshot> snapshot;
    std::vector<const WorkerMetrics*> workers;
};

}  // namespace patchbay::gateway::test
