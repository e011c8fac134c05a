#include "engine/exchange/logger_exchange.hpp"

#include <algorithm>
#include <memory>

#include "engine/exchange/run.hpp"
#include "patchbay/logger.h"
#include "patchbay/sdk/text.hpp"

namespace patchbay {

using bay::str;

boost::asio::awaitable<BatchOutcome> run_batch(ExchangeContext context,
                                               const ComponentInstance& component,
                                               std::span<const LogRecord* const> records,
                                               std::uint32_t attempt, http::Timeouts timeouts) {
    auto run = std::make_shared<Run>(context, component, Role::logger, nullptr, std::string_view(),
                                     false, timeouts, true, std::string_view());
    const EndGuard guard(*run);
    BatchOutcome outcome;

    bay_open_info info{};
    info.size = sizeof info;
    info.attempt = attempt;
    info.budget_ms =
        static_cast<std::uint32_t>(std::clamp<std::int64_t>(timeouts.total.count(), 0, UINT32_MAX));
    if (!run->open(info)) {
        outcome.error = run->fault().take();
        co_return outcome;
    }

    std::vector<bay_record> views(records.size());
    std::vector<const bay_record*> pointers(records.size());
    for (std::size_t i = 0; i < records.size(); ++i) {
        const LogRecord& from = *records[i];
        bay_record& to = views[i];
        to.size = sizeof to;
        to.type =
            from.failed ? std::uint32_t{BAY_RECORD_FAILURE} : std::uint32_t{BAY_RECORD_SUCCESS};
        to.seq = from.seq;
        to.unix_ms = from.unix_ms;
        to.id = str(from.id);
        to.json = str(from.json);
        pointers[i] = &to;
    }
    bay_ev_batch event{};
    event.h = {sizeof event, BAY_EV_BATCH};
    event.attempt = attempt;
    event.records = pointers.data();
    event.record_count = pointers.size();
    co_await run->deliver(event.h);
    co_await run->drive();

    outcome.error = run->fault() ? run->fault().take() : run->recorder().error().take();
    if (!outcome.error && !run->recorder().finished()) {
        outcome.error.emplace();
        outcome.error->cls = ErrorClass::timeout;
        outcome.error->message = "Logger component '" + component.instance->stats().component +
                                 "' did not end within " + std::to_string(timeouts.total.count()) +
                                 " ms";
    }
    auto& retry = run->recorder().retries();
    std::sort(retry.begin(), retry.end());
    retry.erase(std::unique(retry.begin(), retry.end()), retry.end());
    if (!outcome.error && !retry.empty() && retry.back() >= records.size()) {
        count_fault(*component.instance);
        outcome.error =
            plugin_fault(*component.instance, "named a record that was not in the batch");
    }
    if (!outcome.error) outcome.retry = std::move(retry);
    co_return outcome;
}

}  // namespace patchbay
