// The client's end of a realtime session: its connection becomes a WebSocket.
#pragma once

#include <optional>

#include "engine/exchange/realtime_client.hpp"
#include "gateway/call.hpp"

namespace patchbay::gateway {

/// Lives in the handler's coroutine, as the call that it belongs to. Stands in World::sessions.
class RealtimeSession final : public RealtimeClient {
  public:
    /// A client that sends no message and gets none for so long is closed with 1001.
    static constexpr std::chrono::milliseconds kIdle{30 * 60'000};

    explicit RealtimeSession(Call& call);
    ~RealtimeSession() override;
    RealtimeSession(const RealtimeSession&) = delete;
    RealtimeSession& operator=(const RealtimeSession&) = delete;

    boost::asio::awaitable<http::WebSocket*> accept() override;
    /// True once the handshake was answered, or is being answered: no HTTP error can be sent.
    bool accepted() const { return accepted_; }

    /// The process ends: closes with 1001, now or as soon as the client is accepted.
    void going_away();
    /// Tells an accepted client what went wrong, as OpenAI's error event, and closes with 1011.
    /// Returns when it is closed, which takes bounded time.
    boost::asio::awaitable<void> end_with_error(const Error& error);

  private:
    Call& call_;
    std::optional<http::WebSocket> socket_;
    bool accepted_ = false;
    bool leaving_ = false;
};

}  // namespace patchbay::gateway
