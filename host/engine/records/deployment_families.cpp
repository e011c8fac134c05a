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

Labels with_result(Labels labels, const char* result) {
    labels.push_back({"result", result});
    return labels;
}

}  // namespace

std::vector<MetricFamily> deployment_families(const MetricsNow& now) {
    auto state = family("litellm_deployment_state", "0 takes calls, 1 is being probed, 2 rests.",
                        MetricType::Gauge);
    auto rests = family("litellm_deployment_cooled_down_total",
                        "Times a deployment was sent to rest.", MetricType::Counter);
    auto open = family("patchbay_deployment_in_flight", "Attempts under way.", MetricType::Gauge);
    auto requests =
        family("patchbay_deployment_minute_requests",
               "Attempts of this minute of the clock, as rpm counts them.", MetricType::Gauge);
    auto tokens =
        family("patchbay_deployment_minute_tokens",
               "Tokens of this minute of the clock, as tpm counts them.", MetricType::Gauge);
    auto input =
        family("patchbay_deployment_minute_input_tokens",
               "Tokens of this minute of the clock, as itpm counts them.", MetricType::Gauge);
    auto output =
        family("patchbay_deployment_minute_output_tokens",
               "Tokens of this minute of the clock, as otpm counts them.", MetricType::Gauge);
    auto healthy = family("patchbay_deployment_healthy",
                          "1 if the last health check in the background was answered, else 0.",
                          MetricType::Gauge);
    auto age = family("patchbay_deployment_health_check_age_seconds",
                      "Seconds since the last health check in the background.", MetricType::Gauge);
    auto checks = family("patchbay_deployment_health_checks_total",
                         "Health checks in the background.", MetricType::Counter);
    auto load = family("patchbay_deployment_tokens_in_flight", "Tokens of the attempts under way.",
                       MetricType::Gauge);
    auto slowness =
        family("patchbay_deployment_slowness",
               "First tokens lately by what the group's take; 1 = as long.", MetricType::Gauge);
    auto failing = family("patchbay_deployment_failing_share",
                          "Share of the attempts that failed lately.", MetricType::Gauge);
    auto seconds = family("patchbay_deployment_second_attempts_total",
                          "Attempts beside one that said nothing.", MetricType::Counter);
    for (const DeploymentNow& d : now.deployments) {
        const Labels labels = labels_of(d);
        if (d.learned) {
            add_value(load, labels, static_cast<double>(d.learned->tokens));
            add_value(slowness, labels, d.learned->slowness);
            add_value(failing, labels, d.learned->failing);
            add_value(seconds, with_result(labels, "begun"),
                      static_cast<double>(d.learned->seconds_begun));
            add_value(seconds, with_result(labels, "won"),
                      static_cast<double>(d.learned->seconds_won));
        }
        add_value(state, labels, d.state);
        add_value(rests, labels, static_cast<double>(d.rests));
        add_value(open, labels, static_cast<double>(d.in_flight));
        add_value(requests, labels, static_cast<double>(d.minute_requests));
        add_value(tokens, labels, static_cast<double>(d.minute_tokens));
        if (d.minute_input) add_value(input, labels, static_cast<double>(*d.minute_input));
        if (d.minute_output) add_value(output, labels, static_cast<double>(*d.minute_output));
        if (!d.health) continue;
        add_value(healthy, labels, d.health->good ? 1 : 0);
        add_value(age, labels, d.health->age_s);
        add_value(checks, with_result(labels, "passed"), static_cast<double>(d.health->passed));
        add_value(checks, with_result(labels, "failed"), static_cast<double>(d.health->failed));
    }
    return {state,   rests, open,   requests, tokens,   input,   output,
            healthy, age,   checks, load,     slowness, failing, seconds};
}

namespace {

using Leases = SharedFigures::Leases;

struct LeaseRow {
    const char *name, *help;
    MetricType type;
    double (*value)(const Leases&);
};
constexpr LeaseRow kLeaseRows[] = {
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
     "a "
     "share.",
     MetricType::Counter, [](const Leases& now) { return static_cast<double>(now.wanted); }},
};

}  // namespace

std::vector<MetricFamily> shared_families(const MetricsNow& now) {
    if (!now.shared) return {};
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
    std::vector<MetricFamily> families{connected, faults, rests};
    for (const LeaseRow& row : kLeaseRows) {
        auto one = family(row.name, row.help, row.type);
        add_value(one, {}, row.value(now.shared->leases));
        families.push_back(std::move(one));
    }
    return families;
}

}  // namespace patchbay
