// Plays the events of WebSockets into a machine.
#pragma once

#include "machine.hpp"

namespace patchbay::transcript {

/// The event, as the gateway would feed it: from memory of exactly its size, freed afterwards. Ends
/// the run with a fault if the socket is not there, or not one that such an event can come from.
void feed_socket(Machine& machine, const SocketEvent& event);

/// The machine has a socket from which something may come.
bool listens(const Machine& machine);

/// All sockets have ended, the client's too: the exchange is over as it should be.
bool sockets_ended(const Machine& machine);

}  // namespace patchbay::transcript
