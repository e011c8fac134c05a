// The WebSockets of one exchange: those that the machine opened, and the client's. Private to this
// folder.
//
// Every socket has a coroutine that reads it and feeds the machine. It reads no further while the
// queue of any socket of the exchange is full, so a slow reader on one side holds back the other.
// Ends that belong together close together: when the client's socket ends, the others are closed,
// and when the last of the others has ended, the client's is.
//
// Tested by realtime_test.cpp.
#pragma once

#include <cstdint>
#include <list>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "contract/actions/actions.hpp"
#include "engine/exchange/realtime_client.hpp"

namespace patchbay {

class Run;

/// Belongs to the run and its loop.
class Sockets {
  public:
    explicit Sockets(Run& run) : run_(run) {}

    /// The client of the exchange; it must outlive the run's end().
    void set_client(RealtimeClient& client) { client_ = &client; }

    /// To be called as soon as the action is taken: what is sent next is for it.
    void announce(const WsOpenAction& action) { ends_.emplace_back().call = action.call; }
    void announce(const AcceptAction&) { ends_.emplace_back(); }
    /// Opens it and reads it to its end. Throws operation_aborted if cancelled.
    boost::asio::awaitable<void> serve(WsOpenAction action);
    /// Accepts the client's upgrade and reads it to its end.
    boost::asio::awaitable<void> serve(AcceptAction action);
    void perform(WsSendAction action);
    void perform(WsCloseAction action);

    bool none() const { return ends_.empty(); }
    /// Bytes that all of them still have to send.
    std::size_t waiting() const;
    /// True if the client was accepted and all have ended: nothing can happen any more.
    bool all_ended() const;
    /// Closes what is open, the client's too, and waits for the ends.
    boost::asio::awaitable<void> finish();
    /// Closes the machine's sockets at once; the client's is not touched.
    void abort();

  private:
    using Early = std::variant<WsSendAction, WsCloseAction>;
    struct End {
        std::uint32_t call = 0;  ///< 0 = the client's
        std::optional<http::WebSocket> own;
        http::WebSocket* socket = nullptr;  ///< nullptr until it is open, and when it has ended
        std::vector<Early> early;           ///< what came before it was open
        std::size_t early_bytes = 0;
        bool ended = false;
    };

    End* find(std::uint32_t call);
    void opened(End& end, http::WebSocket& socket);
    /// Feeds what is read; returns when the socket has ended, or the exchange is over.
    boost::asio::awaitable<void> read(End& end, std::uint32_t event);
    boost::asio::awaitable<void> feed_end(End& end, std::uint32_t event,
                                          const http::WebSocketEnd& how);
    boost::asio::awaitable<void> room();
    bool upstream_left() const;

    Run& run_;
    RealtimeClient* client_ = nullptr;
    std::list<End> ends_;  ///< at most Recorder::kMaxSockets; none is ever removed
};

}  // namespace patchbay
