// What the child is doing right now, where the parent can still read it after a crash.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace patchbay::check {

/// Memory shared by a test's child process and its parent. Written by the child, read when it is
/// gone. Threads of the child may write at once, by doing() and Inside: what stands then is of one
/// of them, or a text of two.
struct Progress {
    char what[240] = {};          ///< NUL-terminated
    char function[16] = {};       ///< of the plugin, the innermost call
    std::uint32_t event = 0;      ///< type of the event being fed
    std::int32_t syscall = -1;    ///< that the sandbox refused
    std::uint64_t fuzz_seed = 0;  ///< of the case being played
    bool exception_left = false;  ///< std::terminate() was called

    /// "transcript x.txt, in feed() of event 34"
    std::string text() const;
};

/// Of this process; made at the first call, before any fork.
Progress& progress();

/// Notes what comes next.
void doing(std::string_view what);

/// Notes that a function of the plugin is being called.
class Inside {
  public:
    explicit Inside(const char* function, std::uint32_t event = 0);
    ~Inside();
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;
};

}  // namespace patchbay::check
