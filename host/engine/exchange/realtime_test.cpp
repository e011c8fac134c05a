// Exchanges whose client is a WebSocket, with real sockets on both sides.
#include <boost/beast/http.hpp>
#include <boost/beast/websocket.hpp>
#include <gmock/gmock.h>

#include "engine/exchange/test_support.hpp"

namespace patchbay {
namespace {

using namespace std::chrono_literals;
using http::testing::kTuple;
using http::testing::tcp;
using test::FixtureProvider;
using test::Peer;
using test::ScriptedServer;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
namespace asio = boost::asio;
namespace beast = boost::beast;
using Server = beast::websocket::stream<tcp::socket&>;

/// The gateway's part: takes one connection, reads the head of its request, answers when asked to.
class Surface final : public RealtimeClient {
  public:
    explicit Surface(Loop loop)
        : loop_(loop),
          acceptor_(loop.io, {asio::ip::address_v4::loopback(), 0}),
          arrived_(loop.io, asio::steady_timer::time_point::max()) {
        asio::co_spawn(loop.io, take(), asio::detached);
    }
    std::string url() const {
        return "ws://127.0.0.1:" + std::to_string(acceptor_.local_endpoint().port()) + "/";
    }

    asio::awaitable<http::WebSocket*> accept() override {
        while (!socket_) co_await arrived_.async_wait(kTuple);
        http::ByteStream bytes(loop_, http::Socket(loop_.io, tcp::v4(), socket_->release()), {});
        auto accepted = co_await http::accept_websocket(loop_, std::move(bytes), head_, {}, limits);
        open = std::move(accepted);
        co_return open ? &*open : nullptr;
    }
    /// The answer of a surface whose exchange failed before accept().
    asio::awaitable<void> refuse() {
        const std::string text = "HTTP/1.1 502 X\r\nContent-Length: 2\r\n\r\nno";
        if (socket_) co_await asio::async_write(*socket_, asio::buffer(text), kTuple);
    }

    std::optional<http::WebSocket> open;
    http::WebSocketLimits limits;

  private:
    asio::awaitable<void> take() {
        tcp::socket socket(loop_.io);
        co_await acceptor_.async_accept(socket, kTuple);
        beast::flat_buffer in;
        beast::http::request<beast::http::empty_body> request;
        co_await beast::http::async_read(socket, in, request, kTuple);
        head_ = request.base();
        socket_.emplace(std::move(socket));
        arrived_.cancel();
    }

    Loop loop_;
    tcp::acceptor acceptor_;
    asio::steady_timer arrived_;
    std::optional<tcp::socket> socket_;
    beast::http::request_header<> head_;
};

class RealtimeTest : public test::ExchangeTest {
  protected:
    struct Session {
        std::optional<Error> error;
        std::vector<std::string> got;  ///< by the user
        http::WebSocketEnd end;        ///< of the user's socket
        int refused = 0;
        std::vector<Note> notes;
    };

    /// What the user does with its socket, once it is open.
    using User = std::function<asio::awaitable<void>(http::WebSocket&, Session&)>;

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
        auto using_it = user(*answer->socket, session);
        co_await std::move(using_it);
        if (answer->socket->end()) session.end = *answer->socket->end();
        co_return 0;
    }

    asio::awaitable<int> exchange(const FixtureProvider& fixture, ExchangeRequest r,
                                  Surface& surface, Session& session) {
        r.client = &surface;
        r.operation = "realtime";
        session.error = co_await run_exchange(context(), fixture.provider, r, sink, &session.notes);
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
        ExchangeRequest r = request(server ? server->url("") : "", model, false);
        int ended = 0;
        const auto count = [&](std::exception_ptr e, int) {
            if (e) std::rethrow_exception(e);
            ++ended;
        };
        asio::co_spawn(loop.io, exchange(fixture, r, surface, session), count);
        asio::co_spawn(loop.io, use(surface.url(), user, session), count);
        loop.until([&] { return ended == 2; });
        EXPECT_EQ(ended, 2) << "the loop ran out of work";
        EXPECT_EQ(fixture.stats().in_flight, 0) << "machines left open";
        return session;
    }
};

/// Sends these, then hears until the end.
RealtimeTest_User_placeholder
}  // namespace
}  // namespace patchbay
