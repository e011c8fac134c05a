#include "gateway/realtime_session.hpp"

#include <boost/json.hpp>

#include "gateway/subprotocols.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::gateway {

namespace asio = boost::asio;
namespace json = boost::json;

namespace {

constexpr std::uint32_t kGoingAway = 1001;
constexpr std::uint32_t kInternalError = 1011;
constexpr const char* kLeaving = "the gateway is shutting down";

}  // namespace

RealtimeSession::RealtimeSession(Call& call) : call_(call) {
    call.world.sessions.insert(this);
}

RealtimeSession::~RealtimeSession() {
    call_.world.sessions.erase(this);
}

asio::awaitable<http::WebSocket*> RealtimeSession::accept() {
    accepted_ = true;
    call_.logged.status = 101;
    auto headers = call_.headers();
    const auto protocol = offered_protocols(call_.request).chosen();
    if (!protocol.empty()) headers.emplace_back("sec-websocket-protocol", protocol);
    auto bytes = co_await call_.connection.take_over();
    if (!bytes) co_return nullptr;
    http::WebSocketLimits limits;
    limits.idle = kIdle;
    auto socket = co_await http::accept_websocket(call_.world.loop, std::move(*bytes),
                                                  call_.request.head, std::move(headers), limits);
    if (!socket) co_return nullptr;
    socket_ = std::move(socket);
    if (leaving_) socket_->close(kGoingAway, kLeaving);
    co_return &*socket_;
}

void RealtimeSession::going_away() {
    leaving_ = true;
    if (socket_) socket_->close(kGoingAway, kLeaving);
}

asio::awaitable<void> RealtimeSession::end_with_error(const Error& error) {
    if (!socket_) co_return;
    // Own words around a provider's, as error_json() wrote them.
    const json::value shown = json_tree::read(error_json(error)).value;
    json::object event{{"type", "error"}, {"event_id", "event_" + call_.id}};
    event["error"] = shown.is_object() ? shown.get_object().at("error") : json::object();
    socket_->send(http::WebSocket::Opcode::text, json_tree::write(event));
    socket_->close(kInternalError, error.message);
    co_await socket_->closed();
}

}  // namespace patchbay::gateway
