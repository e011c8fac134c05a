#include "sockets.hpp"

#include <algorithm>
#include <string>
#include <vector>

#include "patchbay/sdk/text.hpp"
#include "socket_section.hpp"

namespace patchbay::transcript {
namespace {

constexpr std::uint32_t kSwitching = 101, kNormal = 1000, kAbnormal = 1006;

bool of_client(const SocketEvent& event) {
    return event.type == BAY_EV_CLIENT_FRAME || event.type == BAY_EV_CLIENT_CLOSE;
}

bool is_close(const SocketEvent& event) {
    return event.type == BAY_EV_WS_CLOSE || event.type == BAY_EV_CLIENT_CLOSE;
}

/// The one that the event names, else the oldest that has not ended; nullptr if there is none.
Socket* find(Machine& machine, const SocketEvent& event) {
    const auto found =
        std::find_if(machine.sockets.begin(), machine.sockets.end(), [&](const Socket& socket) {
            if (of_client(event)) return socket.call == 0;
            if (event.call != 0) return socket.call == event.call;
            return socket.call != 0 && !socket.ended;
        });
    return found != machine.sockets.end() ? &*found : nullptr;
}

/// Why no such event can come; nullptr if it can.
const char* fault_of(const Socket* socket, const SocketEvent& event) {
    if (socket == nullptr) {
        return of_client(event) ? "the client was not accepted" : "no such socket was opened";
    }
    if (socket->ended) return "its socket has ended";
    if (event.type == BAY_EV_WS_OPEN) return socket->open ? "its socket is open" : nullptr;
    return socket->open || is_close(event) ? nullptr : "its socket is not open";
}

std::uint32_t code_of(const Socket& socket, const SocketEvent& event) {
    if (event.type == BAY_EV_WS_OPEN) return kSwitching;
    if (!is_close(event)) return 0;
    if (event.code) return *event.code;
    if (event.failure == BAY_FAIL_NONE) return kNormal;
    return socket.open ? kAbnormal : 0;
}

}  // namespace

void feed_socket(Machine& machine, const SocketEvent& event) {
    Socket* socket = find(machine, event);
    if (const char* why = fault_of(socket, event)) {
        return machine.fault("'== " + std::string(socket_section(event.type)) +
                             "' cannot come here: " + why);
    }
    const std::vector<char> data(event.data.begin(), event.data.end());
    bay_ev_ws fed{};
    fed.h = {sizeof fed, event.type};
    fed.call = socket->call;
    fed.opcode = event.type == BAY_EV_WS_FRAME || event.type == BAY_EV_CLIENT_FRAME
                     ? event.opcode
                     : std::uint32_t{0};
    fed.code = code_of(*socket, event);
    fed.failure = event.failure;
    fed.data = bay::str({data.data(), data.size()});
    socket->open = true;
    socket->ended = is_close(event);
    machine.feed(fed.h, fed.call);
}

bool listens(const Machine& machine) {
    return std::any_of(machine.sockets.begin(), machine.sockets.end(),
                       [](const Socket& socket) { return !socket.ended; });
}

bool sockets_ended(const Machine& machine) {
    const bool accepted = std::any_of(machine.sockets.begin(), machine.sockets.end(),
                                      [](const Socket& socket) { return socket.call == 0; });
    return accepted && !listens(machine);
}

}  // namespace patchbay::transcript
