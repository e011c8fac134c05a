// The way out of an answer that guardrails look at.
//
// Tested by tests/e2e/test_guardrail_streams.py.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "contract/failed.hpp"
#include "engine/call/answer_sink.hpp"
#include "engine/exchange/forwarding_sink.hpp"
#include "engine/guard/call_guard.hpp"

namespace patchbay {

/// Withholds what the guardrails have not released. Lives as long as the call.
class GuardedSink final : public ForwardingSink {
  public:
    /// `request` is what guardrails are told was asked. All of them must outlive this object.
    GuardedSink(Call& call, AnswerSink& inner, std::string_view request);

    void result(std::string_view json, const AnswerFacts& facts) override;
    void chunk(std::string_view event, std::string_view json, const AnswerFacts& facts) override;
    bool dirty() const override;
    /// False also if a guardrail stopped the answer: stopped() then says why, and
    /// Call::stopped_by_guardrail is set.
    boost::asio::awaitable<bool> flush() override;

    /// What the client is told if a guardrail stopped the request; nothing more goes out then.
    Failed stopped() const { return error_ ? error_ : Failed(guard_.stopped()); }
    /// Another attempt begins; only before anything was sent.
    void begin();
    /// Asks about the rest of a good answer and hands it on, unless stopped() is set afterwards.
    boost::asio::awaitable<void> end();

  private:
    AnswerFacts facts_of(std::string_view json) const;
    boost::asio::awaitable<void> await_during();
    boost::asio::awaitable<void> pump(bool last);

    Call& call_;
    AnswerSink& inner_;
    guard::CallGuard& guard_;
    std::string_view request_;
    bool windowed_;  ///< a stream that post_call guardrails look at
    bool checked_;   ///< a whole answer that they look at
    std::string answer_;
    Failed error_;
};

}  // namespace patchbay
