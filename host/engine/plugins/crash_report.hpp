// Says which plugin took the process down.
//
// A plugin that crashes cannot be survived: its memory is the process's memory. It can be named.
// Every call into a plugin stands in a CallScope, which keeps a note of it in a thread-local; the
// handler of the fatal signals writes that note to stderr and lets the signal do what it does. An
// exception that leaves a plugin ends in std::terminate (its functions are noexcept), so it is
// reported as SIGABRT. Tested by crash_report_test.cpp.
#pragma once

#include <cstddef>
#include <cstdint>

namespace patchbay {

/// What is told about a call into a plugin. All pointers are NUL-terminated and must outlive the
/// scope.
struct CallNote {
    const char* plugin = "";     ///< manifest id
    const char* component = "";  ///< component id; empty for calls that concern the whole file
    const char* sha256 = "";     ///< of the file
    const char* what = "";       ///< "load", "init", "create", "open", "feed", "close", ...
    std::uint32_t event = 0;     ///< BAY_EV_* for "feed", else 0
};

/// "HTTP_FRAME" for BAY_EV_HTTP_FRAME; nullptr for a number that this host does not know. Static.
const char* event_name(std::uint32_t event);

/// Marks the calling thread as being inside a plugin for as long as it lives. Scopes nest; costs
/// two thread-local stores.
class CallScope {
  public:
    explicit CallScope(const CallNote& note) noexcept;
    ~CallScope();
    CallScope(const CallScope&) = delete;
    CallScope& operator=(const CallScope&) = delete;

  private:
    CallNote note_;
    const CallNote* outer_;
};

/// Installs the handlers for SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGABRT, for the whole process. If
/// the crashing thread is inside a plugin, one line goes to stderr:
///   patchbay: crash in plugin com.example.thing, component thing, feed(HTTP_FRAME), signal 11,
///   sha256 ...
/// and in any case the signal then takes its default action. [start-up, before other threads]
void install_crash_report();

/// Gives the calling thread a stack of its own for signal handlers, so that a plugin that overflows
/// the thread's stack is reported too. Destroy it on the same thread.
class SignalStack {
  public:
    /// Without memory for it the thread simply goes without.
    SignalStack();
    ~SignalStack();
    SignalStack(const SignalStack&) = delete;
    SignalStack& operator=(const SignalStack&) = delete;

  private:
    void* memory_ = nullptr;
    std::size_t size_ = 0;
};

}  // namespace patchbay
