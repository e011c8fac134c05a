#include "gateway/connection.hpp"

#include <algorithm>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/system/system_error.hpp>
#include <spdlog/spdlog.h>

#include "engine/http/header.hpp"
#include "gateway/response_head.hpp"

namespace patchbay::gateway {

namespace asio = boost::asio;
namespace beast_http = boost::beast::http;

namespace {

// How long a refused client may go on sending before the connection is closed under it.
constexpr std::chrono::milliseconds kLinger{2000};
// A connection keeps no more memory than this for the body of its next request.
constexpr std::size_t kKeptBody = 16u << 10;
constexpr std::size_t kBodyReadSize = 256u << 10;

// A sequence of buffers for async_write that costs no allocation.
struct BufferSpan {
    using value_type = asio::const_buffer;
    using const_iterator = const asio::const_buffer*;
    const_iterator begin() const { return buffers.data(); }
    const_iterator end() const { return buffers.data() + buffers.size(); }
    std::span<const asio::const_buffer> buffers;
};

// A target may be a whole URL (RFC 9112, 3.2.2), of which the path counts.
std::string_view without_authority(std::string_view target) {
    if (target.starts_with('/')) return target;
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!http::iequals(target.substr(0, scheme.size()), scheme)) continue;
        const std::size_t end = target.find_first_of("/?", scheme.size());
        if (end == std::string_view::npos) return "/";
        return target[end] == '/' ? target.substr(end) : "/";
    }
    return target;
}

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
    new_parser();
    deadline_.arm(limits_.header_time);
    read_more();
}

void Connection::new_parser() {
    parser_.emplace();
    parser_->header_limit(static_cast<std::uint32_t>(limits_.header_bytes));
    parser_->body_limit(boost::none);  // checked here, so that 413 is the answer to both framings
    state_ = State::idle;
}

void Connection::read_more() {
    if (reading_ || handed_over_ || state_ == State::closed) return;
    asio::mutable_buffer target;
    into_body_ = state_ == State::body;
    if (into_body_) {
        target = request_.body_buffer.prepare(
            static_cast<std::size_t>(std::min<std::uint64_t>(body_left_, kBodyReadSize)));
    } else {
        const std::size_t room = in_.max_size() - in_.size();
        if (room == 0) return;
        target = asio::buffer(ahead_.data(), std::min(room, ahead_.size()));
    }
    reading_ = true;
    socket_.async_read_some(
        target, [self = shared_from_this()](boost::system::error_code ec, std::size_t n) {
            self->on_read(ec, n);
        });
}

void Connection::on_read(boost::system::error_code ec, std::size_t bytes) {
    reading_ = false;
    if (state_ == State::closed) return;
    if (ec && !(handed_over_ && ec == asio::error::operation_aborted)) {
        close();
        return;
    }
    if (into_body_) {
        request_.body_buffer.commit(bytes);
        body_left_ -= bytes;
    } else if (state_ != State::refused) {
        in_.commit(asio::buffer_copy(in_.prepare(bytes), asio::buffer(ahead_.data(), bytes)));
    }
    if (handed_over_) {
        if (read_ended_) read_ended_->cancel();
    } else if (state_ == State::answering || state_ == State::refused) {
        read_more();
    } else {
        advance();
    }
}

void Connection::advance() {
    bool again = true;
    while (again && state_ != State::closed) {
        switch (state_) {
            case State::idle:
                if (in_.size() == 0) {
                    again = false;
                    break;
                }
                state_ = State::head;
                under_way_ = true;
                handler_.request_began();
                deadline_.arm(limits_.header_time);
                break;
            case State::head:
                again = advance_head();
                break;
            case State::body:
                again = advance_body();
                break;
            case State::chunked_body:
                again = advance_chunked();
                break;
            case State::answering:
            case State::refused:
            case State::closed:
                again = false;
                break;
        }
    }
    if (state_ != State::closed) read_more();
}

bool Connection::advance_head() {
    boost::system::error_code ec;
    const std::size_t used = parser_->put(in_.data(), ec);
    in_.consume(used);
    if (parser_->is_header_done()) {
        head_done();
        return true;
    }
    if (ec == beast_http::error::need_more || (!ec && !parser_->is_header_done())) {
        if (in_.size() < in_.max_size()) return used > 0 && in_.size() > 0 && !ec;
        ec = beast_http::error::header_limit;
    }
    if (ec == beast_http::error::header_limit) {
        refuse(431, "The request's header section is too large.");
    } else {
        refuse(400, "The request is not valid HTTP/1.1: " + ec.message() + ".");
    }
    return false;
}

// Of a head that is not whole, what was read so far.
void Connection::take_head() {
    request_.head = std::move(parser_->get().base());
    const auto target = request_.head.target();
    const std::string_view whole = without_authority({target.data(), target.size()});
    const std::size_t mark = whole.find('?');
    request_.path = whole.substr(0, mark);
    request_.query = mark == std::string_view::npos ? std::string_view() : whole.substr(mark + 1);
    request_.method = request_.head.method();
}

