#include "gateway/pages.hpp"

#include <algorithm>
#include <set>

#include <boost/beast/core/string.hpp>
#include <boost/json.hpp>

#include "engine/cache/response_cache.hpp"
#include "engine/health/prober.hpp"
#include "engine/ledger/ledger_service.hpp"
#include "engine/plugins/plugin.hpp"
#include "engine/plugins/plugin_version.hpp"
#include "engine/router/rests.hpp"
#include "engine/shared/state_sync.hpp"
#include "engine/version.hpp"

namespace patchbay::gateway {

namespace json = boost::json;

Page front_page() {
    Page page;
    page.content_type = "text/html; charset=utf-8";
    page.body =
        "<!doctype html><html lang=\"en\"><head><meta "
        "charset=\"utf-8\"><title>Patchbay</title></head>"
        "<body><h1>Patchbay</h1><p>An LLM gateway, version " PATCHBAY_VERSION
        ", speaking the OpenAI API.</p><ul>"
        "<li><code>POST /v1/chat/completions</code></li>"
        "<li><code>POST /v1/messages</code></li>"
        "<li><code>POST /v1beta/models/{model}:generateContent</code></li>"
        "<li><code>POST /bedrock/model/{modelId}/converse</code></li>"
        "<li><code>POST /v1/embeddings</code></li>"
        "<li><code>POST /v1/audio/speech</code></li>"
        "<li><a href=\"/v1/models\"><code>GET /v1/models</code></a></li>"
        "<li><a href=\"/health/readiness\"><code>GET /health/readiness</code></a></li>"
        "<li><a href=\"/metrics\"><code>GET /metrics</code></a></li>"
        "</ul></body></html>\n";
    return page;
}

Page liveness_page() {
    Page page;
    page.body = "\"I'm alive!\"";
    return page;
}

Page readiness_page(const ServerContext& server) {
    Page page;
    const bool draining = server.admission.draining();
    page.status = draining ? 503 : 200;
    json::value cache(nullptr);
    if (server.engine.cache) cache = name_of(server.engine.cache->type());
    const bool connected = server.keys && server.keys->store_answers();
    page.body = json::serialize(json::object{{"status", draining ? "draining" : "healthy"},
                                             {"db", connected ? "connected" : "Not connected"},
                                             {"cache", std::move(cache)},
                                             {"in_flight_requests", server.admission.in_flight()}});
    return page;
}

namespace {

std::optional<DeploymentNow::Health> health_now(const HealthProber* prober, const std::string& id,
                                                const Now& now) {
    const auto checked = prober ? prober->find(id) : std::nullopt;
    if (!checked) return std::nullopt;
    DeploymentNow::Health health;
    health.good = !checked->failed;
    health.age_s = std::chrono::duration<double>(now.steady - checked->at).count();
    health.passed = checked->passed;
    health.failed = checked->failures;
    return health;
}

std::optional<DeploymentNow::Learned> learned_now(const LaneLoad& load, const Now& now) {
    if (!load.slowness.known() && !load.per_token.known() && load.tokens() == 0)
        return std::nullopt;
    DeploymentNow::Learned learned;
    learned.tokens = load.tokens();
    learned.slowness = static_cast<double>(load.slowness.get(now.ns(), 1));
    learned.failing = static_cast<double>(load.failing.get(now.ns(), 0));
    learned.seconds_begun = load.seconds_begun.load(std::memory_order_relaxed);
    learned.seconds_won = load.seconds_won.load(std::memory_order_relaxed);
    return learned;
}

// Entries that are the same share what is known of them.
std::vector<DeploymentNow> deployments_now(const Snapshot& snapshot, const HealthProber* prober) {
    std::vector<DeploymentNow> all;
    std::set<std::string_view> seen;
    LaneTable& table = *snapshot.lanes;
    const Now now = Now::read();
    for (const auto& d : snapshot.deployments) {
        if (!d->lane || !seen.insert(d->id).second) continue;
        const LaneIndex lane = d->lane->index();
        DeploymentNow one{d->id, d->configured, d->api_base_shown, d->provider};
        if (table.rest_until(lane).load(std::memory_order_relaxed) != 0) {
            one.state = rest_left(table, lane, now).count() > 0 ? 2 : 1;
        }
        one.in_flight = table.in_flight(lane).load(std::memory_order_relaxed);
        one.rests = table.failures(lane).rests.load(std::memory_order_relaxed);
        one.minute_requests = table.requests(lane).get(now.minute());
        one.minute_tokens = table.tokens(lane).get(now.minute());
        if (d->itpm) one.minute_input = table.prompt_tokens(lane).get(now.minute());
        if (d->otpm) one.minute_output = table.answer_tokens(lane).get(now.minute());
        one.health = health_now(prober, d->id, now);
        one.learned = learned_now(table.load(lane), now);
        all.push_back(std::move(one));
    }
    return all;
}

std::vector<QueueNow> queues_now(const Snapshot& snapshot) {
    std::vector<QueueNow> all;
    const auto add = [&](const ModelGroup& group) {
        if (group.by_id || !group.tables) return;
        const Gate::Figures figures = group.tables->memory->gate.figures();
        QueueNow now{group.name, figures.waiting, figures.bytes, figures.served, figures.waited_s};
        std::uint64_t told = now.waiting + now.served;
        for (std::size_t i = 0; i < kSheds; ++i) {
            told += figures.shed[i];
            now.shed.emplace_back(kShedNames[i], figures.shed[i]);
        }
        if (told > 0) all.push_back(std::move(now));
    };
    for (const auto& [name, group] : snapshot.groups) {
        if (name == group.name) add(group);
    }
    for (const ModelGroup& group : snapshot.wildcards) add(group);
    return all;
}

CapacityNow capacity_now(const std::string& model, std::string_view priority,
                         const Capacity& capacity, std::uint32_t now) {
    const auto used = [&](std::int64_t limit,
                          const meter::RateWindow& window) -> std::optional<double> {
        if (limit <= 0) return std::nullopt;
        return static_cast<double>(window.used_by_all(now)) / static_cast<double>(limit);
    };
    return {model, std::string(priority), used(capacity.rpm, capacity.requests),
            used(capacity.tpm, capacity.tokens), capacity.refused};
}

std::vector<CapacityNow> capacities_now(const Snapshot& snapshot) {
    std::vector<CapacityNow> all;
    const std::uint32_t now = meter::RateWindow::clock();
    const auto add = [&](const ModelGroup& group) {
        if (group.by_id || !group.capacity) return;
        const GroupCapacity& of = *group.capacity;
        all.push_back(capacity_now(of.model, "", *of.whole, now));
        for (const auto& [priority, share] : of.reserved) {
            all.push_back(capacity_now(of.model, priority, *share, now));
        }
        if (of.others) all.push_back(capacity_now(of.model, "default", *of.others, now));
    };
    for (const auto& [name, group] : snapshot.groups) {
        if (name == group.name) add(group);
    }
    for (const ModelGroup& group : snapshot.wildcards) add(group);
    return all;
}

}  // namespace

Page backlog_page(const ServerContext& server) {
    std::uint64_t waiting = 0;
    std::uint64_t outside = 0;  // wait for their loop, and are not in flight yet
    std::uint64_t shed = 0;
    for (const QueueNow& queue : queues_now(server.snapshot())) {
        waiting += queue.waiting;
        for (const auto& [reason, count] : queue.shed) shed += count;
    }
    for (const WorkerMetrics* worker : server.all_metrics) {
        const LoopLoad& load = worker->load;
        outside += static_cast<std::uint64_t>(load.queued.load(std::memory_order_relaxed));
        shed += load.full.load(std::memory_order_relaxed) +
                load.timed_out.load(std::memory_order_relaxed);
    }
    const auto in_flight = static_cast<std::uint64_t>(server.admission.in_flight());
    Page page;
    page.body = json::serialize(
        json::object{{"in_flight_requests", in_flight},
                     {"admitted_requests", in_flight - std::min(in_flight, waiting)},
                     {"queued_requests", waiting + outside},
                     {"rejected_requests", shed}});
    return page;
}

Page shared_health_page() {
    Page page;
    page.body = json::serialize(json::object{{"shared_health_check_enabled", false},
                                             {"message", "Shared health check is not enabled"}});
    return page;
}

Page metrics_page(const ServerContext& server) {
    MetricsNow now;
    now.in_flight = server.admission.in_flight();
    now.client_connections = server.admission.connections();
    now.snapshot_generation = server.snapshot().generation;
    for (const auto& plugin : Plugin::alive()) {
        now.plugins.insert(now.plugins.end(), plugin->stats().begin(), plugin->stats().end());
    }
    for (const PluginEntry& entry : server.snapshot().plugins->entries()) {
        now.plugin_generations[entry.id()] = entry.serving.plugin->generation();
    }
    if (server.control != nullptr) {
        for (const auto& [name, failure] : server.control->failures().all()) {
            now.reload_failures[name] = failure.count;
        }
    }
    now.deployments = deployments_now(server.snapshot(), server.health);
    now.queues = queues_now(server.snapshot());
    now.capacities = capacities_now(server.snapshot());
    if (server.shared) now.shared = server.shared->figures();
    if (server.engine.cache) now.cache = server.engine.cache->figures();
    if (server.ledger) now.ledger = server.ledger->figures();
    now.left_out_sinks = server.snapshot().left_out_sinks;
    if (server.engine.logs) {
        now.log_sinks = server.engine.logs->stats();
        now.log_calls_dropped = server.engine.logs->dropped();
        now.log_texts_unread = server.engine.logs->unread();
    }
    Page page;
    page.content_type = "text/plain; version=0.0.4; charset=utf-8";
    page.body = metrics_text(server.all_metrics, now);
    return page;
}

}  // namespace patchbay::gateway
