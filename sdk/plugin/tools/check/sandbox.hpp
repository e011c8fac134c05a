// A seccomp filter that lets a process compute and nothing else.
#pragma once

#include <string>

namespace patchbay::check {

/// From here on the process may use memory, futexes, random numbers, end itself and write to the
/// descriptor `result`; any other system call ends it with SIGSYS, its number in progress().
/// Cannot be undone. False if the kernel does not offer it.
bool enter_sandbox(int result);

/// "socket", or "system call 123".
std::string syscall_name(int number);

}  // namespace patchbay::check
