// GET /realtime: a client's WebSocket, relayed to a provider's.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "gateway/call.hpp"
#include "gateway/routes.hpp"

namespace patchbay::gateway {

/// Checks the handshake, finds the model group of "?model=", tries deployments until one has opened
/// its side (as chat does), then accepts the client and stays until the session ends. What fails
/// before is an HTTP error; what fails after it is OpenAI's error event and a close with 1011.
boost::asio::awaitable<void> handle_realtime(Call& call, const Match& match);

}  // namespace patchbay::gateway
