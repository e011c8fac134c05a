#include "gateway/connection.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/system/system_error.hpp>
#include <spdlog/spdlog.h>

#include "gateway/request_framing.hpp"
#include "gateway/response_head.hpp"

namespace patchbay::gateway {

namespace asio = boost::asio;

namespace {

// How long a refused client may go on sending before the connection is closed under it.
constexpr std::chrono::milliseconds kLinger{2000};
// A connection keeps no more memory than this for the body of its next request.
constexpr std::size_t kKeptBody = 16u << 10;

// A sequence of buffers for async_write that costs no allocation.
struct BufferSpan {
    using value_type = asio::const_buffer;
    using const_iterator = const asio::const_buffer*;
    const_iterator begin() const { return buffers.data(); }
    const_iterator end() const { return buffers.data() + buffers.size(); }
    std::span<const asio::const_buffer> buffers;
};

void log_unless_cancelled(const std::exception_ptr& failed) {
    try {
        std::rethrow_exception(failed);
    } catch (const boost::system::system_error& e) {
        if (e.code() != asio::error::operation_aborted)
            spdlog::error("a request failed: {}", e.what());
    } catch (const std::exception& e) {
        spdlog::error("a request failed: {}", e.what());
    }
}

}  // namespace

Connection::Connection(Loop loop, Socket socket, Handler& handler, ConnectionLimits limits)
    : loop_(loop),
      socket_(std::move(socket)),
      handler_(handler),
      limits_(limits),
      deadline_(loop.deadlines, [this] { deadline_passed(); }),
      in_(limits.header_bytes + ahead_.size()) {}

Connection::~Connection() = default;

const std::string& Connection::peer() {
    if (peer_.empty()) {
        boost::system::error_code gone;
        const auto endpoint = socket_.remote_endpoint(gone);
        if (!gone) peer_ = endpoint.address().to_string();
    }
    return peer_;
}

void Connection::start() {
    boost::system::error_code ignored;
    socket_.set_option(asio::ip::tcp::no_delay(true), ignored);
    peer();  // the log names clients that are gone, too
    new_parser();
    deadline_.arm(limits_.header_time);
    read_more();
}

void Connection::dispatch() {
    state_ = State::answering;
    deadline_.disarm();
    auto self = shared_from_this();
    asio::co_spawn(loop_.io, handler_.handle(*this, request_),
                   asio::bind_cancellation_slot(cancel_.slot(), [self](std::exception_ptr failed) {
                       if (failed) {
                           self->keep_alive_ = false;  // the answer is not whole
                           log_unless_cancelled(failed);
                       }
                       self->answered();
                   }));
}

void Connection::end_request() {
    if (!under_way_) return;
    under_way_ = false;
    handler_.request_ended();
}

void Connection::answered() {
    if (state_ == State::closed) return;
    end_request();
    if (!keep_alive_ || closing_) {
        boost::system::error_code ignored;
        socket_.shutdown(Socket::shutdown_send, ignored);
        close();
        return;
    }
    if (request_.body_buffer.capacity() > kKeptBody) request_.body_buffer = {};
    new_parser();
    deadline_.arm(limits_.idle_time);
    advance();
}

asio::awaitable<bool> Connection::send(std::span<const asio::const_buffer> buffers) {
    if (between_) {
        const bool free = co_await wait_for_between();
        if (!free) co_return false;
    }
    if (state_ == State::closed) co_return false;
    sending_ = true;
    deadline_.arm(limits_.write_time);
    const auto [ec, sent] = co_await asio::async_write(socket_, BufferSpan{buffers},
                                                       asio::as_tuple(asio::use_awaitable));
    sending_ = false;
    deadline_.disarm();
    if (ec) close();
    co_return !ec;
}

bool Connection::send_between(std::string text) {
    if (sending_ || between_ || state_ != State::answering) return false;
    between_ = true;
    deadline_.arm(limits_.write_time);
    auto kept = std::make_shared<const std::string>(std::move(text));
    const asio::const_buffer bytes = asio::buffer(*kept);
    asio::async_write(socket_, bytes,
                      [self = shared_from_this(), kept](boost::system::error_code ec, std::size_t) {
                          self->between_ = false;
                          self->deadline_.disarm();
                          if (self->between_sent_) self->between_sent_->cancel();
                          if (ec) self->close();
                      });
    return true;
}

// False: who waits was cancelled, and has nothing to send any more.
asio::awaitable<bool> Connection::wait_for_between() {
    const auto self = shared_from_this();
    asio::steady_timer sent(loop_.io, asio::steady_timer::time_point::max());
    between_sent_ = &sent;
    co_await sent.async_wait(asio::as_tuple(asio::use_awaitable));
    between_sent_ = nullptr;
    co_return !between_;
}

asio::awaitable<std::optional<http::ByteStream>> Connection::take_over() {
    const auto self = shared_from_this();
    peer();
    keep_alive_ = false;
    handed_over_ = true;
    // The read that looks for the client's end must not take bytes of the other protocol.
    boost::system::error_code ignored;
    if (reading_) socket_.cancel(ignored);
    asio::steady_timer ended(loop_.io, asio::steady_timer::time_point::max());
    read_ended_ = &ended;
    while (reading_ && state_ != State::closed) {
        co_await ended.async_wait(asio::as_tuple(asio::use_awaitable));
    }
    read_ended_ = nullptr;
    if (state_ == State::closed) co_return std::nullopt;
    std::string ahead(static_cast<const char*>(in_.data().data()), in_.size());
    in_.clear();
    co_return http::ByteStream(loop_, std::move(socket_), std::move(ahead));
}

void Connection::refuse(int status, std::string message) {
    refuse(http_error(status, std::move(message)));
}

void Connection::refuse(const Error& error) {
    if (state_ == State::head && !parser_->is_header_done()) {
        request_.take_head(std::move(parser_->get().base()));
    }
    auto [head, body] = handler_.refusing(*this, request_, error);
    auto text = std::make_shared<std::string>(std::move(head).with_length(body.size(), false));
    text->append(body);
    state_ = State::refused;
    closing_ = true;
    coded_.end();
    in_.clear();
    deadline_.arm(limits_.body_gap);
    auto self = shared_from_this();
    asio::async_write(socket_, asio::buffer(*text),
                      [self, text](boost::system::error_code, std::size_t) {
                          if (self->state_ == State::closed) return;
                          // What the client is still sending must not turn this answer into a
                          // reset: it is read and thrown away for a moment.
                          boost::system::error_code ignored;
                          self->socket_.shutdown(Socket::shutdown_send, ignored);
                          self->deadline_.arm(kLinger);
                          self->read_more();
                      });
}

void Connection::deadline_passed() {
    end_unread(408, "The request did not come in time.");
}

void Connection::end_unread(int status, std::string_view why) {
    const bool reading =
        state_ == State::head || state_ == State::body || state_ == State::chunked_body;
    if (reading) {
        if (!parser_->is_header_done()) request_.take_head(std::move(parser_->get().base()));
        handler_.abandoned(*this, request_, status, why);
    }
    close();
}

void Connection::close() {
    if (state_ == State::closed) return;
    const bool answering = state_ == State::answering;
    state_ = State::closed;
    deadline_.disarm();
    boost::system::error_code ignored;
    socket_.close(ignored);
    auto self = shared_from_this();
    end_request();
    if (answering) cancel_.emit(asio::cancellation_type::terminal);
    handler_.connection_closed(*this);
}

void Connection::abort() {
    boost::system::error_code ignored;
    socket_.set_option(asio::socket_base::linger(true, 0), ignored);
    close();
}

}  // namespace patchbay::gateway
