// One guardrail's exchange for one request: asked once for each stage it takes part in.
//
//     open -> INSPECT(pre_call) -> verdict -> INSPECT(stream, window 1) -> verdict -> ... -> close
//
// The machine stays open from the first question to the last, so what it learned of the request is
// there when the answer comes. Tested by guardrail_exchange_test.cpp.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "engine/exchange/exchange.hpp"

namespace patchbay {

class Run;

/// A question, in the terms of bay_ev_inspect. Views must live until ask() has returned.
struct Inspection {
    std::uint32_t stage = 0;  ///< BAY_STAGE_*
    bool last = false;        ///< of a stream
    std::uint64_t window = 0;
    std::string_view operation = "chat.completions";
    std::string_view json;
    std::string_view request;
    std::span<const bay_text> texts;
    std::string_view params = "{}";
    std::string_view metadata = "{}";
};

/// Belongs to one loop. Destroying it closes the machine and cancels what it has under way.
class GuardrailExchange {
  public:
    /// Opens nothing yet. `timeouts.total` bounds each answer. `request_id` and `traceparent` are
    /// copied.
    GuardrailExchange(ExchangeContext context, const ComponentInstance& component,
                      http::Timeouts timeouts, std::string_view request_id,
                      std::string_view traceparent);
    ~GuardrailExchange();
    GuardrailExchange(const GuardrailExchange&) = delete;
    GuardrailExchange& operator=(const GuardrailExchange&) = delete;

    /// The verdict; or why there is none: the machine failed, broke the contract, or took longer
    /// than the timeout. After an error every further question gets an error. One question at a
    /// time. Throws system_error(operation_aborted) if the awaiting coroutine is cancelled.
    boost::asio::awaitable<Result<Verdict>> ask(const Inspection& inspection);

    /// The last ask() failed for the size of the request: an error for the client as it is, and no
    /// reason to pass the guardrail over, which would be a way around it.
    bool request_too_large() const;

    /// What the machine noted since this was last called.
    std::vector<Note> take_notes();

  private:
    ExchangeContext context_;
    http::Timeouts timeouts_;
    std::string request_id_;
    std::string traceparent_;
    std::shared_ptr<const Instance> instance_;
    std::shared_ptr<Run> run_;
    bool opened_ = false;
};

}  // namespace patchbay
