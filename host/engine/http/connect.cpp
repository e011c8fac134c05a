// Opening a connection: addresses, TCP, the proxy's tunnel, TLS.
#include <algorithm>
#include <string>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/write.hpp>

#include "engine/http/connection.hpp"
#include "engine/http/pool.hpp"
#include "engine/http/public_address.hpp"

namespace patchbay::http {

namespace asio = boost::asio;

namespace {

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

/// How long one of several addresses may take before the next is tried.
constexpr std::chrono::milliseconds kAttempt{2'000};

std::string host_port(const std::string& host, std::uint16_t port) {
    const bool brackets = host.find(':') != std::string::npos;
    return (brackets ? "[" + host + "]" : host) + ":" + std::to_string(port);
}

}  // namespace

asio::awaitable<void> Connection::open(std::chrono::milliseconds limit, bool through) {
    arm_phase(limit, "no connection");
    if (origin_->proxy) {
        // The proxy looks the name up once more, but one that leads to a private address is known.
        if (origin_->reach == Reach::public_only) (void)co_await look_up(origin_->host, true);
        if (!failure_) co_await dial(origin_->proxy->host, origin_->proxy->port, false);
    } else {
        co_await dial(origin_->host, origin_->port, origin_->reach == Reach::public_only);
    }
    if (!failure_ && origin_->proxy && (origin_->tls || through)) co_await tunnel();
    if (!failure_ && origin_->tls) co_await shake_hands();
    if (!failure_) phase_.disarm();
}

// Of a name with several addresses all must be public, if one must: who owns the name chooses them.
asio::awaitable<Resolver::Answer> Connection::look_up(const std::string& host, bool public_only) {
    struct Lookup {
        Resolver::Answer answer;
        bool done = false;
    };
    const auto lookup = std::make_shared<Lookup>();
    pool_->resolver().resolve(host, [lookup, weak = weak_from_this()](const auto& answer) {
        lookup->answer = answer;
        lookup->done = true;
        if (const auto self = weak.lock()) self->wake();
    });
    while (!lookup->done && !failure_) co_await wait();
    Resolver::Answer& answer = lookup->answer;
    if (!failure_ && public_only) {
        if (answer.addresses.empty()) {
            fail(FailureKind::connect, "cannot look up " + host + ": " + answer.error);
        } else if (!std::all_of(answer.addresses.begin(), answer.addresses.end(), is_public)) {
            fail(FailureKind::denied, host + " is not at a public address");
        }
    }
    co_return std::move(answer);
}

asio::awaitable<void> Connection::dial(const std::string& host, std::uint16_t port,
                                       bool public_only) {
    const Resolver::Answer answer = co_await look_up(host, public_only);
    if (failure_) co_return;

    const auto& addresses = answer.addresses;
    std::string error = answer.error;
    for (std::size_t i = 0; i != addresses.size(); ++i) {
        Deadline attempt(loop_.deadlines, [this] {
            boost::system::error_code ignored;
            socket_.close(ignored);
        });
        if (i + 1 != addresses.size()) {
            attempt.arm(phase_limit_.count() > 0 ? std::min(kAttempt, phase_limit_ / 2) : kAttempt);
        }
        auto [ec] = co_await socket_.async_connect({addresses[i], port}, kTuple);
        if (failure_) co_return;
        if (!ec) {
            socket_.set_option(asio::ip::tcp::no_delay(true), ec);
            socket_.non_blocking(true, ec);
            co_return;
        }
        error = attempt.expired() ? "timed out" : ec.message();
        boost::system::error_code ignored;
        socket_.close(ignored);
    }
    fail(FailureKind::connect, "cannot connect to " + host_port(host, port) + ": " + error);
}

// RFC 9110, section 9.3.6.
asio::awaitable<void> Connection::tunnel() {
    const std::string target = host_port(origin_->host, origin_->port);
    std::string text = "CONNECT " + target + " HTTP/1.1\r\nHost: " + target + "\r\n";
    if (const auto& secret = origin_->proxy->authorization; !secret.empty()) {
        text += "Proxy-Authorization: " + secret + "\r\n";
    }
    text += "\r\n";
    auto [written, size] = co_await asio::async_write(socket_, asio::buffer(text), kTuple);
    if (failure_) co_return;
    parser_.reset(true);
    auto status = ResponseParser::Status::need_more;
    boost::system::error_code failed = written;
    while (!failed && status == ResponseParser::Status::need_more) {
        const asio::mutable_buffer room = parser_.space();
        if (room.size() == 0) {
            co_return fail(FailureKind::limit, "header section of the proxy's answer is too large");
        }
        auto [ec, got] = co_await socket_.async_read_some(room, kTuple);
        if (failure_) co_return;
        parser_.commit(got);
        failed = ec;
        if (!ec) status = parser_.parse_head();
    }
    if (failed) {
        fail(FailureKind::connect, "proxy closed the connection: " + failed.message());
    } else if (status == ResponseParser::Status::failed) {
        fail(FailureKind::connect, "proxy answered CONNECT badly: " + parser_.failure().text);
    } else if (parser_.status() / 100 != 2) {
        fail(FailureKind::connect, "proxy refused a tunnel to " + target + " with status " +
                                       std::to_string(parser_.status()));
    } else if (parser_.leftover()) {
        fail(FailureKind::connect, "proxy sent bytes of its own into the tunnel");
    }
}

asio::awaitable<void> Connection::shake_hands() {
    const auto context = pool_->tls().get(origin_->verify);
    if (!context) co_return fail(FailureKind::connect, context.error());
    tls_ = std::make_unique<asio::ssl::stream<Socket&>>(socket_, **context);
    SSL* const ssl = tls_->native_handle();
    if (!prepare_handshake(ssl, origin_->host, origin_->verify, origin_->session)) {
        co_return fail(FailureKind::connect, "not a host name: " + origin_->host);
    }
    auto [ec] = co_await tls_->async_handshake(asio::ssl::stream_base::client, kTuple);
    if (failure_ || !ec) co_return;
    fail(FailureKind::connect, "TLS handshake with " + host_port(origin_->host, origin_->port) +
                                   " failed: " + describe_handshake(ssl, ec));
}

}  // namespace patchbay::http
