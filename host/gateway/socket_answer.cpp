#include "gateway/socket_answer.hpp"

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

SocketAnswer::SocketAnswer(Served& served) : served_(served) {
    served.server.sessions.insert(this);
}

SocketAnswer::~SocketAnswer() {
    served_.server.sessions.erase(this);
}

asio::awaitable<http::WebSocket*> SocketAnswer::accept() {
    accepted_ = true;
    served_.logged.status = 101;
    auto headers = served_.headers();
    const auto protocol = offered_protocols(served_.request).chosen();
    if (!protocol.empty()) headers.emplace_back("sec-websocket-protocol", protocol);
    auto bytes = co_await served_.connection.take_over();
    if (!bytes) co_return nullptr;
    http::WebSocketLimits limits;
    limits.idle = kIdle;
    auto socket = co_await http::accept_websocket(served_.server.engine.loop, std::move(*bytes),
                                                  served_.request.head, std::move(headers), limits);
    if (!socket) co_return nullptr;
    socket_ = std::move(socket);
    if (leaving_) socket_->close(kGoingAway, kLeaving);
    co_return &*socket_;
}

void SocketAnswer::going_away() {
    leaving_ = true;
    if (socket_) socket_->close(kGoingAway, kLeaving);
}

asio::awaitable<void> SocketAnswer::finish(const Error* error) {
    if (error && !accepted_) {
        co_return co_await send_error(served_, *error, &served_.call()->surface);
    }
    served_.logged.complete = true;
    if (!error) co_return;
    served_.logged.status = error->status();
    served_.logged.reason = error->message;
    co_await end_with_error(*error);
}

asio::awaitable<void> SocketAnswer::end_with_error(const Error& error) {
    if (!socket_) co_return;
    // Own words around a provider's, as error_json() wrote them.
    const json::value shown = json_tree::read(error_json(error)).value;
    json::object event{{"type", "error"}, {"event_id", "event_" + served_.id}};
    event["error"] = shown.is_object() ? shown.get_object().at("error") : json::object();
    socket_->send(http::WebSocket::Opcode::text, json_tree::write(event));
    socket_->close(kInternalError, error.message);
    co_await socket_->closed();
}

}  // namespace patchbay::gateway
