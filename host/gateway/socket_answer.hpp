// The client's end of a realtime session: its connection becomes a WebSocket.
#pragma once

#include <optional>

#include "engine/call/unsent_answer.hpp"
#include "gateway/served.hpp"

namespace patchbay::gateway {

/// Lives as long as the request, which has begun its call. Stands in ServerContext::sessions.
/// Messages go from socket to socket; nothing of them passes here.
class SocketAnswer final : public UnsentAnswer, public RealtimeClient {
  public:
    /// A client that sends no message and gets none for so long is closed with 1001.
    static constexpr std::chrono::milliseconds kIdle{30 * 60'000};

    explicit SocketAnswer(Served& served);
    ~SocketAnswer() override;
    SocketAnswer(const SocketAnswer&) = delete;
    SocketAnswer& operator=(const SocketAnswer&) = delete;

    RealtimeClient* socket() override { return this; }
    boost::asio::awaitable<http::WebSocket*> accept() override;
    /// The process ends: closes with 1001, now or as soon as the client is accepted.
    void going_away();

    /// True once the handshake was answered, or is being answered: no HTTP error can be sent.
    bool committed() const override { return accepted_; }
    /// What fails after the handshake is OpenAI's error event, and a close with 1011; returns when
    /// the socket is closed, which takes bounded time.
    boost::asio::awaitable<void> finish(const Error* error) override;

  private:
    boost::asio::awaitable<void> end_with_error(const Error& error);

    Served& served_;
    std::optional<http::WebSocket> socket_;
    bool accepted_ = false;
    bool leaving_ = false;
};

}  // namespace patchbay::gateway
