// What it costs to choose one of a thousand deployments, by each strategy, and to plan a whole call.

#include <benchmark/benchmark.h>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "engine/router/affinity.hpp"
#include "engine/router/plan.hpp"
#include "engine/world/group_maker.hpp"

namespace patchbay {
namespace {

/// A group of so many deployments, of which every tenth has more weight. With limits each has all that
/// there are, and one of them rests; `used` of ten have used up their minute.
struct Group {
    explicit Group(std::int64_t count, Strategy strategy, bool limits = false,
                   std::int64_t used = 0) {
        snapshot.config.router.routing.strategy = strategy;
        ModelGroup& group = snapshot.groups["g"];
        group.name = "g";
        for (std::int64_t i = 0; i < count; ++i) {
            auto made = std::make_unique<Deployment>();
            made->id = std::to_string(i);
            made->operations = kChatCompletions.bit;
            made->weight = i % 10 == 0 ? 5 : 1;
            if (limits) made->rpm = made->tpm = made->max_parallel_requests = 1'000'000'000;
            made->lane = snapshot.lanes->take(made->id);
            group.deployments.push_back(made.get());
            snapshot.deployments.push_back(std::move(made));
        }
        group.tables = make_group_tables(group.deployments, snapshot.lanes, nullptr, {strategy});
        if (!limits) return;
        for (std::size_t i = 0; i < group.tables->lanes.size(); ++i) {
            if (static_cast<std::int64_t>(i % 10) < used) {
                snapshot.lanes->requests(group.tables->lanes[i]).add(now.minute(), 1'000'000'000);
            }
        }
        snapshot.lanes->rest_until(group.tables->lanes.back()) = now.ns() + kHour;
        snapshot.lanes->resting() = 1;
    }
    const ModelGroup& group() const { return snapshot.groups.at("g"); }

    static constexpr std::int64_t kHour = 3'600'000'000'000;
    Snapshot snapshot;
    Now now = Now::read();
};

/// `timed`: by `latency-based-routing` all were measured.
void pick_one(benchmark::State& state, Strategy strategy, bool timed = false) {
    Group made(state.range(0), strategy);
    const GroupTables& tables = *made.group().tables;
    const RoutingSettings& settings = made.snapshot.config.router.routing;
    Draw draw(1);
    // What a strategy may know: a session, and times of all.
    std::vector<PrefixKeys> sessions(1000);
    for (PrefixKeys& keys : sessions) keys.root = keys.session = draw.bits() | 1;
    for (std::size_t i = 0; i < tables.lanes.size(); ++i) {
        tables.table->load(tables.lanes[i]).slowness.add_peak(1, made.now.ns());
        if (timed) {
            const float took = static_cast<float>(1 + i % 7) / 10;
            tables.table->add_first_token(tables.lanes[i], took, made.now.ns());
        }
        if (i % 2 == 0) remember_home(tables, i, sessions[i], made.now);
    }
    std::size_t next = 0;
    for (auto _ : state) {
        Choice choice{tables, tables.all, settings, made.now, true, 1000};
        choice.keys = &sessions[++next % sessions.size()];
        benchmark::DoNotOptimize(pick(choice, draw));
    }
}

// All that routing does for a call which the first deployment answers.
void plan(benchmark::State& state, Group& made) {
    const RequestOptions options;
    RouteAsk ask;
    ask.native = &kChatCompletions;
    ask.options = &options;
    std::uint64_t seed = 0;
    for (auto _ : state) {
        Plan plan(made.snapshot, ModelRoute{&made.group(), {}, "g"}, ask, Draw(++seed));
        benchmark::DoNotOptimize(plan.begin(made.now));
        plan.answered({}, made.now);
    }
}
void plan_call(benchmark::State& state) {
    Group made(state.range(0), Strategy::simple_shuffle);
    plan(state, made);
}
void plan_limited(benchmark::State& state) {
    Group made(state.range(0), Strategy::usage_based_v2, true);
    plan(state, made);
}

void plan_used_up(benchmark::State& state) {
    Group made(state.range(0), Strategy::usage_based_v2, true, state.range(1));
    plan(state, made);
}

BENCHMARK_CAPTURE(pick_one, simple_shuffle, Strategy::simple_shuffle)->Arg(10)->Arg(1000);
BENCHMARK_CAPTURE(pick_one, least_busy, Strategy::least_busy)->Arg(10)->Arg(1000);
BENCHMARK_CAPTURE(pick_one, latency_based, Strategy::latency_based)->Arg(10)->Arg(1000);
BENCHMARK_CAPTURE(pick_one, latency_based_timed, Strategy::latency_based, true)->Arg(10)->Arg(1000);
BENCHMARK_CAPTURE(pick_one, usage_based, Strategy::usage_based_v2)->Arg(10)->Arg(1000);
BENCHMARK_CAPTURE(pick_one, cost_based, Strategy::cost_based)->Arg(10)->Arg(1000);
BENCHMARK_CAPTURE(pick_one, p2c_ewma, Strategy::p2c_ewma)->Arg(10)->Arg(1000);
BENCHMARK_CAPTURE(pick_one, prefix_affinity, Strategy::prefix_affinity)->Arg(10)->Arg(1000);
BENCHMARK(plan_call)->Arg(1)->Arg(3)->Arg(1000);
BENCHMARK(plan_limited)->Arg(3)->Arg(1000);
BENCHMARK(plan_used_up)->Args({1000, 1})->Args({1000, 5})->Args({1000, 9});

}  // namespace
}  // namespace patchbay
