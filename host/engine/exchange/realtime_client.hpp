// The client of a realtime exchange: the surface that it speaks.
#pragma once

#include <boost/asio/awaitable.hpp>

#include "engine/http/websocket.hpp"

namespace patchbay {

/// Holds a client whose WebSocket handshake is not answered yet. On the loop's thread; outlives the
/// exchange, but not what a coroutine of accept() that was cut off still destroys: that may touch
/// its own locals only.
class RealtimeClient {
  public:
    virtual ~RealtimeClient() = default;

    /// Answers the handshake with 101; at most once. What it returns belongs to this object and
    /// lives as long. nullptr: the client is gone.
    virtual boost::asio::awaitable<http::WebSocket*> accept() = 0;
};

}  // namespace patchbay
