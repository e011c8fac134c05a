#include "engine/exchange/guardrail_exchange.hpp"

#include <algorithm>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "engine/at_once.hpp"
#include "engine/exchange/run.hpp"
#include "patchbay/sdk/text.hpp"

namespace patchbay {

namespace asio = boost::asio;
using bay::str;

GuardrailExchange::GuardrailExchange(ExchangeContext context, const ComponentInstance& component,
                                     http::Timeouts timeouts, std::string_view request_id,
                                     std::string_view traceparent)
    : context_(context),
      timeouts_(timeouts),
      request_id_(request_id),
      traceparent_(traceparent),
      instance_(component.instance),
      run_(std::make_shared<Run>(context, component, Role::guardrail, nullptr, std::string_view(),
                                 false, timeouts, true, request_id)) {}

GuardrailExchange::~GuardrailExchange() {
    run_->end();
}

asio::awaitable<Result<Verdict>> GuardrailExchange::ask(const Inspection& inspection) {
    if (!opened_ && !run_->over()) {
        bay_open_info info{};
        info.size = sizeof info;
        info.request_id = str(request_id_);
        info.traceparent = str(traceparent_);
        info.attempt = 1;
        info.budget_ms = static_cast<std::uint32_t>(
            std::clamp<std::int64_t>(timeouts_.total.count(), 0, UINT32_MAX));
        opened_ = run_->open(info);
    }
    if (!run_->over()) {
        run_->ask({.stream = inspection.stage == BAY_STAGE_STREAM,
                   .last = inspection.last,
                   .texts = inspection.texts.size()});
        bay_ev_inspect event{};
        event.h = {sizeof event, BAY_EV_INSPECT};
        event.stage = inspection.stage;
        event.flags = inspection.last ? static_cast<std::uint32_t>(BAY_INSPECT_LAST) : 0;
        event.window = inspection.window;
        event.operation = str(inspection.operation);
        event.json = str(inspection.json);
        event.request = str(inspection.request);
        event.texts = inspection.texts.data();
        event.text_count = inspection.texts.size();
        event.params = str(inspection.params);
        event.metadata = str(inspection.metadata);
        co_await run_->deliver(event.h);
        if (!run_->fault() && run_->recorder().verdict()) {
            co_return std::move(*run_->recorder().verdict());
        }
        if (timeouts_.total.count() > 0) {
            asio::steady_timer limit(context_.loop.io, timeouts_.total);
            co_await first_of(run_->drive(), limit.async_wait(asio::use_awaitable));
        } else {
            co_await run_->drive();
        }
    }
    if (!run_->fault() && run_->recorder().verdict()) {
        co_return std::move(*run_->recorder().verdict());
    }
    Error error;
    if (run_->fault()) {
        error = *run_->fault();
    } else if (run_->recorder().error()) {
        error = *run_->recorder().error();
    } else {
        error.cls = ErrorClass::timeout;
        error.message = "Guardrail component '" + instance_->stats().component +
                        "' did not answer within " + std::to_string(timeouts_.total.count()) +
                        " ms.";
        run_->end(Run::kDeadline);
        run_->fault() = error;
    }
    co_return error;
}

bool GuardrailExchange::request_too_large() const {
    return run_->was_too_large();
}

std::vector<Note> GuardrailExchange::take_notes() {
    return std::exchange(run_->recorder().notes(), {});
}

}  // namespace patchbay
