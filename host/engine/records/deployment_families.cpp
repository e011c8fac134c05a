// Tested by metrics_test.cpp, tests/e2e/test_background_health.py and tests/e2e/test_shared_state.py.
#include "engine/records/metric_family.hpp"

namespace patchbay {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;

namespace {

using Labels = std::vector<ClientMetric::Label>;

Labels labels_of(const DeploymentNow& deployment) {
    return {{"litellm_model_name", deployment.model},
            {"model_id", deployment.id},
            {"api_base", deployment.api_base},
            {"api_provider", deployment.provider}};
}

bool checked(const DeploymentNow& d) {
    return d.health.has_value();
}
bool learned(const DeploymentNow& d) {
    return d.learned.has_value();
}

constexpr FamilyRow<DeploymentNow> kRows[] = {
    {"litellm_deployment_state", "0 takes calls, 1 is being probed, 2 rests.", MetricType::Gauge,
     [](const DeploymentNow& d) { return static_cast<double>(d.state); }},
    {"litellm_deployment_cooled_down_total", "Times a deployment was sent to rest.",
     MetricType::Counter, [](const DeploymentNow& d) { return number(d.rests); }},
    {"patchbay_deployment_in_flight", "Attempts under way.", MetricType::Gauge,
     [](const DeploymentNow& d) { return static_cast<double>(d.in_flight); }},
    {"patchbay_deployment_minute_requests",
     "Attempts of this minute of the clock, as rpm counts them.", MetricType::Gauge,
     [](const DeploymentNow& d) { return number(d.minute_requests); }},
    {"patchbay_deployment_minute_tokens", "Tokens of this minute of the clock, as tpm counts them.",
     MetricType::Gauge, [](const DeploymentNow& d) { return number(d.minute_tokens); }},
    {"patchbay_deployment_minute_input_tokens",
     "Tokens of this minute of the clock, as itpm counts them.", MetricType::Gauge,
     [](const DeploymentNow& d) { return number(*d.minute_input); },
     [](const DeploymentNow& d) { return d.minute_input.has_value(); }},
    {"patchbay_deployment_minute_output_tokens",
     "Tokens of this minute of the clock, as otpm counts them.", MetricType::Gauge,
     [](const DeploymentNow& d) { return number(*d.minute_output); },
     [](const DeploymentNow& d) { return d.minute_output.has_value(); }},
    {"patchbay_deployment_healthy",
     "1 if the last health check in the background was answered, else 0.", MetricType::Gauge,
     [](const DeploymentNow& d) { return d.health->good ? 1.0 : 0.0; }, checked},
    {"patchbay_deployment_health_check_age_seconds",
     "Seconds since the last health check in the background.", MetricType::Gauge,
     [](const DeploymentNow& d) { return d.health->age_s; }, checked},
    {"patchbay_deployment_tokens_in_flight", "Tokens of the attempts under way.", MetricType::Gauge,
     [](const DeploymentNow& d) { return static_cast<double>(d.learned->tokens); }, learned},
    {"patchbay_deployment_slowness", "First tokens lately by what the group's take; 1 = as long.",
     MetricType::Gauge, [](const DeploymentNow& d) { return d.learned->slowness; }, learned},
    {"patchbay_deployment_failing_share", "Share of the attempts that failed lately.",
     MetricType::Gauge, [](const DeploymentNow& d) { return d.learned->failing; }, learned},
};

}  // namespace

void add_deployment_families(std::vector<MetricFamily>& out, const MetricsNow& now) {
    add_families(out, kRows, now.deployments, labels_of);
    auto checks = family("patchbay_deployment_health_checks_total",
                         "Health checks in the background.", MetricType::Counter);
    auto seconds = family("patchbay_deployment_second_attempts_total",
                          "Attempts beside one that said nothing.", MetricType::Counter);
    for (const DeploymentNow& d : now.deployments) {
        const auto tell = [&](MetricFamily& f, const char* result, std::uint64_t count) {
            auto labels = labels_of(d);
            labels.push_back({"result", result});
            add_value(f, std::move(labels), number(count));
        };
        if (d.learned) {
            tell(seconds, "begun", d.learned->seconds_begun);
            tell(seconds, "won", d.learned->seconds_won);
        }
        if (d.health) {
            tell(checks, "passed", d.health->passed);
            tell(checks, "failed", d.health->failed);
        }
    }
    out.push_back(std::move(checks));
    out.push_back(std::move(seconds));
}

namespace {

using Leases = SharedFigures::Leases;

constexpr FamilyRow<Leases> kLeaseRows[] = {
    {"patchbay_lease_gateways",
     "Gateways that share limits, this one too; 0: the server was never heard.", MetricType::Gauge,
     [](const Leases& now) { return static_cast<double>(now.nodes); }},
    {"patchbay_lease_windows", "Limits and budgets that are shared.", MetricType::Gauge,
     [](const Leases& now) { return static_cast<double>(now.held); }},
    {"patchbay_lease_age_seconds", "How long ago the oldest share was granted.", MetricType::Gauge,
     [](const Leases& now) { return now.oldest_s; }},
    {"patchbay_lease_asks_total", "Times that shares were asked for, told of or given back.",
     MetricType::Counter, [](const Leases& now) { return static_cast<double>(now.asked); }},
    {"patchbay_lease_refills_total", "Times that a share was made larger.", MetricType::Counter,
     [](const Leases& now) { return static_cast<double>(now.refilled); }},
    {"patchbay_lease_unanswered_total", "Asks without an answer.", MetricType::Counter,
     [](const Leases& now) { return static_cast<double>(now.lost); }},
    {"patchbay_lease_late_first_shares_total",
     "Lookups of keys that did not wait longer for their first share.", MetricType::Counter,
     [](const Leases& now) { return static_cast<double>(now.waited); }},
    {"patchbay_lease_wanting_total",
     "Looks, up to 200 a second for each limit, that found calls refused or made to take turns by "
     "a share.",
     MetricType::Counter, [](const Leases& now) { return static_cast<double>(now.wanted); }},
};

}  // namespace

void add_shared_families(std::vector<MetricFamily>& out, const MetricsNow& now) {
    if (!now.shared) return;
    auto connected = family("patchbay_shared_state_connected",
                            "1 if the server that gateways share their state in answers, else 0.",
                            MetricType::Gauge);
    auto faults = family("patchbay_shared_state_failures_total",
                         "Times that this server could not be used.", MetricType::Counter);
    auto rests = family("patchbay_shared_rests_total",
                        "Rests of deployments that other gateways were told, or that were heard.",
                        MetricType::Counter);
    add_value(connected, {}, now.shared->connected ? 1 : 0);
    add_value(faults, {}, static_cast<double>(now.shared->faults));
    add_value(rests, {{"direction", "told"}}, static_cast<double>(now.shared->rests_told));
    add_value(rests, {{"direction", "heard"}}, static_cast<double>(now.shared->rests_heard));
    for (MetricFamily* f : {&connected, &faults, &rests}) out.push_back(std::move(*f));
    add_families(out, kLeaseRows, now.shared->leases);
}

}  // namespace patchbay
