// One client connection: reads requests, hands each to the handler, notices when the client hangs
// up.
//
// Two things go on at once: an answer is made and sent (a coroutine, started per request), and the
// socket is read (callbacks). Reading never stops for long: once a request is complete, the read
// that would bring the next one is already under way, and if it brings the end of the stream
// instead, the answer under way is cancelled at once, which closes its upstream connection. What a
// pipelining client sends ahead is kept, up to the size of the buffer; then reading waits.
//
// A read that is under way never writes into `in_`, because parsing may move it: it goes to
// `ahead_` or, for a plain body of known length, straight to where the body is kept.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/buffer_body.hpp>
#include <boost/beast/http/parser.hpp>

#include "contract/error.hpp"
#include "engine/http/byte_stream.hpp"
#include "engine/loop.hpp"
#include "gateway/coded_body.hpp"
#include "gateway/request.hpp"
#include "gateway/response_head.hpp"

namespace patchbay::gateway {

class Connection;

/// What a client is told of a request that failed before it became an answer.
struct ErrorAnswer {
    ResponseHead head;
    std::string body;
};

/// Who answers requests. On the connection's loop.
class Handler {
  public:
    virtual ~Handler() = default;
    /// Answers by Connection::send(); throws operation_aborted if the client hangs up meanwhile.
    virtual boost::asio::awaitable<void> handle(Connection& connection, Request& request) = 0;
    /// Asked once for each request, when its head is there: what to refuse it with. nullopt = go on.
    /// Kept in Request::refused; if the body is not there yet, the connection refuses at once and
    /// keeps nothing of it, else handle() does.
    virtual std::optional<Error> check_head(Request& request) = 0;
    /// The connection refuses a request by itself, because of check_head() or what it read: what it
    /// answers. `request` is what is known of it, at least a method and a path if its first line
    /// could be read.
    virtual ErrorAnswer refusing(Connection& connection, Request& request, const Error& error) = 0;
    /// The connection ends before a request was whole: the client left (499), or was too slow
    /// (408). `request` as above.
    virtual void abandoned(Connection& connection, const Request& request, int status,
                           std::string_view why) = 0;
    /// The first byte of a request came; its answer is out, or the connection closed without one.
    virtual void request_began() = 0;
    virtual void request_ended() = 0;
    virtual void connection_closed(Connection& connection) = 0;
};

struct ConnectionLimits {
    std::size_t header_bytes = 64u << 10;
    std::uint64_t body_bytes = 100u << 20;
    std::chrono::milliseconds header_time{30'000};  ///< for a request's head, once it has begun
    std::chrono::milliseconds body_gap{60'000};     ///< between two pieces of a body
    std::chrono::milliseconds idle_time{75'000};    ///< between two requests
    std::chrono::milliseconds write_time{300'000};  ///< for a client to take what is sent to it
};

class Connection : public std::enable_shared_from_this<Connection> {
  public:
    using Socket = http::Socket;

    Connection(Loop loop, Socket socket, Handler& handler, ConnectionLimits limits);
    ~Connection();

    /// Begins to read. The connection keeps itself alive until it is closed.
    void start();
    /// Closes at once; an answer under way is cancelled.
    void close();
    /// The same with a reset, so that an answer whose end is the connection's does not look whole.
    /// What was sent last may not arrive.
    void abort();

    /// Sends buffers, in order, in as few system calls as possible. False: the client is gone.
    boost::asio::awaitable<bool> send(std::span<const boost::asio::const_buffer> buffers);
    /// Sends a text between two send()s, the next of which waits for it. False: nothing is sent, for such a
    /// text or a send() is under way, or the client is gone.
    bool send_between(std::string text);
    /// To be called before the first send() of an answer after which the connection must close.
    void close_after_answer() { keep_alive_ = false; }
    bool keep_alive() const { return keep_alive_; }

    /// Hands the socket over to another protocol, with what was read ahead of it. Nothing of HTTP
    /// is read or sent any more; the connection is closed when the handler returns, and close()
    /// still cancels it. nullopt: the client is gone.
    boost::asio::awaitable<std::optional<http::ByteStream>> take_over();

    /// The client's address, without its port; empty if it is gone already.
    const std::string& peer();

    /// Set by the list the connection stands in.
    std::uint64_t serial = 0;

  private:
    enum class State { idle, head, body, chunked_body, answering, refused, closed };
    using Parser = boost::beast::http::request_parser<boost::beast::http::buffer_body>;

    boost::asio::awaitable<bool> wait_for_between();
    void new_parser();
    void read_more();
    void on_read(boost::system::error_code ec, std::size_t bytes);
    void advance();
    bool skip_empty_lines();
    bool advance_head();
    bool advance_body();
    bool advance_chunked();
    void head_done();
    void take_body(std::string_view bytes);
    bool body_taken();
    void body_done();
    void dispatch();
    void answered();
    void refuse(int status, std::string message);
    void refuse(const Error& error);
    void deadline_passed();
    void end_unread(int status, std::string_view why);
    void end_request();

    Loop loop_;
    Socket socket_;
    Handler& handler_;
    ConnectionLimits limits_;
    Deadline deadline_;
    State state_ = State::idle;
    boost::beast::flat_buffer in_;
    std::optional<Parser> parser_;
    std::size_t head_bytes_ = 0;  ///< of the head that is being read, parsed so far
    Request request_;
    std::uint64_t body_left_ = 0;
    CodedBody coded_;
    bool going_on_ = false;  ///< the rest of a slice is to be decoded
    std::array<char, 8192> ahead_;
    bool reading_ = false;
    bool into_body_ = false;
    bool keep_alive_ = true;
    bool under_way_ = false;
    bool closing_ = false;
    bool handed_over_ = false;
    boost::asio::steady_timer* read_ended_ = nullptr;  ///< that take_over() waits on
    bool sending_ = false;
    bool between_ = false;                               ///< a text of send_between() is on its way
    boost::asio::steady_timer* between_sent_ = nullptr;  ///< that send() waits on
    boost::asio::cancellation_signal cancel_;
    std::string peer_;
};

}  // namespace patchbay::gateway