void Connection::head_done() {
    take_head();
    keep_alive_ = parser_->keep_alive() && !closing_;
    request_.body_buffer.clear();

    const auto& head = request_.head;
    if (head.version() >= 11 && head.count(beast_http::field::host) != 1) {
        refuse(400, "An HTTP/1.1 request must have one Host header.");  // RFC 9112 section 3.2
        return;
    }
    const bool has_length = head.count(beast_http::field::content_length) > 0;
    if (has_length && head.count(beast_http::field::transfer_encoding) > 0) {
        // RFC 9112 section 6.1: this is how requests are smuggled.
        refuse(400, "A request must not have both Content-Length and Transfer-Encoding.");
        return;
    }
    const auto coding = head[beast_http::field::transfer_encoding];
    if (head.count(beast_http::field::transfer_encoding) > 1 ||
        (!coding.empty() && (head.version() < 11 || !http::iequals(coding, "chunked")))) {
        refuse(400, "The only transfer coding of a request may be chunked, in HTTP/1.1.");
        return;
    }
    const auto length = parser_->content_length();
    const bool chunked = parser_->chunked();
    if (length && *length > limits_.body_bytes) {
        refuse(413, "The request body is larger than the limit of " +
                        std::to_string(limits_.body_bytes) + " bytes.");
        return;
    }
    const bool has_body = chunked || (length && *length > 0);
    if (has_body && (chunked || in_.size() < *length)) {
        if (const auto refused = handler_.check_head(request_)) {
            refuse(*refused);
            return;
        }
    }
    const auto expect = head[beast_http::field::expect];
    if (has_body && head.version() >= 11 && http::iequals(expect, "100-continue") &&
        in_.size() == 0) {
        static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
        boost::system::error_code ec;
        socket_.non_blocking(true, ec);
        socket_.write_some(asio::buffer(kContinue), ec);
    }
    if (!has_body) {
        dispatch();
    } else if (chunked) {
        state_ = State::chunked_body;
        deadline_.arm(limits_.body_gap);
    } else {
        state_ = State::body;
        body_left_ = *length;
        request_.body_buffer.reserve(
            static_cast<std::size_t>(std::min<std::uint64_t>(*length, kBodyReadSize)));
        deadline_.arm(limits_.body_gap);
    }
}

void Connection::append_body(std::string_view bytes) {
    auto& body = request_.body_buffer;
    body.commit(
        asio::buffer_copy(body.prepare(bytes.size()), asio::buffer(bytes.data(), bytes.size())));
}

bool Connection::advance_body() {
    if (in_.size() > 0 && body_left_ > 0) {
        const std::size_t n =
            static_cast<std::size_t>(std::min<std::uint64_t>(in_.size(), body_left_));
        append_body({static_cast<const char*>(in_.data().data()), n});
        in_.consume(n);
        body_left_ -= n;
    }
    if (body_left_ == 0) {
        dispatch();
        return false;
    }
    deadline_.arm(limits_.body_gap);
    return false;
}

bool Connection::advance_chunked() {
    std::array<char, 4096> decoded;
    auto& piece = parser_->get().body();
    piece.data = decoded.data();
    piece.size = decoded.size();
    piece.more = true;
    boost::system::error_code ec;
    const std::size_t used = in_.size() > 0 ? parser_->put(in_.data(), ec) : 0;
    in_.consume(used);
    append_body({decoded.data(), decoded.size() - piece.size});
    if (ec == beast_http::error::need_buffer) ec = {};
    if (request_.body_buffer.size() > limits_.body_bytes) {
        refuse(413, "The request body is larger than the limit of " +
                        std::to_string(limits_.body_bytes) + " bytes.");
        return false;
    }
    if (ec && ec != beast_http::error::need_more) {
        refuse(400, "The request's chunked body is not valid: " + ec.message() + ".");
        return false;
    }
    if (parser_->is_done()) {
        dispatch();
        return false;
    }
    deadline_.arm(limits_.body_gap);
    if (ec == beast_http::error::need_more && in_.size() >= in_.max_size()) {
        refuse(400, "The request's chunked body has a line that is too long.");
        return false;
    }
    return used > 0 && in_.size() > 0;
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
    if (state_ == State::closed) co_return false;
    deadline_.arm(limits_.write_time);
    const auto [ec, sent] = co_await asio::async_write(socket_, BufferSpan{buffers},
                                                       asio::as_tuple(asio::use_awaitable));
    deadline_.disarm();
    if (ec) close();
    co_return !ec;
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

void Connection::refuse(int status, std::string_view message) {
    Error error = bad_request(std::string(message));
    error.http_status = status;
    refuse(error);
}

void Connection::refuse(const Error& error) {
    if (state_ == State::head && !parser_->is_header_done()) take_head();
    auto body = std::make_shared<std::string>(error_json(error));
    ResponseHead head(error.status());
    head.add("content-type", "application/json");
    if (error.status() == 401) head.add("www-authenticate", "Bearer");
    handler_.refusing(request_, error, head);
    auto text = std::make_shared<std::string>(std::move(head).with_length(body->size(), false));
    text->append(*body);
    state_ = State::refused;
    closing_ = true;
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

}  // namespace patchbay::gateway
