// One delivery of a batch of log records by a logger's state machine.
//
// Tested by logger_exchange_test.cpp.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "engine/exchange/exchange.hpp"

namespace patchbay {

/// One record as a logger gets it, in the terms of bay_record.
struct LogRecord {
    std::string id;
    std::string json;
    std::uint64_t seq = 0;
    std::int64_t unix_ms = 0;
    bool failed = false;
};

/// What came of a delivery.
struct BatchOutcome {
    std::optional<Error> error;        ///< set: none is delivered
    std::vector<std::uint32_t> retry;  ///< indexes that are not delivered, sorted, each once
};

/// Delivers `records` once; `attempt` counts from 1. Plugin faults are errors of class upstream; a
/// machine that has not ended in its time has delivered nothing (class timeout).
/// The records must live until it has returned. Throws system_error(operation_aborted) if the
/// awaiting coroutine is cancelled.
boost::asio::awaitable<BatchOutcome> run_batch(ExchangeContext context,
                                               const ComponentInstance& component,
                                               std::span<const LogRecord* const> records,
                                               std::uint32_t attempt, http::Timeouts timeouts);

}  // namespace patchbay
