#include "engine/call/settle.hpp"

#include "engine/call/admit.hpp"
#include "engine/call/book.hpp"
#include "engine/call/call_cache.hpp"
#include "engine/records/log_guard.hpp"

namespace patchbay {

namespace {

CallOutcome outcome_of(const Call& call, const UsageAccount::Attempt& attempt) {
    CallOutcome outcome;
    outcome.route = call.surface.route;
    outcome.group = call.group;
    outcome.usage = attempt.usage;
    outcome.charge = attempt.cost.charge;
    outcome.unpriced = (attempt.cost.flags & meter::Cost::kUnpriced) != 0;
    if (attempt.deployment) {
        outcome.deployment = attempt.deployment->id;
        outcome.model = attempt.deployment->configured;
        outcome.group = attempt.deployment->group;
    }
    return outcome;
}

// Metrics of the call, its attempts and its guardrails.
void count(Call& call, int status, std::string_view exception) {
    WorkerMetrics& metrics = call.engine.metrics;
    for (const UsageAccount::Attempt& attempt : call.usage.earlier()) {
        metrics.record_tokens(outcome_of(call, attempt));
    }
    CallOutcome outcome = outcome_of(call, call.usage.last());
    outcome.status = status;
    outcome.exception = exception;
    outcome.total = call.took;
    if (!call.usage.last().cached) outcome.upstream = call.upstream_time();
    if (call.cache) {
        outcome.cache = call.cache->use();
        outcome.saved = call.cache->saved();
    }
    if (call.first_token != Call::Clock::time_point{}) {
        outcome.first_token = call.first_token - call.started;
    }
    metrics.record(outcome);
    metrics.set_upstream_connections(call.engine.client.open_connections());
    if (call.guard) count_guardrails(metrics, *call.guard);
}

}  // namespace

void settle(Call& call, const Error* error) {
    if (call.settled) return;
    call.settled = true;
    call.took = Call::Clock::now() - call.started;
    call.bill = call.usage.bill();
    book(call);
    settle_grant(call);
    if (error) {
        count(call, error->status(), error->exception_name());
    } else {
        count(call, UsageAccount::kOk, {});
    }
    if (call.log) call.log->write(call, error);
}

void settle_left(Call& call) {
    if (call.settled) return;
    call.settled = true;
    call.usage.leave();
    call.took = Call::Clock::now() - call.started;
    call.bill = call.usage.bill();
    book(call);
    settle_grant(call);
    if (call.deployment) count(call, UsageAccount::kClientClosedRequest, "ClientDisconnect");
    Error gone;
    gone.http_status = UsageAccount::kClientClosedRequest;
    gone.message = call.left_because.empty() ? "The client closed the connection."
                                             : std::string(call.left_because);
    if (call.log) call.log->write(call, &gone);
}

void count_request(Engine& engine, std::string_view route, int status, std::string_view exception,
                   Call::Clock::duration total) {
    CallOutcome outcome;
    outcome.route = route;
    outcome.status = status;
    outcome.exception = exception;
    outcome.total = total;
    engine.metrics.record(outcome);
}

}  // namespace patchbay
