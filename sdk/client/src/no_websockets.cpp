// What this library has in place of the engine's WebSockets (host/engine/http/websocket.cpp and its handshake).
//
// They are for realtime calls, which only the gateway takes: here no operation leads to them, and with Beast's
// WebSockets the library would be a twelfth larger. The linker takes these definitions, as they come before the
// engine's archive; one that is missing makes it take the archive's, too, and say that there are two. None is
// opened, so nothing is ever asked of one.
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "engine/http/websocket.hpp"

namespace patchbay::http {

namespace asio = boost::asio;

class WebSocket::Impl {};

WebSocket::WebSocket(std::shared_ptr<Impl> impl) : impl_(std::move(impl)) {}
WebSocket::WebSocket(WebSocket&&) noexcept = default;
WebSocket& WebSocket::operator=(WebSocket&&) noexcept = default;
WebSocket::~WebSocket() = default;

asio::awaitable<std::optional<WebSocket::Message>> WebSocket::read() {
    co_return std::nullopt;
}

const std::optional<WebSocketEnd>& WebSocket::end() const {
    static const std::optional<WebSocketEnd> ended{WebSocketEnd{}};
    return ended;
}

void WebSocket::send(Opcode, std::string) {}
std::size_t WebSocket::queued() const {
    return 0;
}
bool WebSocket::full() const {
    return false;
}
asio::awaitable<void> WebSocket::room() {
    co_return;
}
void WebSocket::close(std::uint32_t, std::string_view) {}
void WebSocket::close_now(std::uint32_t, std::string_view) {}
asio::awaitable<void> WebSocket::closed() {
    co_return;
}

asio::awaitable<Expected<WebSocketAnswer>> open_websocket(Client&, const WebSocketRequest&) {
    co_return Failure{FailureKind::connect, "the client library opens no WebSockets"};
}

}  // namespace patchbay::http
