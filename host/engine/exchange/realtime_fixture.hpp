// Test support: exchanges whose client is a WebSocket, with real sockets on both sides.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <boost/beast/core/buffers_to_string.hpp>
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <gtest/gtest.h>

#include "engine/exchange/test_support.hpp"

namespace patchbay::test {

namespace beast = boost::beast;
using http::testing::kTuple;
using http::testing::tcp;
using Server = beast::websocket::stream<tcp::socket&>;

/// The gateway's part: takes one connection, reads the head of its request, answers when asked to.
class Surface final : public RealtimeClient {
  public:
    explicit Surface(Loop loop) : loop_(loop), user_(std::make_shared<User>(loop.io)) {
        asio::co_spawn(loop.io, take(user_), asio::detached);
    }
    ~Surface() override { user_->acceptor.close(); }
    std::string url() const {
        return "ws://127.0.0.1:" + std::to_string(user_->acceptor.local_endpoint().port()) + "/";
    }

    asio::awaitable<http::WebSocket*> accept() override {
        const auto user = user_;
        while (!user->here) co_await user->arrived.async_wait(kTuple);
        http::ByteStream bytes(loop_, http::Socket(loop_.io, tcp::v4(), user->socket.release()),
                               {});
        auto accepted =
            co_await http::accept_websocket(loop_, std::move(bytes), user->head, {}, limits);
        open = std::move(accepted);
        co_return open ? &*open : nullptr;
    }
    /// The answer of a surface whose exchange failed before accept().
    asio::awaitable<void> refuse() {
        const std::string text = "HTTP/1.1 502 X\r\nContent-Length: 2\r\n\r\nno";
        while (!user_->here) co_await user_->arrived.async_wait(kTuple);
        co_await asio::async_write(user_->socket, asio::buffer(text), kTuple);
        user_->socket.close();
    }

    std::optional<http::WebSocket> open;
    http::WebSocketLimits limits;

  private:
    struct User {
        explicit User(asio::io_context& io)
            : acceptor(io, {asio::ip::address_v4::loopback(), 0}),
              socket(io),
              arrived(io, asio::steady_timer::time_point::max()) {}
        tcp::acceptor acceptor;
        tcp::socket socket;
        asio::steady_timer arrived;
        beast::http::request_header<> head;
        bool here = false;
    };
    static asio::awaitable<void> take(std::shared_ptr<User> user) {
        auto [ec] = co_await user->acceptor.async_accept(user->socket, kTuple);
        if (ec) co_return;
        beast::flat_buffer in;
        beast::http::request<beast::http::empty_body> request;
        co_await beast::http::async_read(user->socket, in, request, kTuple);
        user->head = request.base();
        user->here = true;
        user->arrived.cancel();
    }

    Loop loop_;
    std::shared_ptr<User> user_;
};

/// The message of the error; empty if there is none.
inline std::string problem(const std::optional<Error>& error) {
    return error ? error->message : "";
}

/// Runs realtime exchanges of a fixture between a user and a scripted upstream.
class RealtimeTest : public ExchangeTest {
  protected:
    struct Session {
        std::optional<Error> error;
        std::vector<std::string> got;  ///< by the user
        http::WebSocketEnd end;        ///< of the user's socket
        int refused = 0;
        std::vector<Note> notes;
    };

    /// What the user does with its socket, once it is open.
    using User =
        std::function<asio::awaitable<void>(http::WebSocket&, std::vector<std::string>& got)>;

    asio::awaitable<int> use(std::string url, User user, Session& session) {
        const std::string plain = http::http_form(url).value();
        http::WebSocketRequest request;
        request.url = http::parse_url(plain).value();
        auto answer = co_await open_websocket(*loop.client, request);
        if (!answer) co_return 0;
        if (!answer->socket) {
            session.refused = answer->status;
            co_return 0;
        }
        auto using_it = user(*answer->socket, session.got);
        co_await std::move(using_it);
        if (answer->socket->end()) session.end = *answer->socket->end();
        co_return 0;
    }

    asio::awaitable<int> exchange(const FixtureProvider& fixture, ExchangeRequest r,
                                  Surface& surface, Session& session) {
        r.client = &surface;
        r.operation = "realtime";
        auto failed = co_await run_exchange(context(), fixture.provider, r, sink, &session.notes);
        session.error = failed.take();
        if (session.error && surface.open) surface.open->close(1011, session.error->message);
        if (session.error && !surface.open) co_await surface.refuse();
        if (surface.open) co_await surface.open->closed();
        co_return 0;
    }

    /// Runs a session to its end, on both sides.
    Session run(const FixtureProvider& fixture, const ScriptedServer* server, std::string model,
                User user, http::WebSocketLimits limits = {}) {
        Session session;
        Surface surface(context().loop);
        surface.limits = limits;
        const std::string base = server ? server->url("") : "";
        ExchangeRequest r = request(base, model, false);
        int sides = 0;
        const auto count = [&](std::exception_ptr e, int) {
            if (e) std::rethrow_exception(e);
            ++sides;
        };
        asio::co_spawn(loop.io, exchange(fixture, r, surface, session), count);
        asio::co_spawn(loop.io, use(surface.url(), user, session), count);
        loop.until([&] { return sides == 2; });
        EXPECT_EQ(sides, 2) << "the loop ran out of work";
        EXPECT_EQ(fixture.stats().in_flight, 0) << "machines left open";
        return session;
    }
};

/// Sends these texts, hears `answers` messages, closes with `code`, if there is one, and hears
/// until the end.
inline std::function<asio::awaitable<void>(http::WebSocket&, std::vector<std::string>&)> talk(
    std::vector<std::string> says, std::size_t answers = SIZE_MAX, std::uint32_t code = 0) {
    return [says, answers, code](http::WebSocket& socket,
                                 std::vector<std::string>& got) -> asio::awaitable<void> {
        for (const std::string& text : says) socket.send(http::WebSocket::Opcode::text, text);
        for (;;) {
            if (got.size() == answers && code != 0) socket.close(code, "the user leaves");
            const auto message = co_await socket.read();
            if (!message) co_return;
            got.emplace_back(message->data);
        }
    };
}

/// A Beast server that does `work` once it is open.
template <class Work>
ScriptedServer::Script serving(Work work) {
    return [work](Peer& peer, int) -> asio::awaitable<void> {
        Server server(peer.socket());
        auto [refused] = co_await server.async_accept(kTuple);
        if (refused) co_return;
        auto working = work(server);
        co_await std::move(working);
    };
}

/// The next message of the client; "end CODE" if there is none any more.
inline asio::awaitable<std::string> heard(Server& server) {
    beast::flat_buffer in;
    auto [ec, size] = co_await server.async_read(in, kTuple);
    if (ec) co_return "end " + std::to_string(server.reason().code);
    co_return beast::buffers_to_string(in.data());
}

/// Answers "up:<text>" to every text until the end, which it notes.
inline ScriptedServer::Script answering(std::string& end) {
    return serving([&end](Server& server) -> asio::awaitable<void> {
        for (;;) {
            const std::string text = co_await heard(server);
            if (text.starts_with("end ")) {
                end = text;
                co_return;
            }
            const std::string answer = "up:" + text;
            co_await server.async_write(asio::buffer(answer), kTuple);
        }
    });
}

}  // namespace patchbay::test
