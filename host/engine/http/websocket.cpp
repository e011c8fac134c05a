#include "engine/http/websocket.hpp"

#include <algorithm>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/websocket/error.hpp>

#include "contract/json/utf8_text.hpp"
#include "engine/http/websocket_impl.hpp"

namespace patchbay::http {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;

namespace {

// RFC 6455, section 5.5: 123 bytes; a text that is cut gets three dots.
constexpr std::size_t kMaxReason = 123 - 3;
// A socket keeps no more memory than this for its next message.
constexpr std::size_t kKeptBytes = 64u << 10;

bool protocol_error(const boost::system::error_code& ec) {
    return ec == websocket::condition::protocol_violation;
}

}  // namespace

std::uint16_t sendable_close_code(std::uint32_t code) {
    if (code == 0 || code == websocket::close_code::no_status) return websocket::close_code::normal;
    const bool named = code >= 1000 && code <= 1014 && code != 1004 && code != 1006;
    const bool own = code >= 3000 && code <= 4999;
    if (named || own) return static_cast<std::uint16_t>(code);
    return websocket::close_code::internal_error;
}

WebSocket::Impl::Impl(Loop loop, ByteStream bytes, const WebSocketLimits& limits)
    : loop_(loop),
      limits_(limits),
      stream_(std::move(bytes)),
      quiet_(loop.deadlines, [this] { quiet_passed(); }),
      idle_(loop.deadlines, [this] { time_out("no message", limits_.idle); }),
      write_limit_(loop.deadlines,
                   [this] {
                       finish({.code = 1006,
                               .reason = {},
                               .failure = FailureKind::timeout,
                               .error = "timed out: the peer does not take a message within " +
                                        std::to_string(limits_.write.count()) + " ms"});
                   }),
      close_limit_(loop.deadlines, [this] { finish_with_peers_code(); }),
      changed_(loop.io, asio::steady_timer::time_point::max()) {
    stream_.read_message_max(limits_.message);
    stream_.auto_fragment(false);
    stream_.control_callback([this](websocket::frame_type, boost::beast::string_view) { heard(); });
}

asio::awaitable<void> WebSocket::Impl::change() {
    co_await changed_.async_wait(asio::as_tuple(asio::use_awaitable));
}

void WebSocket::Impl::begin() {
    heard();
    idle_.arm(limits_.idle);
}

void WebSocket::Impl::abort() {
    finish({.code = 1006, .reason = {}, .failure = FailureKind::aborted, .error = "closed here"});
}

void WebSocket::Impl::finish(WebSocketEnd end) {
    if (end_) return;
    end_ = expired_ ? std::move(*expired_) : std::move(end);
    for (Deadline* deadline : {&quiet_, &idle_, &write_limit_, &close_limit_}) deadline->disarm();
    if (!writing_) out_.clear();
    queued_ = 0;
    stream_.next_layer().close();
    changed();
}

WebSocketEnd WebSocket::Impl::peers_end() const {
    const websocket::close_reason& reason = stream_.reason();
    WebSocketEnd end;
    end.code = reason.code;
    if (reason.code == websocket::close_code::none) end.code = websocket::close_code::no_status;
    end.reason.assign(reason.reason.data(), reason.reason.size());
    return end;
}

void WebSocket::Impl::finish_with_peers_code() {
    WebSocketEnd end;
    if (stream_.reason().code != websocket::close_code::none) {
        end = peers_end();
    } else if (close_started_) {
        end.failure = FailureKind::timeout;
        end.error = "timed out: the peer does not answer a close within " +
                    std::to_string(limits_.close.count()) + " ms";
    } else {
        end.failure = FailureKind::reset;
        end.error = "cut without a close: nothing more can be written";
    }
    finish(std::move(end));
}

void WebSocket::Impl::time_out(const char* what, std::chrono::milliseconds limit) {
    expired_ = WebSocketEnd{.code = 1006,
                            .reason = {},
                            .failure = FailureKind::timeout,
                            .error = std::string("timed out: ") + what + " within " +
                                     std::to_string(limit.count()) + " ms"};
    close(websocket::close_code::going_away, "no message for too long", true);
}

void WebSocket::Impl::heard() {
    pings_ = 0;
    if (!end_) quiet_.arm(limits_.ping);
}

void WebSocket::Impl::quiet_passed() {
    // Nobody listens while no message is asked for, so nothing is known of the peer then.
    if (!reading_) return heard();
    if (limits_.ping * (pings_ + 1) >= limits_.silence) {
        finish({.code = 1006,
                .reason = {},
                .failure = FailureKind::timeout,
                .error = "timed out: the peer is silent for " +
                         std::to_string(limits_.silence.count()) + " ms"});
        return;
    }
    ++pings_;
    quiet_.arm(limits_.ping);
    if (pinging_ || close_started_) return;
    pinging_ = true;
    stream_.async_ping(
        {}, [self = shared_from_this()](boost::system::error_code) { self->pinging_ = false; });
}

void WebSocket::Impl::want_message() {
    if (reading_ || arrived_ || end_) return;
    if (std::exchange(taken_, false)) {
        in_.clear();
        if (in_.capacity() > kKeptBytes) in_.shrink_to_fit();
    }
    reading_ = true;
    stream_.async_read_some(in_, 0,
                            [self = shared_from_this()](boost::system::error_code ec, std::size_t) {
                                self->on_read(ec);
                            });
}

void WebSocket::Impl::on_read(const boost::system::error_code& ec) {
    reading_ = false;
    if (end_) return;
    if (!ec) {
        heard();
        if (!stream_.is_message_done()) return want_message();
        arrived_ = true;
        idle_.arm(limits_.idle);
        return changed();
    }
    WebSocketEnd end;
    if (ec == websocket::error::closed) {
        end = peers_end();
    } else if (ec == websocket::error::message_too_big || ec == websocket::error::buffer_overflow) {
        end.code = websocket::close_code::too_big;
        end.failure = FailureKind::limit;
        end.error =
            "a message is larger than the limit of " + std::to_string(limits_.message) + " bytes";
    } else if (protocol_error(ec)) {
        const bool text = ec == websocket::error::bad_frame_payload;
        end.code =
            text ? websocket::close_code::bad_payload : websocket::close_code::protocol_error;
        end.failure = FailureKind::framing;
        end.error = text ? "a text message is not UTF-8" : "not WebSocket: " + ec.message();
    } else {
        end.failure = FailureKind::reset;
        end.error = "cut without a close: " + ec.message();
    }
    finish(std::move(end));
}

std::optional<WebSocket::Message> WebSocket::Impl::take_message() {
    if (!std::exchange(arrived_, false)) return std::nullopt;
    taken_ = true;
    return Message{stream_.got_text() ? Opcode::text : Opcode::binary,
                   {static_cast<const char*>(in_.data().data()), in_.size()}};
}

void WebSocket::Impl::send(Opcode opcode, std::string data) {
    if (end_ || closing_) return;
    out_.push_back({opcode, std::move(data)});
    queued_ += cost(out_.back());
    idle_.arm(limits_.idle);
    write_next();
}

void WebSocket::Impl::write_next() {
    if (writing_ || end_) return;
    if (!out_.empty()) {
        writing_ = true;
        write_limit_.arm(limits_.write);
        stream_.text(out_.front().opcode == Opcode::text);
        stream_.async_write(asio::buffer(out_.front().data),
                            [self = shared_from_this()](boost::system::error_code ec, std::size_t) {
                                self->writing_ = false;
                                self->write_limit_.disarm();
                                if (!self->end_) self->queued_ -= cost(self->out_.front());
                                self->out_.pop_front();
                                if (self->end_) return;
                                // What a read under way brings tells better why nothing can be
                                // written.
                                if (ec && self->reading_)
                                    return self->close_limit_.arm(self->limits_.close);
                                if (ec) return self->finish_with_peers_code();
                                self->changed();
                                self->write_next();
                            });
    } else if (closing_ && !close_started_) {
        close_started_ = true;
        close_limit_.arm(limits_.close);
        stream_.async_close(reason_, [self = shared_from_this()](boost::system::error_code ec) {
            // A read that is under way brings the same news, and more.
            if (ec && self->reading_) return;
            if (ec) {
                self->finish({.code = 1006,
                              .reason = {},
                              .failure = FailureKind::reset,
                              .error = "cut without a close: " + ec.message()});
            } else {
                self->finish_with_peers_code();
            }
        });
    }
}

void WebSocket::Impl::close(std::uint32_t code, std::string_view reason, bool now) {
    if (end_) return;
    if (now && out_.size() > (writing_ ? 1u : 0u)) {
        out_.erase(out_.begin() + (writing_ ? 1 : 0), out_.end());
        queued_ = writing_ ? cost(out_.front()) : 0;
    }
    if (!closing_) {
        closing_ = true;
        reason_.code = static_cast<websocket::close_code>(sendable_close_code(code));
        reason_.reason = as_utf8(reason, kMaxReason);
    }
    write_next();
}

WebSocket::WebSocket(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
WebSocket::WebSocket(WebSocket&&) noexcept = default;
WebSocket& WebSocket::operator=(WebSocket&& other) noexcept {
    if (impl_ && impl_ != other.impl_) impl_->abort();
    impl_ = std::move(other.impl_);
    return *this;
}
WebSocket::~WebSocket() {
    if (impl_) impl_->abort();
}

// The coroutines hold the state, not this object, which may be destroyed while they wait.
asio::awaitable<std::optional<WebSocket::Message>> WebSocket::read() {
    const auto impl = impl_;
    for (;;) {
        if (auto message = impl->take_message()) co_return message;
        if (impl->end()) co_return std::nullopt;
        impl->want_message();
        co_await impl->change();
    }
}

const std::optional<WebSocketEnd>& WebSocket::end() const {
    return impl_->end();
}

void WebSocket::send(Opcode opcode, std::string data) {
    impl_->send(opcode, std::move(data));
}

std::size_t WebSocket::queued() const {
    return impl_->queued();
}

bool WebSocket::full() const {
    return impl_->full();
}

asio::awaitable<void> WebSocket::room() {
    const auto impl = impl_;
    while (impl->full() && !impl->end()) co_await impl->change();
}

void WebSocket::close(std::uint32_t code, std::string_view reason) {
    impl_->close(code, reason, false);
}

void WebSocket::close_now(std::uint32_t code, std::string_view reason) {
    impl_->close(code, reason, true);
}

asio::awaitable<void> WebSocket::closed() {
    const auto impl = impl_;
    while (!impl->end()) co_await impl->change();
}

}  // namespace patchbay::http
