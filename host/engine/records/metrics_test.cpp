#include "engine/records/metrics.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;

CallOutcome good() {
    CallOutcome o;
    o.route = "/chat/completions";
    o.group = "chat";
    o.deployment = "d1";
    o.model = "openai/x";
    o.usage = {.prompt = 10, .completion = 5, .total = 15, .cached = 4};
    o.total = 30ms;
    o.upstream = 20ms;
    return o;
}

std::string text_of(std::initializer_list<const WorkerMetrics*> workers, MetricsNow now = {}) {
    const std::vector<const WorkerMetrics*> all(workers);
    return metrics_text(all, now);
}

TEST(Metrics, workers_are_added_up) {
    WorkerMetrics a;
    WorkerMetrics b;
    a.record(good());
    a.record(good());
    b.record(good());
    const std::string text = text_of({&a, &b});
    const std::string model = R"({requested_model="chat",model="openai/x",model_id="d1")";
    EXPECT_THAT(text, HasSubstr("litellm_proxy_total_requests_metric_total" + model +
                                R"(,route="/chat/completions",status_code="200"} 3)"));
    EXPECT_THAT(text, HasSubstr("litellm_input_tokens_metric_total" + model + "} 30"));
    EXPECT_THAT(text, HasSubstr("litellm_output_tokens_metric_total" + model + "} 15"));
    EXPECT_THAT(text, HasSubstr("litellm_total_tokens_metric_total" + model + "} 45"));
    EXPECT_THAT(text, HasSubstr("litellm_cached_tokens_metric_total" + model + "} 12"));
    EXPECT_THAT(text, HasSubstr("litellm_request_total_latency_metric_count" + model + "} 3"));
    EXPECT_THAT(text, Not(HasSubstr("litellm_proxy_failed_requests_metric_total{")));
    EXPECT_THAT(text, Not(HasSubstr("litellm_llm_api_time_to_first_token_metric_count")));
}

TEST(Metrics, a_status_with_several_reasons_is_one_series_of_requests) {
    WorkerMetrics m;
    for (const char* exception : {"BadRequestError", "UnsupportedParamsError"}) {
        CallOutcome failed = good();
        failed.status = 400;
        failed.exception = exception;
        m.record(failed);
    }
    const std::string text = text_of({&m});
    constexpr std::string_view kSeries = R"(route="/chat/completions",status_code="400"} )";
    const auto first = text.find(kSeries);
    ASSERT_NE(first, text.npos);
    EXPECT_EQ(text.substr(first + kSeries.size(), 2), "2\n");
    EXPECT_EQ(text.find(kSeries, first + 1), text.npos);
    for (const char* exception : {"BadRequestError", "UnsupportedParamsError"}) {
        EXPECT_THAT(text, HasSubstr("exception_class=\"" + std::string(exception) + "\"} 1"));
    }
}

TEST(Metrics, outcomes_are_told_apart_whatever_came_before) {
    WorkerMetrics m;
    CallOutcome failed = good();
    failed.status = 429;
    failed.exception = "RateLimitError";
    failed.usage = {};
    CallOutcome other = good();
    other.group = "other";
    other.deployment = "d2";
    for (int i = 0; i < 2; ++i) {
        m.record(good());
        m.record(failed);
        m.record(other);
    }
    const std::string text = text_of({&m});
    EXPECT_THAT(text, HasSubstr(R"(route="/chat/completions",status_code="429"} 2)"));
    EXPECT_THAT(text, HasSubstr(R"(status_code="429",exception_class="RateLimitError"} 2)"));
    EXPECT_THAT(text, HasSubstr(R"(model_id="d1",route="/chat/completions",status_code="200"} 2)"));
    EXPECT_THAT(text, HasSubstr(R"(model_id="d2",route="/chat/completions",status_code="200"} 2)"));
    EXPECT_THAT(text,
                HasSubstr(R"(litellm_request_total_latency_metric_count{requested_model="chat",)"
                          R"(model="openai/x",model_id="d1"} 4)"));
}

TEST(Metrics, a_request_that_reached_no_deployment_counts_without_a_latency) {
    WorkerMetrics m;
    CallOutcome o;
    o.route = "/chat/completions";
    o.status = 400;
    o.exception = "BadRequestError";
    m.record(o);
    const std::string text = text_of({&m});
    EXPECT_THAT(text, HasSubstr(R"(status_code="400",exception_class="BadRequestError"} 1)"));
    EXPECT_THAT(text, Not(HasSubstr("latency_metric")));
    EXPECT_THAT(text, Not(HasSubstr("tokens_metric")));
}

