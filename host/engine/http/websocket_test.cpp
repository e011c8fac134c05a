// The WebSocket client against Beast's server, and against bytes that no server should send.
#include "engine/http/websocket.hpp"

#include "engine/http/websocket_fixture.hpp"

namespace patchbay::http::testing {
namespace {

using namespace std::chrono_literals;

TEST(WebSocket, SendsAndReceives) {
    Fixture loop;
    ScriptedServer server(loop.io, echo());
    const auto work = [](Client& client, std::string url) -> asio::awaitable<int> {
        auto answer = co_await opened(client, to(url));
        WebSocket& socket = *answer->socket;
        EXPECT_EQ(answer->status, 101);
        const std::string large(3u << 20, 'x');
        std::vector<std::pair<Opcode, std::string>> sent;
        sent.emplace_back(Opcode::text, "h\xc3\xa9");
        sent.emplace_back(Opcode::binary, std::string("\0\xff", 2));
        sent.emplace_back(Opcode::text, "");
        sent.emplace_back(Opcode::binary, large);
        for (const auto& [opcode, data] : sent) socket.send(opcode, data);
        for (const auto& [opcode, data] : sent) {
            const auto message = co_await socket.read();
            EXPECT_TRUE(message);
            if (!message) break;
            EXPECT_EQ(message->opcode, opcode);
            EXPECT_TRUE(message->data == data) << message->data.size();
        }
        EXPECT_EQ(socket.queued(), 0u);
        socket.close(4000, "enough");
        socket.send(Opcode::text, "too late");
        const auto after = co_await socket.read();
        EXPECT_FALSE(after);
        EXPECT_EQ(socket.end()->code, 4000);
        EXPECT_FALSE(socket.end()->failure);
        co_return 0;
    };
    loop.run(work(*loop.client, ws(server)));
    loop.until([&] { return server.finished() == 1; });
    EXPECT_EQ(loop.client->open_connections(), 0u);
}

TEST(WebSocket, FragmentsAreOneMessage) {
    Fixture loop;
    ScriptedServer server(loop.io, bytes(frame(0x01, "a") + frame(0x89, "ping") + frame(0x00, "b") +
                                         frame(0x80, "c") + frame(0x82, "d") + frame(0x88, "")));
    const Heard heard = loop.run(hear(*loop.client, to(ws(server))));
    EXPECT_EQ(heard.messages, (std::vector<std::string>{"t:abc", "b:d"}));
    EXPECT_EQ(heard.end.code, 1005);
    EXPECT_FALSE(heard.end.failure);
}

TEST(WebSocket, PingsAreAnswered) {
    Fixture loop;
    std::string pong;
    ScriptedServer server(loop.io, [&](Peer& peer, int) -> asio::awaitable<void> {
        Server s(peer.socket());
        co_await s.async_accept(kTuple);
        s.control_callback([&](websocket::frame_type type, beast::string_view text) {
            if (type == websocket::frame_type::pong) pong = text;
        });
        co_await s.async_ping("are you there", kTuple);
        beast::flat_buffer in;
        co_await s.async_read(in, kTuple);
    });
    const auto work = [&](Client& client, std::string url) -> asio::awaitable<int> {
        auto answer = co_await opened(client, to(url));
        asio::steady_timer tick(loop.io, 1ms);
        asio::co_spawn(loop.io, answer->socket->read(), asio::detached);
        while (pong.empty()) {
            tick.expires_after(1ms);
            co_await tick.async_wait(asio::use_awaitable);
        }
        co_return 0;
    };
    loop.run(work(*loop.client, ws(server)));
    EXPECT_EQ(pong, "are you there");
}

TEST(WebSocket, TellsHowItEnded) {
    const struct {
        std::string sent;
        int code;
        std::optional<FailureKind> failure;
        std::string text;  ///< of the reason or the error
    } cases[] = {
        {frame(0x88, std::string("\x03\xe8", 2) + "bye"), 1000, {}, "bye"},
        {frame(0x88, "\x0f\xa1"), 4001, {}, ""},
        {frame(0x88, ""), 1005, {}, ""},
        {frame(0x81, "\xff"), 1007, FailureKind::framing, "a text message is not UTF-8"},
        {frame(0x88, std::string("\x03\xe8", 2) + "\xff"), 1002, FailureKind::framing, ""},
        {frame(0x88, "\x03\xed"), 1002, FailureKind::framing, "not WebSocket"},
        {frame(0x80, "x"), 1002, FailureKind::framing, "not WebSocket"},
        {frame(0xf1, "x"), 1002, FailureKind::framing, "not WebSocket"},
        {"\x81\x7f\x7f\xff\xff\xff\xff\xff\xff\xff", 1009, FailureKind::limit, "larger than"},
        {frame(0x01, std::string(100, 'x')) + frame(0x80, std::string(100, 'x')), 1009,
         FailureKind::limit, "larger than the limit of 150 bytes"},
    };
    for (const auto& c : cases) {
        Fixture loop;
        ScriptedServer server(loop.io, bytes(c.sent));
        WebSocketLimits limits;
        limits.message = 150;
        const Heard heard = loop.run(hear(*loop.client, to(ws(server), limits)));
        SCOPED_TRACE(c.text + " " + std::to_string(c.code));
        EXPECT_EQ(heard.end.code, c.code);
        EXPECT_EQ(heard.end.failure, c.failure) << heard.end.error;
        const std::string& text = c.failure ? heard.end.error : heard.end.reason;
        EXPECT_NE(text.find(c.text), text.npos) << text;
        loop.until([&] { return server.finished() == 1; });
    }
}

TEST(WebSocket, ACutIsNoClose) {
    Fixture loop;
    ScriptedServer server(loop.io, [](Peer& peer, int) -> asio::awaitable<void> {
        const std::string request = co_await peer.request();
        co_await peer.send(switching(request) + frame(0x81, "a") + "\x81");
    });
    const Heard heard = loop.run(hear(*loop.client, to(ws(server))));
    EXPECT_EQ(heard.messages, (std::vector<std::string>{"t:a"}));
    EXPECT_EQ(heard.end.code, 1006);
    EXPECT_EQ(heard.end.failure, FailureKind::reset) << heard.end.error;
}

TEST(WebSocket, CancellingClosesAtOnce) {
    for (const bool open : {false, true}) {
        Fixture loop;
        ScriptedServer server(loop.io, [&](Peer& peer, int) -> asio::awaitable<void> {
            const std::string request = co_await peer.request();
            if (open) co_await peer.send(switching(request));
            co_await peer.closed();
        });
        asio::cancellation_signal cancel;
        bool ended = false;
        std::exception_ptr thrown;
        asio::co_spawn(
            loop.io, hear(*loop.client, to(ws(server))),
            asio::bind_cancellation_slot(cancel.slot(), [&](std::exception_ptr e, Heard) {
                thrown = e;
                ended = true;
            }));
        asio::steady_timer later(loop.io, 30ms);
        later.async_wait(
            [&](boost::system::error_code) { cancel.emit(asio::cancellation_type::terminal); });
        loop.until([&] { return ended && server.finished() == 1; });
        EXPECT_THROW(std::rethrow_exception(thrown), boost::system::system_error);
        EXPECT_EQ(loop.client->open_connections(), 0u);
    }
}

TEST(WebSocket, ThePeerIsPingedAndASilentOneIsDead) {
    Fixture loop;
    int pings = 0;
    ScriptedServer server(loop.io, [&](Peer& peer, int) -> asio::awaitable<void> {
        Server s(peer.socket());
        co_await s.async_accept(kTuple);
        s.control_callback([&](websocket::frame_type type, beast::string_view) {
            if (type == websocket::frame_type::ping && ++pings == 3) {
                peer.socket().shutdown(tcp::socket::shutdown_send);  // no further pong
            }
        });
        beast::flat_buffer in;
        co_await s.async_read(in, kTuple);
    });
    // A server that answers pings is alive, one that only takes them is not.
    ScriptedServer mute(loop.io, bytes(""));
    WebSocketLimits limits;
    limits.ping = 60ms;
    limits.silence = 600ms;
    const Heard dead = loop.run(hear(*loop.client, to(ws(mute), limits)));
    EXPECT_EQ(dead.end.failure, FailureKind::timeout) << dead.end.error;
    const Heard cut = loop.run(hear(*loop.client, to(ws(server), limits)));
    EXPECT_EQ(cut.end.failure, FailureKind::reset) << cut.end.error;
    EXPECT_EQ(pings, 3);
}

TEST(WebSocket, OneThatIsIdleForTooLongIsClosed) {
    Fixture loop;
    std::uint16_t code = 0;
    ScriptedServer server(loop.io, [&](Peer& peer, int) -> asio::awaitable<void> {
        Server s(peer.socket());
        co_await s.async_accept(kTuple);
        beast::flat_buffer in;
        co_await s.async_read(in, kTuple);
        code = s.reason().code;
    });
    WebSocketLimits limits;
    limits.idle = 50ms;
    limits.ping = 10ms;  // alive, but idle
    const Heard heard = loop.run(hear(*loop.client, to(ws(server), limits)));
    EXPECT_EQ(heard.end.failure, FailureKind::timeout);
    EXPECT_NE(heard.end.error.find("no message within 50 ms"), std::string::npos);
    loop.until([&] { return server.finished() == 1; });
    EXPECT_EQ(code, 1001);
}

TEST(WebSocket, ACloseThatIsNotAnsweredEndsInTime) {
    Fixture loop;
    ScriptedServer server(loop.io, bytes(""));
    const auto work = [](Client& client, std::string url) -> asio::awaitable<WebSocketEnd> {
        WebSocketLimits limits;
        limits.close = 40ms;
        auto answer = co_await opened(client, to(url, limits));
        answer->socket->close(1000, "");
        co_await answer->socket->closed();
        co_return *answer->socket->end();
    };
    const WebSocketEnd end = loop.run(work(*loop.client, ws(server)));
    EXPECT_EQ(end.failure, FailureKind::timeout) << end.error;
    loop.until([&] { return server.finished() == 1; });
}

TEST(WebSocket, AReasonThatIsTooLongIsCut) {
    Fixture loop;
    std::string reason;
    ScriptedServer server(loop.io, [&](Peer& peer, int) -> asio::awaitable<void> {
        Server s(peer.socket());
        co_await s.async_accept(kTuple);
        beast::flat_buffer in;
        co_await s.async_read(in, kTuple);
        reason = std::string(s.reason().reason.data(), s.reason().reason.size());
    });
    const auto work = [](Client& client, std::string url) -> asio::awaitable<int> {
        auto answer = co_await opened(client, to(url));
        answer->socket->close(1011, std::string(300, 'r'));
        co_await answer->socket->closed();
        co_return 0;
    };
    loop.run(work(*loop.client, ws(server)));
    EXPECT_EQ(reason, std::string(120, 'r') + "...");
}

// The queue is bounded by whoever asks full(); what is in it is not waited for forever.
TEST(WebSocket, ASlowReaderHoldsBackTheSender) {
    Fixture loop;
    bool reads = false;
    std::size_t got = 0;
    ScriptedServer server(loop.io, [&](Peer& peer, int) -> asio::awaitable<void> {
        Server s(peer.socket());
        co_await s.async_accept(kTuple);
        asio::steady_timer tick(loop.io);
        while (!reads) {
            tick.expires_after(1ms);
            co_await tick.async_wait(asio::use_awaitable);
        }
        for (beast::flat_buffer in;; in.clear()) {
            auto [ec, size] = co_await s.async_read(in, kTuple);
            if (ec) co_return;
            got += size;
        }
    });
    const auto work = [&](Client& client, std::string url) -> asio::awaitable<std::size_t> {
        auto answer = co_await opened(client, to(url));
        std::size_t sent = 0;
        while (!answer->socket->full()) {
            answer->socket->send(Opcode::binary, std::string(256u << 10, 'x'));
            sent += 256u << 10;
            asio::steady_timer pause(loop.io, 1ms);  // what the kernel takes is not queued
            co_await pause.async_wait(asio::use_awaitable);
        }
        EXPECT_GT(answer->socket->queued(), 1u << 20);
        reads = true;
        co_await answer->socket->room();
        EXPECT_FALSE(answer->socket->full());
        answer->socket->close(1000, "");
        co_await answer->socket->closed();
        EXPECT_FALSE(answer->socket->end()->failure) << answer->socket->end()->error;
        co_return sent;
    };
    const std::size_t sent = loop.run(work(*loop.client, ws(server)));
    EXPECT_EQ(got, sent);
}

TEST(WebSocket, OneThatNeverReadsIsGivenUp) {
    Fixture loop;
    ScriptedServer server(loop.io, [&](Peer& peer, int) -> asio::awaitable<void> {
        const std::string request = co_await peer.request();
        co_await peer.send(switching(request));
        asio::steady_timer forever(loop.io, asio::steady_timer::time_point::max());
        co_await forever.async_wait(kTuple);
    });
    const auto work = [](Client& client, std::string url) -> asio::awaitable<WebSocketEnd> {
        WebSocketLimits limits;
        limits.write = 60ms;
        auto answer = co_await opened(client, to(url, limits));
        answer->socket->send(Opcode::binary, std::string(32u << 20, 'x'));
        co_await answer->socket->room();
        co_return *answer->socket->end();
    };
    const WebSocketEnd end = loop.run(work(*loop.client, ws(server)));
    EXPECT_EQ(end.failure, FailureKind::timeout);
    EXPECT_NE(end.error.find("does not take a message"), std::string::npos) << end.error;
}

TEST(WebSocket, CodesThatMayBeSent) {
    const std::pair<std::uint32_t, int> cases[] = {
        {0, 1000},    {1000, 1000}, {1001, 1001}, {1004, 1011}, {1005, 1000},
        {1006, 1011}, {1011, 1011}, {1014, 1014}, {1015, 1011}, {2999, 1011},
        {3000, 3000}, {4999, 4999}, {5000, 1011}, {401, 1011},  {70000, 1011}};
    for (const auto& [given, sent] : cases) EXPECT_EQ(sendable_close_code(given), sent) << given;
}

}  // namespace
}  // namespace patchbay::http::testing
