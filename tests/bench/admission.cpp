// What the limits of a key cost a call: asked for before it, settled after it.
#include <benchmark/benchmark.h>

#include "engine/access/access_sample.hpp"
#include "engine/access/grant.hpp"

namespace patchbay::access {
namespace {

// The twenty limits of a member's key, its user, its team and its organization.
void admit(benchmark::State& state) {
    SubjectTable subjects;
    const std::shared_ptr<const Limits> key = test::principal_of(test::limited_member(), subjects);
    const GrantAsk ask{.model = {.asked = "m", .group = "m"},
                       .tokens = 5,
                       .most = 10,
                       .now = test::kNow,
                       .seconds = 100};
    for (auto _ : state) {
        Grant grant;
        if (grant.take({&key, 1}, ask)) return state.SkipWithError("refused");
        benchmark::DoNotOptimize(grant.settle(1, 5, test::kNow, 100));
    }
}

BENCHMARK(admit);

}  // namespace
}  // namespace patchbay::access
