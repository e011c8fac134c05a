#include "engine/exchange/sockets.hpp"

#include <algorithm>
#include <utility>

#include "engine/exchange/run.hpp"
#include "patchbay/sdk/text.hpp"

namespace patchbay {

namespace asio = boost::asio;
using bay::str;

Sockets::End* Sockets::find(std::uint32_t call) {
    const auto found =
        std::find_if(ends_.begin(), ends_.end(), [call](const End& e) { return e.call == call; });
    return found == ends_.end() ? nullptr : &*found;
}

void Sockets::perform(WsSendAction action) {
    End* end = find(action.call);
    if (end == nullptr || end->ended) return;
    if (end->socket != nullptr) {
        end->socket->send(static_cast<http::WebSocket::Opcode>(action.opcode),
                          std::move(action.data));
        return;
    }
    end->early_bytes += action.data.size();
    end->early.emplace_back(std::move(action));
}

void Sockets::perform(WsCloseAction action) {
    End* end = find(action.call);
    if (end == nullptr || end->ended) return;
    if (end->socket != nullptr) {
        end->socket->close(action.code, action.reason);
    } else {
        end->early.emplace_back(std::move(action));
    }
}

void Sockets::opened(End& end, http::WebSocket& socket) {
    end.socket = &socket;
    end.early_bytes = 0;
    for (Early& action : std::exchange(end.early, {})) {
        std::visit([this](auto& early) { perform(std::move(early)); }, action);
    }
}

std::size_t Sockets::waiting() const {
    std::size_t sum = 0;
    for (const End& end : ends_) {
        sum += end.early_bytes + (end.socket != nullptr ? end.socket->queued() : 0);
    }
    return sum;
}

bool Sockets::all_ended() const {
    const bool accepted = std::any_of(ends_.begin(), ends_.end(),
                                      [](const End& end) { return end.call == 0 && end.ended; });
    return accepted && !upstream_left();
}

bool Sockets::upstream_left() const {
    return std::any_of(ends_.begin(), ends_.end(),
                       [](const End& end) { return end.call != 0 && !end.ended; });
}

asio::awaitable<void> Sockets::room() {
    for (End& end : ends_) {
        if (run_.over()) co_return;
        if (end.socket != nullptr && end.socket->full()) co_await end.socket->room();
    }
}

asio::awaitable<void> Sockets::serve(WsOpenAction action) {
    End& end = *find(action.call);
    http::WebSocketRequest request;
    request.verify_tls = run_.verify_tls_;
    request.headers = action.headers;
    request.subprotocols = action.subprotocols;
    request.connect = run_.timeouts_.connect;
    if (run_.timeouts_.first_byte.count() > 0) {
        request.opening = std::min(request.opening, run_.timeouts_.first_byte);
    }
    request.limits.idle = std::chrono::milliseconds(action.idle_ms);

    http::WebSocketEnd refused;
    const auto url = http::parse_url(action.url);
    if (!url) {
        refused.code = 0;
        refused.failure = http::FailureKind::connect;
        refused.error = "not a ws or wss URL";
        co_return co_await feed_end(end, BAY_EV_WS_CLOSE, refused);
    }
    request.url = *url;
    auto answer = co_await open_websocket(run_.context_.client, request);
    if (run_.over()) co_return;
    if (!answer) {
        refused.code = 0;
        refused.failure = answer.error().kind;
        refused.error = answer.error().text;
        co_return co_await feed_end(end, BAY_EV_WS_CLOSE, refused);
    }
    if (!answer->socket) {
        refused.code = static_cast<std::uint16_t>(answer->status);
        refused.failure = http::FailureKind::connect;
        refused.error = std::move(answer->body);
        co_return co_await feed_end(end, BAY_EV_WS_CLOSE, refused);
    }
    end.own = std::move(answer->socket);
    opened(end, *end.own);
    bay_ev_ws event{};
    event.h = {sizeof event, BAY_EV_WS_OPEN};
    event.call = action.call;
    event.code = static_cast<std::uint32_t>(answer->status);
    event.data = str(answer->subprotocol);
    co_await run_.deliver(event.h, action.call);
    if (!run_.over()) run_.start_pending();
    co_await read(end, BAY_EV_WS_FRAME);
    if (!run_.over()) co_await feed_end(end, BAY_EV_WS_CLOSE, *end.own->end());
}

asio::awaitable<void> Sockets::serve(AcceptAction) {
    End& end = *find(0);
    http::WebSocket* socket = co_await client_->accept();
    if (run_.over()) co_return;
    if (socket == nullptr) {
        run_.gone_ = true;
        run_.wake();
        co_return;
    }
    opened(end, *socket);
    co_await read(end, BAY_EV_CLIENT_FRAME);
    if (!run_.over()) co_await feed_end(end, BAY_EV_CLIENT_CLOSE, *socket->end());
}

asio::awaitable<void> Sockets::read(End& end, std::uint32_t type) {
    while (!run_.over()) {
        const auto message = co_await end.socket->read();
        if (!message || run_.over()) co_return;
        bay_ev_ws event{};
        event.h = {sizeof event, type};
        event.call = end.call;
        event.opcode = static_cast<std::uint32_t>(message->opcode);
        event.data = str(message->data);
        co_await run_.deliver(event.h, end.call);
        if (run_.over()) co_return;
        run_.start_pending();
        co_await room();
    }
}

asio::awaitable<void> Sockets::feed_end(End& end, std::uint32_t type,
                                        const http::WebSocketEnd& how) {
    end.ended = true;
    end.socket = nullptr;
    end.early.clear();
    bay_ev_ws event{};
    event.h = {sizeof event, type};
    event.call = end.call;
    event.code = how.code;
    if (how.failure) event.failure = static_cast<std::uint32_t>(*how.failure);
    event.data = str(how.failure ? how.error : how.reason);
    const std::uint16_t code = how.failure ? std::uint16_t{1011} : how.code;
    const std::string reason = how.failure ? std::string() : how.reason;
    co_await run_.deliver(event.h, end.call);
    if (run_.over()) co_return;
    run_.start_pending();
    if (end.call == 0) {
        // Nobody is left to read what is still on its way.
        for (End& other : ends_) {
            if (other.socket == nullptr) {
                if (!other.ended) other.early.emplace_back(WsCloseAction{other.call, 1001, {}});
            } else if (how.failure) {
                other.socket->close_now(1001, "the client is gone");
            } else {
                other.socket->close(code, reason);
            }
        }
    } else if (End* client = find(0); client && client->socket && !upstream_left()) {
        client->socket->close(code, reason);
    }
}

asio::awaitable<void> Sockets::finish() {
    for (End& end : ends_) {
        if (end.socket != nullptr) end.socket->close(1000, "");
    }
    for (End& end : ends_) {
        if (end.socket != nullptr) co_await end.socket->closed();
    }
}

void Sockets::abort() {
    for (End& end : ends_) {
        end.socket = nullptr;
        end.own.reset();
    }
}

}  // namespace patchbay
