// Handshakes of WebSockets, of the client and of the server: what is asked for, refused and timed.
#include "engine/http/test_certificates.hpp"
#include "engine/http/websocket_fixture.hpp"

namespace patchbay::http::testing {
namespace {

using namespace std::chrono_literals;

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

}  // namespace
}  // namespace patchbay::http::testing
