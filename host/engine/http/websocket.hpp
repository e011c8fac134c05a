// One end of an open WebSocket (RFC 6455), whichever side opened it.
//
// Beast frames, masks, reassembles, checks UTF-8 and answers pings. This adds what a gateway needs
// around it: a bounded queue to send from, deadlines for everything that can hang, a close that
// ends in bounded time. Reading goes on only while a message is asked for, so who does not ask
// holds back the peer. Tested by websocket_test.cpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/beast/http/message.hpp>

#include "engine/http/byte_stream.hpp"
#include "engine/http/client.hpp"

namespace patchbay::http {

struct WebSocketLimits {
    std::size_t message = 16u << 20;  ///< bytes of one message of the peer; more ends with 1009
    std::size_t queue = 1u << 20;     ///< bytes to be sent above which full() is true
    std::chrono::milliseconds ping{20'000};     ///< without a byte of the peer, then it is pinged
    std::chrono::milliseconds silence{60'000};  ///< without a byte of the peer, then it is dead
    std::chrono::milliseconds idle{0};          ///< without a message either way; 0 = no limit
    std::chrono::milliseconds write{60'000};    ///< for the peer to take one message
    std::chrono::milliseconds close{5'000};     ///< for the peer to answer a close
};

/// How a WebSocket ended.
struct WebSocketEnd {
    std::uint16_t code = 1006;  ///< the peer's; 1005 = it gave none, 1006 = it did not close
    std::string reason;         ///< the peer's, UTF-8
    std::optional<FailureKind> failure;  ///< set if it was not closed as it should be
    std::string error;                   ///< with a failure: for logs
};

/// A code that may be sent (RFC 6455, section 7.4): `code` itself, 1000 for none (0, 1005), 1011
/// for the rest.
std::uint16_t sendable_close_code(std::uint32_t code);

/// Used on the loop's thread only. Destroying it closes the socket at once; coroutines that wait in
/// it wake up and find it ended.
class WebSocket {
  public:
    /// Values of BAY_WS_*.
    enum class Opcode : std::uint32_t { text = 1, binary = 2 };
    struct Message {
        Opcode opcode = Opcode::text;
        std::string_view data;
    };
    class Impl;

    explicit WebSocket(std::shared_ptr<Impl> impl);
    WebSocket(WebSocket&&) noexcept;
    WebSocket& operator=(WebSocket&& other) noexcept;
    ~WebSocket();

    /// The next message; its view lives until the next call. nullopt: it has ended, see end(). One
    /// reader at a time.
    boost::asio::awaitable<std::optional<Message>> read();
    /// Set once it has ended.
    const std::optional<WebSocketEnd>& end() const;

    /// Queues a message. Text must be UTF-8. Nothing is sent after close() or the end.
    void send(Opcode opcode, std::string data);
    /// Bytes that are queued or being written.
    std::size_t queued() const;
    bool full() const;
    /// Waits until it is not full(), or has ended.
    boost::asio::awaitable<void> room();

    /// Closes when what is queued is out. The first call counts. `code` as sendable_close_code(),
    /// `reason` UTF-8, cut at 123 bytes.
    void close(std::uint32_t code, std::string_view reason);
    /// Drops what is queued, then close().
    void close_now(std::uint32_t code, std::string_view reason);
    /// Waits until it has ended, which it does within the limits after close().
    boost::asio::awaitable<void> closed();

  private:
    std::shared_ptr<Impl> impl_;
};

/// What to open. Views must live until open_websocket() has returned.
struct WebSocketRequest {
    Url url;  ///< of http_form()
    /// As those of Request; what belongs to the handshake is left out.
    std::span<const Header> headers;
    std::string_view subprotocols;              ///< comma separated; empty = none
    std::chrono::milliseconds connect{10'000};  ///< for DNS, TCP, proxy and TLS; 0 = no limit
    std::chrono::milliseconds opening{30'000};  ///< for all until the handshake is answered
    bool verify_tls = true;
    WebSocketLimits limits;
};

/// An answer to the handshake.
struct WebSocketAnswer {
    static constexpr std::size_t kMaxBody = 64u << 10;

    std::optional<WebSocket> socket;  ///< set if it is open
    int status = 0;                   ///< 101, or what it was refused with
    std::string subprotocol;          ///< that the server chose; empty = none
    std::string body;                 ///< of a refusal, cut at kMaxBody
};

/// Opens a WebSocket with the client's addresses, proxies and trust. Cancelling closes the
/// connection at once and throws operation_aborted.
boost::asio::awaitable<Expected<WebSocketAnswer>> open_websocket(Client& client,
                                                                 const WebSocketRequest& request);

/// Why a request is no WebSocket handshake (RFC 6455, section 4.2.1); empty = it is one.
std::string handshake_problem(const boost::beast::http::request_header<>& head);

/// Answers a good handshake with 101 and these headers besides its own. nullopt: the client is
/// gone. Cancelling closes the connection at once and throws operation_aborted.
boost::asio::awaitable<std::optional<WebSocket>> accept_websocket(
    Loop loop, ByteStream bytes, const boost::beast::http::request_header<>& head,
    std::vector<std::pair<std::string, std::string>> headers, WebSocketLimits limits);

}  // namespace patchbay::http
