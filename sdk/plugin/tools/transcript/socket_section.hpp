// The sections that are events of WebSockets.
#pragma once

#include <string_view>

#include "section.hpp"
#include "transcript.hpp"

namespace patchbay::transcript {

/// True of "ws-open", "ws-frame", "ws-close", "client-frame" and "client-close".
bool is_socket_section(std::string_view name);

/// The name of the section that gives this event (BAY_EV_WS_*, BAY_EV_CLIENT_*). Static.
const char* socket_section(std::uint32_t type);

/// One of them. Throws FileError.
SocketEvent read_socket_event(const SectionReader& reader, const Section& section);

}  // namespace patchbay::transcript
