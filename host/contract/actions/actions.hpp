// What a machine asked for during one feed(): recorded, and performed after it returned.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "contract/http/header.hpp"

namespace patchbay {

/// A piece of a body that is sent in base64. It is encoded when the call is made: a recorder only
/// knows where its bytes are.
struct Base64Piece {
    std::size_t index = 0;  ///< in HttpAction::body, of the empty piece it stands for
    std::string_view bytes;
};

/// Characters of `bytes` bytes in base64 with padding.
constexpr std::uint64_t base64_size(std::uint64_t bytes) {
    return (bytes + 2) / 3 * 4;
}

/// bay_out.http. All views point into the exchange's arena or into the blobs of the request.
struct HttpAction {
    std::uint32_t call = 0;
    std::uint32_t flags = 0;
    std::uint32_t decode = 0;
    std::string_view method;
    std::string_view url;
    std::pmr::vector<http::Header> headers;
    std::pmr::vector<std::string_view> body;
    std::pmr::vector<Base64Piece> base64;
    std::uint32_t total_ms = 0;
    std::uint32_t idle_ms = 0;
    std::uint64_t max_body = 0;
};

/// bay_out.timer.
struct TimerAction {
    std::uint32_t timer = 0;
    std::uint32_t after_ms = 0;
};

/// bay_out.shared_get.
struct SharedGetAction {
    std::string_view key;
};

/// bay_out.ws_open. Views as those of HttpAction.
struct WsOpenAction {
    std::uint32_t call = 0;
    std::uint32_t idle_ms = 0;
    std::string_view url;  ///< in its http(s) form
    std::pmr::vector<http::Header> headers;
    std::string_view subprotocols;
};

/// bay_out.want(BAY_WANT_CLIENT_FRAMES).
struct AcceptAction {};

/// bay_out.ws_send. It owns its data: a session may send more than an arena can keep.
struct WsSendAction {
    std::uint32_t call = 0;  ///< 0 = to the client
    std::uint32_t opcode = 0;
    std::string data;
};

/// bay_out.ws_close.
struct WsCloseAction {
    std::uint32_t call = 0;
    std::uint32_t code = 0;
    std::string reason;
};

using Action = std::variant<HttpAction, TimerAction, SharedGetAction, WsOpenAction, AcceptAction,
                            WsSendAction, WsCloseAction>;

}  // namespace patchbay
