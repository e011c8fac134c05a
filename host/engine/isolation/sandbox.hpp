// What a plugin's process may still do once its plugin is loaded: compute, allocate memory, and
// talk over one socket.
#pragma once

#include <cstddef>
#include <string>

namespace patchbay::isolation {

/// First thing in the child: closes every descriptor but 0, 1, 2 and `socket`, bounds memory,
/// descriptors and processes, forbids core files, gives up every way to new privileges, and sees to
/// it that the process ends with the thread that started it. Empty = done, else what failed.
std::string confine_process(int socket);

/// Reads and writes on `socket`, memory that is not executable, futexes, clocks, randomness, ends:
/// from here on any other system call ends the process with SIGSYS. The calling thread must be the
/// only one. Empty = done, else what failed.
std::string forbid_system_calls(int socket);

/// False in a build with AddressSanitizer or ThreadSanitizer, whose run-time needs files, terabytes
/// of address space and calls of its own: memory is not bounded there and no calls are forbidden.
bool sandbox_is_whole();

/// Bound of a child's address space, bytes.
inline constexpr std::size_t kMaxMemory = std::size_t{4} << 30;

}  // namespace patchbay::isolation
