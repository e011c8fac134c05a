// The WebSocket client against Beast's server, and against bytes that no server should send.
#include "engine/http/websocket.hpp"

#include <boost/beast/websocket.hpp>
#include <gtest/gtest.h>

#include "engine/http/scripted_server.hpp"
#include "engine/http/test_certificates.hpp"

namespace patchbay::http::testing {
namespace {

using namespace std::chrono_literals;
namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using Server = websocket::stream<tcp::socket&>;
using Opcode = WebSocket::Opcode;

struct Handshake {
    std::string url;
    std::vector<Header> headers = {};
    std::string subprotocols = {};
    std::chrono::milliseconds opening{5'000};
    WebSocketLimits limits = {};
};

// gcc 12 cannot compile such an aggregate inside of a coroutine.
Handshake to(std::string url, const WebSocketLimits& limits = {}) {
    return {.url = std::move(url), .headers = {}, .subprotocols = {}, .limits = limits};
}

std::string ws(const ScriptedServer& server, std::string_view path = "/",
               std::string_view host = "127.0.0.1") {
    return "ws" + server.url(path, host).substr(4);
}

asio::awaitable<Expected<WebSocketAnswer>> opened(Client& client, Handshake h) {
    const std::string url = http_form(h.url).value();
    WebSocketRequest request;
    request.url = parse_url(url).value();
    request.headers = h.headers;
    request.subprotocols = h.subprotocols;
    request.opening = h.opening;
    request.limits = h.limits;
    auto answer = co_await open_websocket(client, request);
    co_return answer;
}

/// The server's answer to the handshake that `request` is.
std::string switching(const std::string& request) {
    const auto at = request.find("Sec-WebSocket-Key: ") + 19;
    websocket::detail::sec_ws_accept_type accept;
    websocket::detail::make_sec_ws_accept(
        accept, std::string_view(request).substr(at, request.find("\r\n", at) - at));
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Accept: " +
           std::string(accept.data(), accept.size()) + "\r\n\r\n";
}

/// Shakes hands, sends these bytes and waits for the client to close.
ScriptedServer::Script bytes(std::string after) {
    return [after](Peer& peer, int) -> asio::awaitable<void> {
        const std::string request = co_await peer.request();
        co_await peer.send(switching(request) + after);
        co_await peer.closed();
    };
}

/// A frame as a server sends it, with a payload of less than 126 bytes.
std::string frame(int first, const std::string& payload) {
    return std::string(1, static_cast<char>(first)) + static_cast<char>(payload.size()) + payload;
}

/// Sends everything back until the client closes.
ScriptedServer::Script echo() {
    return [](Peer& peer, int) -> asio::awaitable<void> {
        Server server(peer.socket());
        auto [refused] = co_await server.async_accept(kTuple);
        while (!refused) {
            beast::flat_buffer in;
            auto [ec, size] = co_await server.async_read(in, kTuple);
            if (ec) co_return;
            server.text(server.got_text());
            auto [failed, sent] = co_await server.async_write(in.data(), kTuple);
            if (failed) co_return;
        }
    };
}

/// Everything that is read until the end, and the end.
struct Heard {
    std::vector<std::string> messages;
    WebSocketEnd end;
    std::string problem;
};

asio::awaitable<Heard> hear(Client& client, Handshake h) {
    Heard heard;
    auto answer = co_await opened(client, std::move(h));
    if (!answer || !answer->socket) {
        heard.problem = answer ? "refused" : answer.error().text;
        co_return heard;
    }
    for (;;) {
        const auto message = co_await answer->socket->read();
        if (!message) break;
        heard.messages.push_back((message->opcode == Opcode::text ? "t:" : "b:") +
                                 std::string(message->data));
    }
    heard.end = *answer->socket->end();
    co_return heard;
}

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

TEST(WebSocket, TheHandshakeHasWhatWasAskedFor) {
    Fixture loop;
    std::string head;
    ScriptedServer server(loop.io, [&](Peer& peer, int) -> asio::awaitable<void> {
        head = co_await peer.request();
        std::string answer = switching(head);
        answer.insert(answer.size() - 2, "Sec-WebSocket-Protocol: realtime\r\n");
        co_await peer.send(answer);
    });
    const Handshake asked{.url = ws(server, "/v1/realtime?model=m"),
                          .headers = {{"Authorization", "Bearer k"},
                                      {"Host", "evil"},
                                      {"sec-websocket-key", "mine"},
                                      {"Upgrade", "h2c"}},
                          .subprotocols = "realtime, other"};
    const auto answer = loop.run(opened(*loop.client, asked));
    ASSERT_TRUE(answer) << answer.error().text;
    EXPECT_EQ(answer->subprotocol, "realtime");
    EXPECT_TRUE(head.starts_with("GET /v1/realtime?model=m HTTP/1.1\r\n")) << head;
    EXPECT_NE(head.find("Host: 127.0.0.1:" + std::to_string(server.port()) + "\r\n"), head.npos);
    EXPECT_NE(head.find("Authorization: Bearer k\r\n"), head.npos);
    EXPECT_NE(head.find("Sec-WebSocket-Protocol: realtime, other\r\n"), head.npos);
    for (const char* not_there : {"evil", "mine", "h2c"}) {
        EXPECT_EQ(head.find(not_there), head.npos) << not_there;
    }
}

TEST(WebSocket, HeadersThatHttpCannotCarryAreRefused) {
    Fixture loop;
    ScriptedServer server(loop.io, echo());
    for (const Handshake& bad :
         {Handshake{.url = ws(server), .headers = {{"a b", "x"}}},
          Handshake{.url = ws(server), .headers = {{"a", "x\r\ny: z"}}},
          Handshake{.url = ws(server), .headers = {}, .subprotocols = "a\r\nb: c"}}) {
        const auto answer = loop.run(opened(*loop.client, bad));
        ASSERT_FALSE(answer);
        EXPECT_EQ(answer.error().kind, FailureKind::framing);
    }
    EXPECT_EQ(server.accepted(), 0);
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

TEST(WebSocket, ARefusedHandshakeHasAStatusAndABody) {
    Fixture loop;
    for (const std::size_t size : {std::size_t{5}, WebSocketAnswer::kMaxBody + 1000}) {
        ScriptedServer server(loop.io, [&](Peer& peer, int) -> asio::awaitable<void> {
            co_await peer.request();
            co_await peer.send("HTTP/1.1 401 X\r\nContent-Length: " + std::to_string(size) +
                               "\r\n\r\n" + std::string(size, 'n'));
        });
        const auto answer = loop.run(opened(*loop.client, to(ws(server))));
        ASSERT_TRUE(answer);
        EXPECT_FALSE(answer->socket);
        EXPECT_EQ(answer->status, 401);
        EXPECT_EQ(answer->body, std::string(std::min(size, WebSocketAnswer::kMaxBody), 'n'));
    }
    EXPECT_EQ(loop.client->open_connections(), 0u);
}

TEST(WebSocket, ABadHandshakeIsAFailure) {
    const struct {
        std::string answer;
        FailureKind kind;
    } cases[] = {
        {"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
         "Sec-WebSocket-Accept: AAAAAAAAAAAAAAAAAAAAAAAAAAA=\r\n\r\n",
         FailureKind::framing},
        {"HTTP/1.1 101 Switching Protocols\r\n\r\n", FailureKind::framing},
        {"no HTTP at all\r\n\r\n", FailureKind::connect},
        {"", FailureKind::connect},
    };
    for (const auto& c : cases) {
        Fixture loop;
        ScriptedServer server(loop.io, [&](Peer& peer, int) -> asio::awaitable<void> {
            co_await peer.request();
            co_await peer.send(c.answer);
        });
        const auto answer = loop.run(opened(*loop.client, to(ws(server))));
        ASSERT_FALSE(answer) << c.answer;
        EXPECT_EQ(answer.error().kind, c.kind) << c.answer << ": " << answer.error().text;
        EXPECT_EQ(loop.client->open_connections(), 0u);
    }
}

TEST(WebSocket, WhatDoesNotAnswerTimesOut) {
    Fixture loop;
    ScriptedServer server(loop.io, [](Peer& peer, int) -> asio::awaitable<void> {
        co_await peer.request();
        co_await peer.closed();
    });
    const auto answer = loop.run(opened(
        *loop.client, {.url = ws(server), .headers = {}, .subprotocols = {}, .opening = 60ms}));
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().kind, FailureKind::timeout) << answer.error().text;
    loop.until([&] { return server.finished() == 1; });
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
    limits.ping = 30ms;
    limits.silence = 90ms;
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

TEST(WebSocket, OpensOverTls) {
    TestCertificate certificate("DNS:localhost");
    Fixture loop({.ca_file = certificate.file()});
    ScriptedServer server(loop.io, bytes(frame(0x81, "secret") + frame(0x88, "\x03\xe8")),
                          &certificate.context());
    const Heard heard = loop.run(hear(*loop.client, to(ws(server, "/", "localhost"))));
    EXPECT_EQ(heard.messages, (std::vector<std::string>{"t:secret"})) << heard.problem;
    EXPECT_EQ(heard.end.code, 1000);
    const Heard other = loop.run(hear(*loop.client, to(ws(server, "/", "127.0.0.1"))));
    EXPECT_NE(other.problem.find("certificate refused"), std::string::npos) << other.problem;
}

// A proxy cannot forward an upgrade, so it is asked for a tunnel also without TLS.
TEST(WebSocket, OpensThroughAProxysTunnel) {
    Fixture loop;
    std::vector<std::string> seen;
    ScriptedServer proxy(loop.io, [&](Peer& peer, int) -> asio::awaitable<void> {
        seen.push_back(co_await peer.request());
        co_await peer.send("HTTP/1.1 200 OK\r\n\r\n");
        const std::string request = co_await peer.request();
        seen.push_back(request);
        co_await peer.send(switching(request) + frame(0x88, "\x03\xe8"));
        co_await peer.closed();
    });
    loop.open({.http_proxy = proxy.url("")});
    const Heard heard = loop.run(hear(*loop.client, to("ws://far.example/x")));
    EXPECT_EQ(heard.end.code, 1000) << heard.problem;
    ASSERT_EQ(seen.size(), 2u);
    EXPECT_TRUE(seen[0].starts_with("CONNECT far.example:80 HTTP/1.1\r\n")) << seen[0];
    EXPECT_TRUE(seen[1].starts_with("GET /x HTTP/1.1\r\n")) << seen[1];
}

// The server's side, with frames that came together with the request.
TEST(WebSocket, AcceptsWithBytesThatCameAhead) {
    Fixture loop;
    std::string answer;
    const std::vector<std::pair<std::string, std::string>> more{{"x-id", "7"},
                                                                {"bad", "a\r\nb: c"}};
    ScriptedServer server(loop.io, [&](Peer& peer, int) -> asio::awaitable<void> {
        beast::http::request_header<> head;
        head.method(beast::http::verb::get);
        head.target("/");
        head.version(11);
        head.set("host", "x");
        head.set("connection", "keep-alive, Upgrade");
        head.set("upgrade", "WebSocket");
        head.set("sec-websocket-version", "13");
        head.set("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
        EXPECT_EQ(handshake_problem(head), "");
        Socket socket(loop.io, tcp::v4(), peer.socket().release());
        const std::string masked(
            "\x81\x82\x01\x02\x03\x04"
            "ik",
            8);  // "hi"
        auto accepted = co_await accept_websocket(
            Loop{loop.io, loop.deadlines, loop.blocking},
            ByteStream(Loop{loop.io, loop.deadlines, loop.blocking}, std::move(socket), masked),
            head, more, {});
        EXPECT_TRUE(accepted);
        const auto message = co_await accepted->read();
        EXPECT_EQ(message.value_or(WebSocket::Message{}).data, "hi");
        accepted->close(1001, "going");
        co_await accepted->closed();
    });
    const auto work = [&](std::uint16_t port) -> asio::awaitable<int> {
        tcp::socket socket(loop.io);
        co_await socket.async_connect({asio::ip::address_v4::loopback(), port},
                                      asio::use_awaitable);
        for (;;) {
            char piece[1000];
            auto [ec, size] = co_await socket.async_read_some(asio::buffer(piece), kTuple);
            answer.append(piece, size);
            const bool closing = answer.ends_with("going");
            if (closing || ec) co_return 0;
        }
    };
    loop.run(work(server.port()));
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 101 ")) << answer;
    EXPECT_NE(answer.find("Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n"), answer.npos);
    EXPECT_NE(answer.find("x-id: 7\r\n"), answer.npos);
    EXPECT_EQ(answer.find("b: c"), answer.npos);
    EXPECT_TRUE(answer.ends_with(frame(0x88, "\x03\xe9going"))) << answer;
}

TEST(WebSocket, SaysWhatIsWrongWithAHandshake) {
    const auto problem = [](const std::function<void(beast::http::request_header<>&)>& spoil) {
        beast::http::request_header<> head;
        head.method(beast::http::verb::get);
        head.version(11);
        head.set("connection", "upgrade");
        head.set("upgrade", "websocket");
        head.set("sec-websocket-version", "13");
        head.set("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==");
        spoil(head);
        return handshake_problem(head);
    };
    using Head = beast::http::request_header<>;
    EXPECT_EQ(problem([](Head&) {}), "");
    EXPECT_NE(problem([](Head& h) { h.method(beast::http::verb::post); }), "");
    EXPECT_NE(problem([](Head& h) { h.version(10); }), "");
    for (const char* name :
         {"connection", "upgrade", "sec-websocket-version", "sec-websocket-key"}) {
        EXPECT_NE(problem([&](Head& h) { h.erase(name); }), "") << name;
        EXPECT_NE(problem([&](Head& h) { h.set(name, "x"); }), "") << name;
    }
    EXPECT_NE(problem([](Head& h) { h.set("sec-websocket-key", std::string(24, 'A')); }), "");
    EXPECT_NE(problem([](Head& h) { h.insert("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ=="); }),
              "");
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
