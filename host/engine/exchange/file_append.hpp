// Appending to a file of the operator's, for log sinks (patchbay/logger.h).
#pragma once

#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "engine/loop.hpp"

namespace patchbay {

inline constexpr std::string_view kFileUrl = "file:///";

/// Appends `bytes` to the file of a "file:///absolute/path" URL (percent-encoded as RFC 8089 says),
/// which is made with mode 0600 if it is missing. On a thread of `loop.blocking`. Empty, or what
/// the system says.
boost::asio::awaitable<std::string> append_to_file(Loop loop, std::string url, std::string bytes);

}  // namespace patchbay
