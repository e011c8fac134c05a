// What a WebSocket client offers in Sec-WebSocket-Protocol.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "gateway/request.hpp"

namespace patchbay::gateway {

/// Views into the request.
struct OfferedProtocols {
    /// Of "openai-insecure-api-key.<key>": browsers cannot send headers, so OpenAI's clients put
    /// their key there. It is a secret and no name: never sent back, passed on or logged.
    std::string_view key;
    std::vector<std::string_view> names;  ///< the others, in order

    /// What the server chooses: "realtime" if it is offered, else the first; empty = none.
    std::string_view chosen() const;
    /// OpenAI-Beta as browsers say it, "openai-beta.realtime-v1"; empty if it is not offered.
    std::string_view beta() const;
};

OfferedProtocols offered_protocols(const Request& request);

}  // namespace patchbay::gateway
