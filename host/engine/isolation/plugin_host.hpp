// The program of a plugin's own process: loads one plugin file, gives up all rights, and from then
// on answers frames (wire.hpp) until the gateway closes the socket.
#pragma once

namespace patchbay::isolation {

/// The descriptor the gateway leaves the child's end of the socket on.
inline constexpr int kChildSocket = 3;

/// "<program> FILE LEVEL": FILE is the private copy of the plugin, LEVEL spdlog's number of the
/// least level that is logged. Returns the exit code for main().
int run_plugin_host(int argc, char** argv);

}  // namespace patchbay::isolation
