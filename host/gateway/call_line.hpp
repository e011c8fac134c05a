// What the log says of calls and of requests that never became one.
#pragma once

#include <string_view>

#include "gateway/call.hpp"
#include "gateway/routes.hpp"

namespace patchbay::gateway {

/// Writes the line of a request when it ends, however it does. Stands in the handler's coroutine
/// behind the call.
class LineWhenDone {
  public:
    LineWhenDone(Call& call, const Match& match) : call_(call), match_(match) {}
    ~LineWhenDone();
    LineWhenDone(const LineWhenDone&) = delete;
    LineWhenDone& operator=(const LineWhenDone&) = delete;

  private:
    Call& call_;
    const Match& match_;
};

/// The line of a request that its connection refused, or that never came whole.
void log_unanswered(World& world, Connection& connection, const Request& request, int status,
                    std::string_view why);

/// Notes and tells (at debug) where an attempt goes.
void begin_attempt_log(Call& call, const ExchangeRequest& request);

/// Tells how an attempt ended: a failure at warning, with its deployment as "openai/gpt-4o at
/// http://..."; `failed` must be clean. Success (nullptr) at debug.
void log_attempt(const Call& call, const Error* failed = nullptr);

}  // namespace patchbay::gateway
