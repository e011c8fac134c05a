// What a machine asked for during one feed(): recorded, and performed after it returned.
#pragma once

#include <cstdint>
#include <memory_resource>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include <boost/asio/buffer.hpp>

#include "engine/http/client.hpp"

namespace patchbay {

/// bay_out.http. All views point into the exchange's arena or into the request body (blob 0).
struct HttpAction {
    std::uint32_t call = 0;
    std::uint32_t flags = 0;
    std::uint32_t decode = 0;
    std::string_view method;
    std::string_view url;
    std::pmr::vector<http::Header> headers;
    std::pmr::vector<boost::asio::const_buffer> body;
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
