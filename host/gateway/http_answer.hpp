// An answer as an HTTP response: a document, server-sent events, or bytes.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "engine/call/answer.hpp"
#include "engine/loop.hpp"
#include "gateway/served.hpp"

namespace patchbay::gateway {

/// Lives as long as the request, which has begun its call.
///
/// LiteLLM's `sse_keepalive_ping_interval_seconds`, and `anthropic_sse_ping_interval_seconds` for the Messages API: a stream of
/// server-sent events that says nothing so long while an attempt is under way is sent a comment, or the API's own event of this
/// kind, which clients pass over and which keeps what lies between from closing the connection. The first one before the first event opens the answer with status 200; other attempts can still take over, and a failure is then
/// told as one of a stream.
class HttpAnswer final : public Answer {
  public:
    static constexpr std::string_view kPing = ": ping\n\n";

    explicit HttpAnswer(Served& served);

    void head(int status, std::span<const http::Header> headers) override;
    void whole(const Restamped& json) override;
    void event(std::string_view name, const Restamped& json) override;
    void bytes(std::string_view content_type, std::string_view piece) override;
    bool dirty() const override { return piecewise() && !out_.empty(); }
    boost::asio::awaitable<bool> flush() override { return send_out(false); }
    bool committed() const override { return started_; }
    void restart() override;
    boost::asio::awaitable<void> finish(const Error* error) override;

  private:
    /// Is it sent in pieces as they come?
    bool piecewise() const { return stream_ || !content_type_.empty(); }
    ResponseHead own_head(std::string_view content_type) const;
    std::string begin_head();
    std::string framed(ResponseHead head);
    /// How long the stream may say nothing; 0: as long as it likes.
    std::chrono::milliseconds keepalive() const;
    void begin_pings();
    void ping();
    boost::asio::awaitable<bool> send_out(bool last);
    void break_off();

    Served& served_;
    const Call& call_;
    bool stream_;
    bool opened_ = false;   ///< the head is sent
    bool started_ = false;  ///< and something of the answer
    bool chunked_;
    int status_ = 200;
    std::uint64_t events_ = 0;  ///< of a stream: told so far
    std::string own_lines_;     ///< of head()
    std::string content_type_;  ///< of bytes, once there are any
    std::string out_;
    std::string sending_;
    std::unique_ptr<Deadline> ping_;  ///< of streams that are kept alive
};

}  // namespace patchbay::gateway
