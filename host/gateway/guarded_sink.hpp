// The way out of an answer that guardrails look at: between the exchange and the chat surface.
//
// Tested by tests/e2e/test_guardrails.py.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/guard/call_guard.hpp"
#include "gateway/chat_sink.hpp"

namespace patchbay::gateway {

/// Withholds what the guardrails have not released. Lives as long as the call.
class GuardedSink final : public Sink {
  public:
    /// `request` is what guardrails are told was asked; `stopped` is set when flush() says false
    /// for a guardrail's sake. All of them must outlive this object.
    GuardedSink(ChatSink& inner, guard::CallGuard& guard, std::string_view request, bool stream,
                bool& stopped);

    void result(std::string_view json, const AnswerScan& scan) override;
    void chunk(std::string_view json, const AnswerScan& scan) override;
    void upstream_head(int status, std::span<const http::Header> headers) override {
        inner_.upstream_head(status, headers);
    }
    void usage(const Usage&) override {}  // MeteredSink has taken it
    bool dirty() const override;
    /// False also if a guardrail stopped the answer: stopped() then says why.
    boost::asio::awaitable<bool> flush() override;

    /// What the client is told if a guardrail stopped the request; nothing more goes out then.
    std::optional<Error> stopped() const { return error_ ? error_ : guard_.stopped(); }
    /// Forgets what was collected, for another attempt; only before anything was sent.
    void reset();
    /// Asks about the rest of a good answer and sends it, unless stopped() is set afterwards.
    boost::asio::awaitable<void> finish();

  private:
    boost::asio::awaitable<void> await_during();
    boost::asio::awaitable<void> pump(bool last);

    ChatSink& inner_;
    guard::CallGuard& guard_;
    std::string_view request_;
    bool& stopped_;
    bool stream_;
    bool windowed_;  ///< a stream that post_call guardrails look at
    bool checked_;   ///< a whole answer that they look at
    std::string answer_;
    std::optional<Error> error_;
};

}  // namespace patchbay::gateway
