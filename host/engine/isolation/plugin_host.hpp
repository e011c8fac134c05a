// The program patchbay-plugin-host: a process that forks one for each plugin process that the
// gateway asks for (fork_server.hpp), and what such a process does: it gives up all rights, loads
// one plugin file, and from then on answers frames (wire.hpp) until the gateway closes the socket.
#pragma once

#include <string>

namespace patchbay::isolation {

/// The descriptor of the socket to the gateway, in either process.
inline constexpr int kChildSocket = 3;

/// Forks until the gateway is gone. Returns the exit code for main().
int run_plugin_host();

/// `file` is the private copy of the plugin, `level` spdlog's number of the least level that is
/// logged. The calling thread must be the only one of the process.
[[noreturn]] void serve_plugin(const std::string& file, const std::string& sha256, int level);

}  // namespace patchbay::isolation
