// From an attempt's results to the client's answer.
#pragma once

#include <optional>
#include <string>

#include "contract/failed.hpp"
#include "engine/call/answer.hpp"
#include "engine/call/call.hpp"
#include "engine/call/stream_cost.hpp"
#include "engine/exchange/sink.hpp"

namespace patchbay {

/// Puts the name that the client asked for in the place of the provider's model name, translates
/// what does not come in the client's API, withholds the usage event of a stream whose client did
/// not ask for it, puts what the call costs into the others if that is wanted, copies for the log. A
/// stream is held back until it says something, so that a deployment which fails behind its first,
/// empty events can be replaced. Lives as long as the call.
class AnswerSink final : public Sink {
  public:
    /// Events that say nothing are held up to this size.
    static constexpr std::size_t kMostHeld = 64u << 10;

    AnswerSink(Call& call, Answer& answer);

    /// Looks at whole answers for content that the provider took out: filtered().
    void watch_filter() { watch_filter_ = true; }
    /// Does the answer say that its content was taken out (`finish_reason: content_filter`)?
    bool filtered() const { return filtered_; }

    /// An attempt begins: forgets what was collected. Only before anything was sent.
    void begin();
    /// The attempt came to a good end.
    void end();

    void result(std::string_view json, const AnswerFacts& facts) override;
    void chunk(std::string_view event, std::string_view json, const AnswerFacts& facts) override;
    bool takes_bytes() const override { return call_.operation->answer == AnswerAs::bytes; }
    void bytes(std::string_view content_type, std::string_view piece) override {
        answer_.bytes(content_type, piece);
    }
    void head(int status, std::span<const http::Header> headers) override {
        answer_.head(status, headers);
    }
    void upstream_head(int, std::span<const http::Header> headers) override {
        call_.upstream_headers.take(headers, call_.world->secrets);
    }
    void usage(const Usage&) override {}  // AttemptSink has taken it
    /// False also if the answer is no JSON object or cannot be told in the client's API: fault() says why.
    boost::asio::awaitable<bool> flush() override;
    bool dirty() const override { return fault_ || ((said_ || takes_bytes()) && answer_.dirty()); }
    const Failed& fault() const { return fault_; }

  private:
    bool is_object(const AnswerFacts& facts);
    Restamped restamped(std::string_view json, const AnswerFacts& facts);
    void tell(std::string_view name, std::string_view json);
    /// The provider's own id of something, and what the client sees in its place; both JSON text.
    struct Sealed {
        std::string own, shown;
    };
    std::string_view seal(std::string_view quoted_id, Sealed& kept);

    Call& call_;
    Answer& answer_;
    std::string quoted_model_;
    Sealed sealed_, sealed_previous_;
    EmitEvent emit_;
    StreamCost cost_;
    std::size_t held_ = 0;
    bool watch_filter_ = false;
    bool filtered_ = false;
    bool said_ = false;  ///< the stream has said something
    Failed fault_;
};

}  // namespace patchbay