TEST(Metrics, the_bounds_of_a_bucket_are_inclusive_and_buckets_cumulative) {
    WorkerMetrics m;
    for (const auto t : {5ms, 6ms, 10ms, 400'000ms}) {
        CallOutcome o = good();
        o.total = t;
        o.first_token = t;
        m.record(o);
    }
    const std::string text = text_of({&m});
    const std::string labels = R"({requested_model="chat",model="openai/x",model_id="d1")";
    for (const std::string name :
         {"litellm_request_total_latency_metric", "litellm_llm_api_time_to_first_token_metric"}) {
        EXPECT_THAT(text, HasSubstr(name + "_bucket" + labels + R"(,le="0.005"} 1)"));
        EXPECT_THAT(text, HasSubstr(name + "_bucket" + labels + R"(,le="0.01"} 3)"));
        EXPECT_THAT(text, HasSubstr(name + "_bucket" + labels + R"(,le="300"} 3)"));
        EXPECT_THAT(text, HasSubstr(name + "_bucket" + labels + R"(,le="+Inf"} 4)"));
    }
    EXPECT_THAT(text, HasSubstr("litellm_request_total_latency_metric_sum" + labels + "} 400.021"));
}

TEST(Metrics, label_values_are_escaped) {
    WorkerMetrics m;
    CallOutcome o = good();
    o.group = "a\"b\\c\nd";
    m.record(o);
    EXPECT_THAT(text_of({&m}), HasSubstr(R"(requested_model="a\"b\\c\nd")"));
}

TEST(Metrics, loops_that_have_bounds_tell_how_they_keep_to_them) {
    WorkerMetrics one;
    WorkerMetrics other;
    EXPECT_THAT(text_of({&one, &other}), Not(HasSubstr("litellm_admission_")));
    one.load.bounded = true;
    one.load.admitted = 2;
    other.load.admitted = 1;
    other.load.queued = 4;
    one.load.full = 5;
    one.load.timed_out = 6;
    const std::string text = text_of({&one, &other});
    EXPECT_THAT(text, HasSubstr("litellm_admission_admitted_requests 3"));
    EXPECT_THAT(text, HasSubstr("litellm_admission_queued_requests 4"));
    EXPECT_THAT(text, HasSubstr(R"(rejected_requests_total{reason="queue_full"} 5)"));
    EXPECT_THAT(text, HasSubstr(R"(rejected_requests_total{reason="queue_timeout"} 6)"));
}

TEST(Metrics, plugins_and_figures_of_the_moment) {
    auto stats = std::make_shared<ComponentStats>();
    stats->plugin = "org.example.p";
    stats->component = "c";
    stats->calls = 3;
    stats->busy_ns = 1'500'000'000;
    stats->faults = 1;
    stats->in_flight = 2;
    stats->slow_feeds = 8;
    stats->denied = 9;
    stats->breaker.configure({.faults = 1});
    stats->breaker.fault(Breaker::Clock::now());
    MetricsNow now;
    now.in_flight = 4;
    now.client_connections = 5;
    now.snapshot_generation = 7;
    now.plugins = {stats};
    now.plugin_generations = {{"org.example.p", 2}};
    now.deployments = {{"id-1", "openai/gpt", "http://h/v1", "openai", 2, 3, 4}};
    now.deployments[0].minute_requests = 11;
    now.deployments[0].minute_tokens = 12;
    now.deployments[0].minute_input = 21;
    now.deployments[0].health = DeploymentNow::Health{false, 2.5, 13, 14};
    now.deployments[0].learned = DeploymentNow::Learned{18, 1.5, 0.25, 19, 20};
    now.shared = SharedFigures{true, 15, 16, 17, {31, 32, 33, 34, 35, 36, 37, 38.5}};
    now.reload_failures = {{"odd.so", 3}};
    WorkerMetrics one, other;
    one.set_upstream_connections(2);
    other.set_upstream_connections(4);
    const std::string text = text_of({&one, &other}, now);
    const std::string labels = R"({plugin="org.example.p",component="c",generation="1"} )";
    EXPECT_THAT(text, HasSubstr("patchbay_plugin_calls_total" + labels + "3"));
    EXPECT_THAT(text, HasSubstr("patchbay_plugin_busy_seconds_total" + labels + "1.5"));
    EXPECT_THAT(text, HasSubstr("patchbay_plugin_faults_total" + labels + "1"));
    EXPECT_THAT(text, HasSubstr("patchbay_plugin_in_flight" + labels + "2"));
    EXPECT_THAT(text, HasSubstr(R"(patchbay_plugin_generation{plugin="org.example.p"} 2)"));
    EXPECT_THAT(text, HasSubstr(R"(patchbay_plugin_reload_failures_total{plugin="odd.so"} 3)"));
    EXPECT_THAT(text, HasSubstr("patchbay_plugin_slow_feeds_total" + labels + "8"));
    EXPECT_THAT(text, HasSubstr("patchbay_plugin_egress_denied_total" + labels + "9"));
    EXPECT_THAT(text, HasSubstr("patchbay_plugin_breaker_state" + labels + "1"));
    EXPECT_THAT(text, HasSubstr("patchbay_plugin_breaker_opened_total" + labels + "1"));
    const std::string of_it =
        R"({litellm_model_name="openai/gpt",model_id="id-1",api_base="http://h/v1",)"
        R"(api_provider="openai"} )";
    EXPECT_THAT(text, HasSubstr("litellm_deployment_state" + of_it + "2"));
    EXPECT_THAT(text, HasSubstr("litellm_deployment_cooled_down_total" + of_it + "4"));
    EXPECT_THAT(text, HasSubstr("patchbay_deployment_in_flight" + of_it + "3"));
    EXPECT_THAT(text, HasSubstr("patchbay_deployment_minute_requests" + of_it + "11"));
    EXPECT_THAT(text, HasSubstr("patchbay_deployment_minute_tokens" + of_it + "12"));
    EXPECT_THAT(text, HasSubstr("patchbay_deployment_minute_input_tokens" + of_it + "21"));
    EXPECT_THAT(text, Not(HasSubstr("minute_output_tokens"))) << "it has no such limit";
    EXPECT_THAT(text, HasSubstr("patchbay_deployment_healthy" + of_it + "0"));
    EXPECT_THAT(text, HasSubstr("patchbay_deployment_health_check_age_seconds" + of_it + "2.5"));
    EXPECT_THAT(text, HasSubstr(R"(api_provider="openai",result="passed"} 13)"));
    EXPECT_THAT(text, HasSubstr(R"(api_provider="openai",result="failed"} 14)"));
    EXPECT_THAT(text, HasSubstr("patchbay_deployment_tokens_in_flight" + of_it + "18"));
    EXPECT_THAT(text, HasSubstr("patchbay_deployment_slowness" + of_it + "1.5"));
    EXPECT_THAT(text, HasSubstr("patchbay_deployment_failing_share" + of_it + "0.25"));
    EXPECT_THAT(text, HasSubstr(R"(api_provider="openai",result="begun"} 19)"));
    EXPECT_THAT(text, HasSubstr(R"(api_provider="openai",result="won"} 20)"));
    EXPECT_THAT(text, HasSubstr("patchbay_shared_state_connected 1"));
    EXPECT_THAT(text, HasSubstr("patchbay_shared_state_failures_total 15"));
    EXPECT_THAT(text, HasSubstr("patchbay_lease_windows 31"));
    EXPECT_THAT(text, HasSubstr("patchbay_lease_gateways 32"));
    EXPECT_THAT(text, HasSubstr("patchbay_lease_asks_total 33"));
    EXPECT_THAT(text, HasSubstr("patchbay_lease_refills_total 34"));
    EXPECT_THAT(text, HasSubstr("patchbay_lease_unanswered_total 35"));
    EXPECT_THAT(text, HasSubstr("patchbay_lease_late_first_shares_total 36"));
    EXPECT_THAT(text, HasSubstr("patchbay_lease_wanting_total 37"));
    EXPECT_THAT(text, HasSubstr("patchbay_lease_age_seconds 38.5"));
    EXPECT_THAT(text, HasSubstr(R"(patchbay_shared_rests_total{direction="told"} 16)"));
    EXPECT_THAT(text, HasSubstr(R"(patchbay_shared_rests_total{direction="heard"} 17)"));
    EXPECT_THAT(text, HasSubstr("litellm_in_flight_requests 4"));
    EXPECT_THAT(text, HasSubstr("patchbay_client_connections 5"));
    EXPECT_THAT(text, HasSubstr("patchbay_upstream_connections 6"));
    EXPECT_THAT(text, HasSubstr("patchbay_snapshot_generation 7"));
    EXPECT_THAT(text, Not(HasSubstr("litellm_proxy_total_requests_metric_total")));
}

TEST(Metrics, capacities_of_models_and_of_priorities_in_them) {
    MetricsNow now;
    now.capacities = {{"gpt", "", 0.5, std::nullopt, 3}, {"gpt", "dev", 1.25, 0.75, 4}};
    const std::string text = text_of({}, now);
    const std::string whole = R"({requested_model="gpt",priority=""} )";
    const std::string share = R"({requested_model="gpt",priority="dev"} )";
    EXPECT_THAT(text, HasSubstr("patchbay_capacity_minute_requests" + whole + "0.5"));
    EXPECT_THAT(text, Not(HasSubstr("patchbay_capacity_minute_tokens" + whole)));
    EXPECT_THAT(text, HasSubstr("patchbay_capacity_refused_total" + whole + "3"));
    EXPECT_THAT(text, HasSubstr("patchbay_capacity_minute_requests" + share + "1.25"));
    EXPECT_THAT(text, HasSubstr("patchbay_capacity_minute_tokens" + share + "0.75"));
    EXPECT_THAT(text, HasSubstr("patchbay_capacity_refused_total" + share + "4"));
}

}  // namespace
}  // namespace patchbay
