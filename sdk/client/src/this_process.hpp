// Which process this is, for handles that a child of fork() must not use.
#pragma once

#include <cstdint>

namespace patchbay::client {

/// To be called before a handle is made. Throws std::bad_alloc if the system does not tell of forks. Any thread.
void watch_forks();

/// How many forks made this process of the first one that called watch_forks(): another number than that of every
/// process whose handles it has inherited. A look at the memory, where getpid() is a system call. Any thread.
std::uint32_t this_process();

}  // namespace patchbay::client
