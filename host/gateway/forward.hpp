// Requests that are no calls, on their way to the control plane.
#pragma once

#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

namespace patchbay::gateway {

class Served;

/// The control plane as the gateway sees it: what it serves, and where it listens.
struct ControlPlane {
    /// The route that a path belongs to, as LiteLLM writes it; empty if the control plane has none. Any thread.
    std::string_view (*route)(std::string_view path) = nullptr;
    std::string socket;  ///< path of its Unix socket; empty = there is none
};

/// Sends the request there and its answer back. The client's key goes along in one header and is not looked
/// at here. 502 if the control plane does not answer, 504 if it does not within 60 s; a client that leaves
/// leaves the request to it.
boost::asio::awaitable<void> forward(Served& served);

}  // namespace patchbay::gateway
