// Exchanges whose client is a WebSocket, with real sockets on both sides.
#include <boost/beast/core/buffers_to_string.hpp>
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

std::string problem(const std::optional<Error>& error) {
    return error ? error->message : "";
}

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
std::function<asio::awaitable<void>(http::WebSocket&, std::vector<std::string>&)> talk(
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

asio::awaitable<std::string> heard(Server& server) {
    beast::flat_buffer in;
    auto [ec, size] = co_await server.async_read(in, kTuple);
    if (ec) co_return "end " + std::to_string(server.reason().code);
    co_return beast::buffers_to_string(in.data());
}

/// Answers "up:<text>" to every text until the end, which it notes.
ScriptedServer::Script answering(std::string& end) {
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

TEST_F(RealtimeTest, frames_go_both_ways_and_the_client_ends_it) {
    const FixtureProvider fixture("relays_frames");
    std::string end;
    ScriptedServer server(loop.io, answering(end));
    const Session session = run(fixture, &server, "m", talk({"a", "b"}, 2, 1000));
    EXPECT_EQ(problem(session.error), "");
    EXPECT_THAT(session.got, ElementsAre("up:a", "up:b"));
    EXPECT_EQ(session.end.code, 1000);
    loop.until([&] { return server.finished() == 1; });
    EXPECT_EQ(end, "end 1000");
    ASSERT_EQ(session.notes.size(), 1u);
    EXPECT_EQ(session.notes[0].json, R"({"failure":0,"code":1000})");
}

TEST_F(RealtimeTest, what_is_sent_before_a_socket_is_open_waits_for_it) {
    const FixtureProvider fixture("relays_frames");
    std::string end;
    ScriptedServer server(loop.io, answering(end));
    const Session session = run(fixture, &server, "early", talk({}, 2, 4999));
    EXPECT_EQ(problem(session.error), "");
    EXPECT_THAT(session.got, testing::UnorderedElementsAre("hello", "up:hello"));
    loop.until([&] { return server.finished() == 1; });
    EXPECT_EQ(end, "end 4999");
}

TEST_F(RealtimeTest, an_upstream_that_closes_takes_the_client_with_it) {
    const FixtureProvider fixture("relays_frames");
    ScriptedServer server(loop.io, serving([](Server& s) -> asio::awaitable<void> {
                              co_await heard(s);
                              co_await s.async_close(
                                  {static_cast<beast::websocket::close_code>(4002), "enough"},
                                  kTuple);
                          }));
    const Session session = run(fixture, &server, "m", talk({"a"}));
    EXPECT_EQ(problem(session.error), "");
    EXPECT_EQ(session.end.code, 4002);
    EXPECT_EQ(session.end.reason, "enough");
}

TEST_F(RealtimeTest, an_upstream_that_dies_is_told_to_the_machine) {
    const FixtureProvider fixture("relays_frames");
    ScriptedServer server(loop.io, serving([](Server& s) -> asio::awaitable<void> {
                              co_await heard(s);
                              s.next_layer().close();
                          }));
    const Session session = run(fixture, &server, "m", talk({"a"}));
    ASSERT_TRUE(session.error);
    EXPECT_THAT(session.error->message, HasSubstr("failure 3, code 1006: cut without a close"));
    EXPECT_EQ(session.end.code, 1011);
}

TEST_F(RealtimeTest, a_refused_handshake_fails_before_the_client_is_accepted) {
    const FixtureProvider fixture("relays_frames");
    ScriptedServer server(loop.io, test::always(test::whole(429, "slow down")));
    const Session session = run(fixture, &server, "m", talk({"a"}));
    ASSERT_TRUE(session.error);
    EXPECT_EQ(session.error->message, "failure 1, code 429: slow down");
    EXPECT_EQ(session.refused, 502);
    EXPECT_THAT(session.got, IsEmpty());
}

TEST_F(RealtimeTest, an_address_that_leads_nowhere_fails_before_the_client_is_accepted) {
    const FixtureProvider fixture("relays_frames");
    std::optional<ScriptedServer> gone(std::in_place, loop.io, test::always(""));
    const ScriptedServer& server = *gone;
    const std::string url = server.url("");
    gone.reset();
    loop.io.restart();
    loop.io.poll();
    Session session;
    Surface surface(context().loop);
    ExchangeRequest r = request(url, "m", false);
    r.client = &surface;
    const auto error = RealtimeTest::ExchangeTest::run(fixture, r);
    ASSERT_TRUE(error);
    EXPECT_THAT(error->message, HasSubstr("failure 1, code 0: cannot connect"));
}

TEST_F(RealtimeTest, a_machine_that_waits_for_its_client_is_not_stalled) {
    const FixtureProvider fixture("relays_frames");
    const Session session = run(fixture, nullptr, "alone", talk({"x"}, 1, 1000));
    EXPECT_EQ(problem(session.error), "");
    EXPECT_THAT(session.got, ElementsAre("x"));
}

TEST_F(RealtimeTest, a_machine_that_waits_for_nothing_is_stalled) {
    const FixtureProvider fixture("relays_frames");
    ScriptedServer server(loop.io, test::always(test::whole(500, "")));
    const Session session = run(fixture, &server, "mute", talk({}));
    ASSERT_TRUE(session.error);
    EXPECT_THAT(session.error->message, HasSubstr("stalled"));
}

TEST_F(RealtimeTest, done_sends_what_is_left_and_closes_both) {
    const FixtureProvider fixture("relays_frames");
    std::string end;
    ScriptedServer server(loop.io, answering(end));
    const Session session = run(fixture, &server, "m", talk({"done"}));
    EXPECT_EQ(problem(session.error), "");
    EXPECT_THAT(session.got, ElementsAre("last"));
    EXPECT_EQ(session.end.code, 1000);
    loop.until([&] { return server.finished() == 1; });
    EXPECT_EQ(end, "end 1000");
}

TEST_F(RealtimeTest, fail_leaves_the_client_to_the_surface) {
    const FixtureProvider fixture("relays_frames");
    std::string end;
    ScriptedServer server(loop.io, answering(end));
    const Session session = run(fixture, &server, "m", talk({"fail"}));
    ASSERT_TRUE(session.error);
    EXPECT_EQ(session.error->message, "as asked");
    EXPECT_EQ(session.end.code, 1011);
    EXPECT_EQ(session.end.reason, "as asked");
}

TEST_F(RealtimeTest, the_machine_may_close_its_client) {
    const FixtureProvider fixture("relays_frames");
    std::string end;
    ScriptedServer server(loop.io, answering(end));
    const Session session = run(fixture, &server, "m", talk({"close"}));
    EXPECT_EQ(problem(session.error), "");
    EXPECT_EQ(session.end.code, 4001);
    EXPECT_EQ(session.end.reason, "as asked");
}

TEST_F(RealtimeTest, a_client_that_vanishes_ends_the_upstream_at_once) {
    const FixtureProvider fixture("relays_frames");
    std::string end;
    ScriptedServer server(loop.io, answering(end));
    const Session session =
        run(fixture, &server, "m",
            [](http::WebSocket& socket, std::vector<std::string>&) -> asio::awaitable<void> {
                socket.send(http::WebSocket::Opcode::text, "a");
                co_await socket.read();  // and the socket is closed without a word
            });
    EXPECT_EQ(problem(session.error), "");
    ASSERT_EQ(session.notes.size(), 1u);
    EXPECT_EQ(session.notes[0].json, R"({"failure":3,"code":1006})");
    loop.until([&] { return server.finished() == 1; });
    EXPECT_EQ(end, "end 1001");
}

TEST_F(RealtimeTest, refused_actions_have_a_status) {
    const FixtureProvider fixture("relays_frames");
    const Session session = run(fixture, nullptr, "alone", talk({"text", "again"}, 2, 1000));
    EXPECT_THAT(session.got, ElementsAre("status " + std::to_string(BAY_E_INVALID),
                                         "status " + std::to_string(BAY_E_STATE)));
}

TEST_F(RealtimeTest, more_than_may_wait_to_be_sent_is_a_fault) {
    const FixtureProvider fixture("relays_frames");
    const Session session = run(fixture, nullptr, "alone", talk({"flood"}));
    ASSERT_TRUE(session.error);
    EXPECT_THAT(session.error->message,
                HasSubstr("went over the limit of bytes that wait to be sent"));
}

TEST_F(RealtimeTest, a_message_over_the_limit_ends_the_session) {
    const FixtureProvider fixture("relays_frames");
    std::string end;
    ScriptedServer server(loop.io, answering(end));
    http::WebSocketLimits limits;
    limits.message = 1000;
    const Session session = run(fixture, &server, "m", talk({std::string(2000, 'x')}), limits);
    EXPECT_EQ(problem(session.error), "");
    EXPECT_EQ(session.end.code, 1009);
    loop.until([&] { return server.finished() == 1; });
    EXPECT_EQ(end, "end 1001");
}

// The upstream sends as fast as it can and the user does not read: what is in the gateway stays
// bounded, and nothing is lost.
TEST_F(RealtimeTest, a_slow_client_holds_back_the_upstream) {
    const FixtureProvider fixture("relays_frames");
    constexpr std::size_t kPiece = 1u << 20;
    constexpr int kPieces = 48;
    int sent = 0;
    ScriptedServer server(loop.io, serving([&](Server& s) -> asio::awaitable<void> {
                              const std::string piece(kPiece, 'x');
                              for (; sent < kPieces; ++sent) {
                                  auto [ec, size] =
                                      co_await s.async_write(asio::buffer(piece), kTuple);
                                  if (ec) co_return;
                              }
                              co_await s.async_close({}, kTuple);
                          }));
    int sent_while_held = 0;
    std::size_t got = 0;
    const Session session =
        run(fixture, &server, "m",
            [&](http::WebSocket& socket, std::vector<std::string>&) -> asio::awaitable<void> {
                // Until nothing moves any more.
                asio::steady_timer pause(loop.io);
                for (int before = -1; before != sent;) {
                    before = sent;
                    pause.expires_after(100ms);
                    co_await pause.async_wait(asio::use_awaitable);
                }
                sent_while_held = sent;
                for (;;) {
                    const auto message = co_await socket.read();
                    if (!message) co_return;
                    got += message->data.size();
                }
            });
    EXPECT_EQ(problem(session.error), "");
    EXPECT_LT(sent_while_held, kPieces / 2);
    EXPECT_EQ(got, kPiece * kPieces);
}

TEST_F(RealtimeTest, a_session_that_is_cancelled_closes_everything) {
    const FixtureProvider fixture("relays_frames");
    std::string end;
    ScriptedServer server(loop.io, answering(end));
    Surface surface(context().loop);
    const std::string base = server.url("");
    ExchangeRequest r = request(base, "early", false);
    r.client = &surface;
    start(fixture, r);
    loop.until([&] { return server.accepted() == 1; });
    asio::steady_timer later(loop.io, 20ms);
    later.async_wait(
        [&](boost::system::error_code) { cancel.emit(asio::cancellation_type::terminal); });
    loop.until([&] { return ended.has_value() && server.finished() == 1; });
    EXPECT_TRUE(thrown);
    EXPECT_EQ(fixture.stats().in_flight, 0);
    EXPECT_EQ(loop.client->open_connections(), 0u);
}

TEST_F(RealtimeTest, an_origin_that_is_not_on_the_list_is_not_called) {
    const FixtureProvider fixture("relays_frames");
    Surface surface(context().loop);
    ExchangeRequest r = request("http://own.example", "elsewhere", false);
    r.client = &surface;
    const auto error = ExchangeTest::run(fixture, r);
    ASSERT_TRUE(error);
    EXPECT_THAT(error->message,
                HasSubstr("may not call wss://other.example, which is not on its egress list"));
}

}  // namespace
}  // namespace patchbay
