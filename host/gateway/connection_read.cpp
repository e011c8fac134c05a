// How a connection reads: the state machine from the first byte of a request to its dispatch().
#include <algorithm>

#include <boost/asio/post.hpp>
#include <boost/beast/http/error.hpp>

#include "contract/http/header.hpp"
#include "gateway/connection.hpp"
#include "gateway/request_framing.hpp"

namespace patchbay::gateway {

namespace asio = boost::asio;
namespace beast_http = boost::beast::http;

namespace {

constexpr std::size_t kBodyReadSize = 256u << 10;

}  // namespace

void Connection::new_parser() {
    parser_.emplace();
    // Never reached: where exactly Beast's own limit lies depends on how the bytes are cut.
    parser_->header_limit(static_cast<std::uint32_t>(2 * in_.max_size()));
    head_bytes_ = 0;
    parser_->body_limit(boost::none);  // checked here, so that 413 is the answer to both framings
    state_ = State::idle;
}

void Connection::read_more() {
    if (reading_ || handed_over_ || state_ == State::closed) return;
    asio::mutable_buffer target;
    into_body_ = state_ == State::body && !coded_.active();
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
        end_unread(499, "The client closed the connection before the request was whole.");
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
                if (!skip_empty_lines()) {
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

// Some clients end a body with a line break that is no part of it (RFC 9112, 2.2). False: nothing of a
// request is there.
bool Connection::skip_empty_lines() {
    const std::string_view bytes(static_cast<const char*>(in_.data().data()), in_.size());
    const std::size_t begin = std::min(bytes.find_first_not_of("\r\n"), bytes.size());
    std::size_t skipped = 0;
    while (bytes.substr(skipped, begin - skipped).starts_with("\r\n")) skipped += 2;
    in_.consume(skipped);
    return in_.size() > 0 && bytes.substr(skipped) != "\r";
}

bool Connection::advance_head() {
    boost::system::error_code ec;
    const std::size_t room = limits_.header_bytes - head_bytes_;
    const std::size_t used = parser_->put(asio::buffer(in_.data(), room), ec);
    in_.consume(used);
    head_bytes_ += used;
    if (parser_->is_header_done()) {
        head_done();
        return true;
    }
    if (!ec) return used > 0 && in_.size() > 0;
    if (ec != beast_http::error::need_more) {
        refuse(400, "The request is not valid HTTP/1.1: " + ec.message() + ".");
    } else if (head_bytes_ + in_.size() >= limits_.header_bytes) {
        refuse(431, "The request's header section is too large.");
    }
    return false;
}

void Connection::head_done() {
    request_.take_head(std::move(parser_->get().base()));
    keep_alive_ = parser_->keep_alive() && !closing_;
    request_.body_buffer.clear();

    const auto& head = request_.head;
    if (const auto problem = framing_problem(head)) return refuse(*problem);
    request_.peer = peer();
    request_.refused = handler_.check_head(request_);
    const auto length = parser_->content_length();
    const bool chunked = parser_->chunked();
    if (length && *length > limits_.body_bytes) return refuse(body_too_large(limits_.body_bytes));
    if (!chunked && (!length || *length == 0)) return dispatch();
    const auto coding =
        head.count(beast_http::field::content_encoding) > 1
            ? http::ContentCoding::unsupported
            : http::content_coding(request_.header(beast_http::field::content_encoding));
    // What is decoded grows, so nobody may have that done who has no key.
    if (chunked || in_.size() < *length || coding != http::ContentCoding::identity) {
        if (request_.refused) return refuse(*request_.refused);
    }
    if (coding == http::ContentCoding::unsupported) return refuse(unsupported_coding(request_));
    const auto expect = head[beast_http::field::expect];
    if (head.version() >= 11 && http::iequals(expect, "100-continue") && in_.size() == 0) {
        static constexpr std::string_view kContinue = "HTTP/1.1 100 Continue\r\n\r\n";
        boost::system::error_code ec;
        socket_.non_blocking(true, ec);
        socket_.write_some(asio::buffer(kContinue), ec);
    }
    if (coding != http::ContentCoding::identity) coded_.begin(coding);
    state_ = chunked ? State::chunked_body : State::body;
    if (!chunked) {
        body_left_ = *length;
        request_.body_buffer.reserve(
            static_cast<std::size_t>(std::min<std::uint64_t>(*length, kBodyReadSize)));
    }
    deadline_.arm(limits_.body_gap);
}

void Connection::take_body(std::string_view bytes) {
    if (coded_.active()) return coded_.add(bytes);
    auto& body = request_.body_buffer;
    body.commit(
        asio::buffer_copy(body.prepare(bytes.size()), asio::buffer(bytes.data(), bytes.size())));
}

// False: the body was refused, or more of it is to be decoded, which goes on by itself.
bool Connection::body_taken() {
    const auto step = coded_.active() ? coded_.step(request_.body_buffer) : CodedBody::Step::done;
    if (step == CodedBody::Step::broken) {
        refuse(400, "The request body is not valid " +
                        std::string(http::coding_name(coded_.coding())) + ".");
    } else if (request_.body_buffer.size() > limits_.body_bytes) {
        refuse(body_too_large(limits_.body_bytes));
    } else if (step == CodedBody::Step::more && !going_on_) {
        going_on_ = true;
        asio::post(loop_.io, [self = shared_from_this()] {
            self->going_on_ = false;
            if (self->state_ == State::body || self->state_ == State::chunked_body) self->advance();
        });
    }
    return step == CodedBody::Step::done && state_ != State::refused;
}

void Connection::body_done() {
    if (coded_.active()) {
        if (!coded_.whole()) {
            return refuse(400, "The request body ends before its " +
                                   std::string(http::coding_name(coded_.coding())) + " does.");
        }
        coded_.end();
        request_.body_buffer.shrink_to_fit();  // it is kept as long as the call lasts
        request_.head.erase(beast_http::field::content_encoding);
    }
    dispatch();
}

bool Connection::advance_body() {
    if (!body_taken()) return false;
    if (in_.size() > 0 && body_left_ > 0) {
        const std::size_t n =
            static_cast<std::size_t>(std::min<std::uint64_t>(in_.size(), body_left_));
        take_body({static_cast<const char*>(in_.data().data()), n});
        in_.consume(n);
        body_left_ -= n;
        if (!body_taken()) return false;
    }
    if (body_left_ == 0) {
        body_done();
    } else {
        deadline_.arm(limits_.body_gap);
    }
    return false;
}

bool Connection::advance_chunked() {
    if (!body_taken()) return false;
    std::array<char, 4096> raw;
    auto& piece = parser_->get().body();
    piece.data = raw.data();
    piece.size = raw.size();
    piece.more = true;
    boost::system::error_code ec;
    const bool more = !parser_->is_done() && in_.size() > 0;
    const std::size_t used = more ? parser_->put(in_.data(), ec) : 0;
    in_.consume(used);
    if (ec == beast_http::error::need_buffer) ec = {};
    if (ec && ec != beast_http::error::need_more) {
        refuse(400, "The request's chunked body is not valid: " + ec.message() + ".");
        return false;
    }
    const bool stuck = ec == beast_http::error::need_more && in_.size() >= in_.max_size();
    take_body({raw.data(), raw.size() - piece.size});
    if (!body_taken()) return false;
    if (parser_->is_done()) {
        body_done();
        return false;
    }
    deadline_.arm(limits_.body_gap);
    if (stuck) {
        refuse(400, "The request's chunked body has a line that is too long.");
        return false;
    }
    return used > 0 && in_.size() > 0;
}

}  // namespace patchbay::gateway
