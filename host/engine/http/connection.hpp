// One connection to an origin or a proxy, and the exchange that runs on it.
//
// The hot path has to cost little: one request on a pooled connection should be one sendmsg, one
// recvmsg that brings the response, one recvmsg that finds nothing more, and one resumption of the
// coroutine that waits. So this is a state machine driven by plain completion handlers; a coroutine
// suspends only in wait(), once per response head and once per piece of body that has not arrived
// yet.
//
// A read is pending on every connection that is idle or waits for a response. In the pool it
// notices at once that the server has closed or sent what nobody asked for, and when the connection
// is used again it is the very read that receives the response.
//
//   opening -> idle -> head -> body -> idle (pool)       any -> closed
//
// Whatever ends an exchange early (failure, deadline, cancellation, the client's end) closes the
// socket at once, in the same call; the waiting coroutine is resumed with the failure. Handlers of
// operations that were pending then find the state `closed` and do nothing; each keeps the object
// alive until it has run. Tested by client_test.cpp and client_failure_test.cpp.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/intrusive/list_hook.hpp>

#include "engine/http/byte_stream.hpp"
#include "engine/http/client.hpp"
#include "engine/http/resolver.hpp"
#include "engine/http/response_parser.hpp"

namespace patchbay::http {

class Pool;
struct Origin;

/// Used on the loop's thread only; always held by shared_ptr.
class Connection final : public std::enable_shared_from_this<Connection>,
                         public boost::intrusive::list_base_hook<
                             boost::intrusive::link_mode<boost::intrusive::auto_unlink>> {
  public:
    Connection(Pool& pool, Origin& origin);
    ~Connection();

    /// Starts the exchange's total deadline. Zero = none.
    void limit_total(std::chrono::milliseconds total);

    /// Resolves, connects, tunnels, shakes hands; see failure() afterwards. `limit` is for all of
    /// that. `tunnel`: through a proxy by CONNECT, also without TLS.
    boost::asio::awaitable<void> open(std::chrono::milliseconds limit, bool tunnel = false);

    /// Sends the request and starts to wait for the response. The request's views are used until
    /// head() or failed().
    void send(const Request& request);

    /// Brings parser().piece() up to date with what has arrived. True if there is a piece, the end
    /// or a failure; false if wait() must come first.
    bool advance();

    /// True if nothing is to be waited for: the head has come or the exchange has failed.
    bool settled() const { return state_ != State::head; }

    /// Suspends until a head, bytes of the body or a failure came; what it waits for must be
    /// outstanding. Cancellation closes the connection and makes cancelled() true.
    auto wait() {
        return boost::asio::async_initiate<const boost::asio::use_awaitable_t<>, void()>(
            [this](Waiter waiter) { suspend(std::move(waiter)); }, boost::asio::use_awaitable);
    }

    const ResponseParser& parser() const { return parser_; }
    const std::optional<Failure>& failure() const { return failure_; }
    bool cancelled() const { return cancelled_; }
    /// Failed before any byte of a response came.
    bool unanswered() const { return !answered_; }
    /// Nothing of the request was taken by the socket.
    bool unsent() const { return !sent_; }

    /// Ends the exchange: back to the pool if the connection is fit for another one, else closed.
    void release();
    /// Closes the socket. Does not resume a waiting coroutine.
    void close();
    /// The pool is going away: fails the exchange, resumes the waiting coroutine later, forgets the
    /// pool. If the loop runs no more, that coroutine goes with what is queued there.
    void orphan();

  private:
    friend class Pool;
    friend class ByteStream;
    using Waiter = boost::asio::async_result<boost::asio::use_awaitable_t<>, void()>::handler_type;
    enum class State { opening, idle, head, body, closed };

    boost::asio::awaitable<Resolver::Answer> look_up(const std::string& host, bool public_only);
    boost::asio::awaitable<void> dial(const std::string& host, std::uint16_t port,
                                      bool public_only);
    boost::asio::awaitable<void> tunnel();
    boost::asio::awaitable<void> shake_hands();

    void suspend(Waiter waiter);
    void forget_request();
    void wake();
    /// By the loop, which has the waiting coroutine from now on; nothing if none waits.
    void wake_later();
    void fail(FailureKind kind, std::string text);
    void fail_read(const boost::system::error_code& ec);
    void arm_phase(std::chrono::milliseconds limit, const char* what);

    void write();
    void write_record();
    void wrote_all();
    void stop_writing();
    void start_read();
    void on_read(const boost::system::error_code& ec, std::size_t size);
    void parse_head();

    Pool* pool_;      // null once orphaned
    Origin* origin_;  // likewise
    Loop loop_;
    Socket socket_;
    std::unique_ptr<boost::asio::ssl::stream<Socket&>> tls_;  // null without TLS
    State state_ = State::opening;
    ResponseParser parser_;
    std::optional<Waiter> waiter_;
    std::optional<Failure> failure_;

    std::string head_;  // the request's head; with TLS a record to send
    std::vector<boost::asio::const_buffer> unsent_;  // what is still to be written, from unsent_at_
    std::size_t unsent_at_ = 0;

    bool reading_ = false;  // a read is pending
    bool writing_ = false;  // a write, or the wait for the socket to take more, is pending
    bool sent_ = false;
    bool write_failed_ = false;
    bool answered_ = false;
    bool cancelled_ = false;
    Timeouts timeouts_;
    const char* phase_name_ = "";
    std::chrono::milliseconds phase_limit_{};
    std::chrono::milliseconds total_limit_{};
    Deadline phase_;
    Deadline total_;

    // The pool's.
    std::chrono::steady_clock::time_point idle_since_{};
    bool counted_ = false;
};

}  // namespace patchbay::http
