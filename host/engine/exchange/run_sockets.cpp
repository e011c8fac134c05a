// What a run does with the actions that concern WebSockets, and how it ends with them.
#include <utility>

#include "engine/exchange/run.hpp"

namespace patchbay {

void Run::begin_event(const bay_event& event, std::uint32_t call, bool live) {
    recorder_.begin_event(call, live, pending_.size());
    recorder_.begin_socket_event(event, sockets_.waiting());
}

bool Run::perform_now(Action& action) {
    if (auto* frame = std::get_if<WsSendAction>(&action)) {
        sockets_.perform(std::move(*frame));
    } else if (auto* close = std::get_if<WsCloseAction>(&action)) {
        sockets_.perform(std::move(*close));
    } else {
        if (auto* open = std::get_if<WsOpenAction>(&action)) sockets_.announce(*open);
        if (auto* accept = std::get_if<AcceptAction>(&action)) sockets_.announce(*accept);
        return false;
    }
    return true;
}

boost::asio::awaitable<void> Run::finish_sockets() {
    if (fault_ || gone_) co_return;
    for (Action& action : std::exchange(recorder_.actions(), {})) {
        if (std::holds_alternative<WsSendAction>(action) ||
            std::holds_alternative<WsCloseAction>(action)) {
            perform_now(action);
        }
    }
    if (!recorder_.error()) co_await sockets_.finish();
}

}  // namespace patchbay
