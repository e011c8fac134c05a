// The state of one WebSocket; private to this folder.
//
// A state machine of completion handlers, as Connection: what waits are coroutines on `changed_`,
// which is cancelled whenever anything changed. At most one read, one write, one ping and one close
// are under way, which is what Beast allows.
#pragma once

#include <deque>

#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/websocket/stream.hpp>

#include "engine/http/websocket.hpp"

namespace patchbay::http {

class WebSocket::Impl : public std::enable_shared_from_this<WebSocket::Impl> {
  public:
    using Stream = boost::beast::websocket::stream<ByteStream, false>;

    Impl(Loop loop, ByteStream bytes, const WebSocketLimits& limits);

    Stream& stream() { return stream_; }
    /// Until something changes. Spurious returns are possible.
    boost::asio::awaitable<void> change();
    void changed() { changed_.cancel(); }

    /// The handshake is done: deadlines begin.
    void begin();
    /// Closes the socket; what waits wakes up.
    void abort();

    void want_message();
    /// The message that arrived, which is taken; nullopt while there is none.
    std::optional<Message> take_message();
    void send(Opcode opcode, std::string data);
    void close(std::uint32_t code, std::string_view reason, bool now);

    const std::optional<WebSocketEnd>& end() const { return end_; }
    std::size_t queued() const { return queued_; }
    bool full() const { return queued_ > limits_.queue; }

  private:
    struct Outgoing {
        Opcode opcode;
        std::string data;
    };
    /// An empty message costs something too.
    static std::size_t cost(const Outgoing& message) { return message.data.size() + 64; }

    void on_read(const boost::system::error_code& ec);
    void write_next();
    void heard();
    void quiet_passed();
    void finish(WebSocketEnd end);
    WebSocketEnd peers_end() const;
    /// After a close of ours, or when nothing more can be written.
    void finish_with_peers_code();
    void time_out(const char* what, std::chrono::milliseconds limit);

    Loop loop_;
    WebSocketLimits limits_;
    Stream stream_;
    boost::beast::flat_buffer in_;
    std::deque<Outgoing> out_;
    std::size_t queued_ = 0;
    bool reading_ = false;
    bool arrived_ = false;  ///< in_ holds a whole message that nobody took
    bool taken_ = false;    ///< in_ holds a message that was taken
    bool writing_ = false;
    bool pinging_ = false;
    bool closing_ = false;        ///< close() was called
    bool close_started_ = false;  ///< and the queue is out
    boost::beast::websocket::close_reason reason_;
    std::optional<WebSocketEnd> expired_;  ///< why it is closing, if a limit is the reason
    std::optional<WebSocketEnd> end_;
    int pings_ = 0;  ///< sent since the peer was last heard
    Deadline quiet_;
    Deadline idle_;
    Deadline write_limit_;
    Deadline close_limit_;
    boost::asio::steady_timer changed_;
};

}  // namespace patchbay::http
