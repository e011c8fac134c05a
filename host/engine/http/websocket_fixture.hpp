// Test support: handshakes of the WebSocket client, and servers that answer them.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <boost/beast/websocket.hpp>
#include <gtest/gtest.h>

#include "engine/http/scripted_server.hpp"
#include "engine/http/websocket.hpp"

namespace patchbay::http::testing {

namespace beast = boost::beast;
namespace websocket = boost::beast::websocket;
using Server = websocket::stream<tcp::socket&>;
using Opcode = WebSocket::Opcode;

/// What a client asks for; `url` is of ws or wss.
struct Handshake {
    std::string url;
    std::vector<Header> headers = {};
    std::string subprotocols = {};
    std::chrono::milliseconds opening{5'000};
    WebSocketLimits limits = {};
};

// gcc 12 cannot compile such an aggregate inside of a coroutine.
inline Handshake to(std::string url, const WebSocketLimits& limits = {}) {
    return {.url = std::move(url), .headers = {}, .subprotocols = {}, .limits = limits};
}

inline std::string ws(const ScriptedServer& server, std::string_view path = "/",
                      std::string_view host = "127.0.0.1") {
    return "ws" + server.url(path, host).substr(4);
}

inline asio::awaitable<Expected<WebSocketAnswer>> opened(Client& client, Handshake h) {
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
inline std::string switching(const std::string& request) {
    const auto at = request.find("Sec-WebSocket-Key: ") + 19;
    websocket::detail::sec_ws_accept_type accept;
    websocket::detail::make_sec_ws_accept(
        accept, std::string_view(request).substr(at, request.find("\r\n", at) - at));
    return "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
           "Sec-WebSocket-Accept: " +
           std::string(accept.data(), accept.size()) + "\r\n\r\n";
}

/// Shakes hands, sends these bytes and waits for the client to close.
inline ScriptedServer::Script bytes(std::string after) {
    return [after](Peer& peer, int) -> asio::awaitable<void> {
        const std::string request = co_await peer.request();
        co_await peer.send(switching(request) + after);
        co_await peer.closed();
    };
}

/// A frame as a server sends it, with a payload of less than 126 bytes.
inline std::string frame(int first, const std::string& payload) {
    return std::string(1, static_cast<char>(first)) + static_cast<char>(payload.size()) + payload;
}

/// Sends everything back until the client closes.
inline ScriptedServer::Script echo() {
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

inline asio::awaitable<Heard> hear(Client& client, Handshake h) {
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

}  // namespace patchbay::http::testing
