// The guardrails of one request: asked in their stages, in file order.
//
//     pre_call: one after another, each sees what the one before made of the request
//     during_call: all at once, beside the provider; the answer is withheld until they have spoken
//     post_call: one after another on a whole answer; on a stream each has a window of its own
//
// A guardrail that gives no verdict stops the request, unless it is configured to fail open.
// Tested by call_guard_test.cpp.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>

#include "contract/texts/stream_window.hpp"
#include "engine/exchange/guardrail_exchange.hpp"
#include "engine/guard/selection.hpp"

namespace patchbay::guard {

/// What one guardrail did at one stage: LiteLLM's StandardLoggingGuardrailInformation.
struct GuardrailInformation {
    std::string guardrail_name;
    std::string guardrail_provider;  ///< the integration, as configured
    unsigned mode = 0;               ///< one bit
    std::string_view status;  ///< success, guardrail_intervened or guardrail_failed_to_respond
    std::chrono::system_clock::time_point start{};
    std::chrono::nanoseconds duration{0};  ///< of all windows of a stream together
    std::string reason;
    std::vector<Note> notes;  ///< "guardrail_response", "masked_entity_count", ...
};

/// What guardrails may know of the request they look at.
struct CallFacts {
    std::string request_id;
    std::string traceparent;
    boost::json::object metadata;                              ///< but for "headers"
    std::vector<std::pair<std::string, std::string>> headers;  ///< the client's, lower-case names
};

/// Belongs to one loop; the snapshot of `selected` must outlive it. Destroying it cancels what is
/// under way.
class CallGuard {
  public:
    CallGuard(ExchangeContext context, std::vector<Selected> selected, CallFacts facts);
    ~CallGuard();
    CallGuard(const CallGuard&) = delete;
    CallGuard& operator=(const CallGuard&) = delete;

    bool has(unsigned mode) const;
    /// The guardrails that run in this mode; one bit.
    std::vector<const Selected*> in(unsigned mode) const;
    const CallFacts& facts() const { return facts_; }
    /// Names of the guardrails that run for the request, for x-litellm-applied-guardrails.
    std::string applied() const;

    /// Asks the pre_call guardrails. nullopt: go on, with `body` as they left it (`changed` tells
    /// if it is another text). Else the error for the client.
    boost::asio::awaitable<std::optional<Error>> pre_call(std::string_view body,
                                                          std::string& changed);
    /// Starts the during_call guardrails beside what follows; `body` is copied.
    void start_during(std::string_view body);
    /// True while a during_call guardrail has not answered.
    bool during_pending() const;
    /// Returns when they all have answered or one blocks: nullopt, or the error.
    boost::asio::awaitable<std::optional<Error>> during();
    /// The error of a during_call guardrail that has blocked by now.
    std::optional<Error> stopped() const;
    /// Returns as soon as one blocks; never if none does. To be raced against the provider.
    boost::asio::awaitable<void> during_blocks();

    /// Asks the post_call guardrails about a whole answer and leaves in `answer` what they made of
    /// it. `request` is what was sent to the provider.
    boost::asio::awaitable<std::optional<Error>> post_call(std::string& answer,
                                                           std::string_view request);

    /// Takes one chunk of a stream. An error ends the stream.
    std::optional<Error> push(std::string_view chunk);
    /// True if pump() would ask someone.
    bool window_due() const;
    /// Asks every post_call guardrail whose window is due, or with `last` all of them, and appends
    /// what may go to the client to `out`.
    boost::asio::awaitable<std::optional<Error>> pump(std::string_view request, bool last,
                                                      std::vector<std::string>& out);
    /// Forgets the chunks taken so far: another attempt begins.
    void restart_stream();

    /// Shows a text document to the logging_only guardrails and leaves in `document` what log sinks
    /// may see; false if one of them could not say, and nothing may be shown.
    boost::asio::awaitable<bool> mask_for_logs(std::string& document, bool answer);

    /// What was done so far, for metrics and log records.
    const std::vector<GuardrailInformation>& information() const { return information_; }

  private:
    struct One;
    struct During;

    boost::asio::awaitable<std::optional<Error>> ask_all(unsigned mode, std::string& document,
                                                         std::string_view request, bool answer,
                                                         bool& changed);
    /// The verdict, or the error for the client: the guardrail's block, or that there is no
    /// verdict. A document that cannot be read (`unreadable` says why) is shown to nobody, and so
    /// there is none.
    boost::asio::awaitable<Result<Verdict>> ask(One& one, unsigned mode, Inspection inspection,
                                                const std::optional<Error>& unreadable);
    /// The error for the client if a guardrail wants something changed that cannot be.
    Error refused(One& one, unsigned mode, const Error& why);
    Result<Verdict> conclude(One& one, unsigned mode, std::chrono::steady_clock::time_point began,
                             Result<Verdict> verdict);
    boost::asio::awaitable<std::optional<Error>> pump_one(One& one, std::string_view request,
                                                          bool last, std::vector<std::string>& out);
    GuardrailInformation& information(const One& one, unsigned mode);
    std::string metadata_for(const Guardrail& guardrail) const;

    ExchangeContext context_;
    CallFacts facts_;
    std::vector<std::unique_ptr<One>> all_;
    std::shared_ptr<During> during_;
    std::vector<GuardrailInformation> information_;
};

}  // namespace patchbay::guard
