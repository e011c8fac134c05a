// What a plugin's process may still do before the first instruction of its plugin is run: compute,
// allocate memory, talk over one socket, and map the files that were opened for it beforehand.
//
// The dynamic linker opens what it maps, and a filter cannot look at names. So the files are open
// already (library_files.hpp), and the filter lets nothing be opened: what the linker asks for by
// the name "/proc/self/fd/N" is answered by a signal handler in the process itself, with the number
// N. The handler has no rights that the plugin would not have, so it does not matter that hostile
// code can call it, change it, or write over it.
#pragma once

#include <cstddef>
#include <string>

namespace patchbay::isolation {

/// First thing in the child: closes every descriptor but 0, 1, 2 and `socket`, bounds memory,
/// forbids core files and debuggers, and gives up every way to new privileges. Empty = done, else
/// what failed.
std::string confine_process(int socket);

/// Writes on `socket` and reads, memory that is not executable, code of a file that is open,
/// futexes, clocks, randomness, ends: from here on any other system call ends the process with
/// SIGSYS. No descriptor, process or thread is added any more, and root's capabilities are gone.
/// The calling thread must be the only one. Empty = done, else what failed; no plugin may be loaded
/// then.
std::string forbid_system_calls(int socket);

/// The name under which dlopen() gets the open file `fd`, before and behind the filter.
std::string loadable_name(int fd);

/// No file is mapped any more: from here on loadable_name() is a forbidden name like any other.
void end_loading();

/// For a process that tries a plugin which runs in the gateway later: no signal to another process,
/// no look into one, no hand on its limits; such a call ends the process with SIGSYS. Empty = done,
/// else what failed. Contains accidents, not attacks: it may still open files.
std::string forbid_reaching_others();

/// False in a build with AddressSanitizer or ThreadSanitizer, whose run-time needs files, terabytes
/// of address space and calls of its own: memory is not bounded there and no calls are forbidden.
bool sandbox_is_whole();

/// Bound of a child's address space, bytes.
inline constexpr std::size_t kMaxMemory = std::size_t{4} << 30;

}  // namespace patchbay::isolation
