#include "engine/plugins/crash_report.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <signal.h>
#include <sys/mman.h>
#include <unistd.h>

#include "patchbay/exchange.h"

namespace patchbay {

namespace {

constinit thread_local const CallNote* current_call = nullptr;

constexpr int kFatalSignals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};

// A line in a fixed buffer: a signal handler may not allocate. What does not fit is cut.
class Line {
  public:
    Line& text(const char* text) {
        const std::size_t size = std::min(std::strlen(text), sizeof buffer_ - 1 - size_);
        std::memcpy(buffer_ + size_, text, size);
        size_ += size;
        return *this;
    }
    Line& number(std::uint32_t value) {
        char digits[11];
        char* at = digits + sizeof digits - 1;
        *at = '\0';
        do {
            *--at = static_cast<char>('0' + value % 10);
            value /= 10;
        } while (value != 0);
        return text(at);
    }
    void write_to_stderr() {
        buffer_[size_++] = '\n';
        std::size_t written = 0;
        while (written < size_) {
            const ssize_t n = ::write(STDERR_FILENO, buffer_ + written, size_ - written);
            if (n < 0 && errno == EINTR) continue;
            if (n <= 0) return;
            written += static_cast<std::size_t>(n);
        }
    }

  private:
    char buffer_[1024];
    std::size_t size_ = 0;
};

void report(const CallNote& note, int signal) {
    Line line;
    line.text("patchbay: crash in plugin ").text(note.plugin);
    if (*note.component != '\0') line.text(", component ").text(note.component);
    line.text(", ").text(note.what);
    if (note.event != 0) {
        line.text("(");
        const char* name = event_name(note.event);
        name != nullptr ? line.text(name) : line.text("event ").number(note.event);
        line.text(")");
    }
    line.text(", signal ").number(static_cast<std::uint32_t>(signal));
    line.text(", sha256 ").text(note.sha256).write_to_stderr();
}

void on_fatal_signal(int signal) {
    const int saved_errno = errno;
    // Taken away first: a crash while reporting must not report again.
    const CallNote* note = current_call;
    current_call = nullptr;
    if (note != nullptr) report(*note, signal);
    struct sigaction action {};
    action.sa_handler = SIG_DFL;
    sigaction(signal, &action, nullptr);
    errno = saved_errno;
    // The signal is blocked while its handler runs, so it strikes on return.
    raise(signal);
}

}  // namespace

const char* event_name(std::uint32_t event) {
    switch (event) {
        case BAY_EV_REQUEST:
            return "REQUEST";
        case BAY_EV_INSPECT:
            return "INSPECT";
        case BAY_EV_BATCH:
            return "BATCH";
        case BAY_EV_REFRESH:
            return "REFRESH";
        case BAY_EV_HTTP_HEAD:
            return "HTTP_HEAD";
        case BAY_EV_HTTP_DATA:
            return "HTTP_DATA";
        case BAY_EV_HTTP_FRAME:
            return "HTTP_FRAME";
        case BAY_EV_HTTP_DONE:
            return "HTTP_DONE";
        case BAY_EV_WS_OPEN:
            return "WS_OPEN";
        case BAY_EV_WS_FRAME:
            return "WS_FRAME";
        case BAY_EV_WS_CLOSE:
            return "WS_CLOSE";
        case BAY_EV_CLIENT_FRAME:
            return "CLIENT_FRAME";
        case BAY_EV_CLIENT_CLOSE:
            return "CLIENT_CLOSE";
        case BAY_EV_SHARED:
            return "SHARED";
        case BAY_EV_TIMER:
            return "TIMER";
        case BAY_EV_CANCEL:
            return "CANCEL";
        default:
            return nullptr;
    }
}

CallScope::CallScope(const CallNote& note) noexcept : note_(note), outer_(current_call) {
    current_call = &note_;
    // The plugin's code must not be moved before the store, nor the store be dropped: nothing but a
    // signal handler of this thread reads it.
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
}

CallScope::~CallScope() {
    __atomic_signal_fence(__ATOMIC_SEQ_CST);
    current_call = outer_;
}

void install_crash_report() {
    struct sigaction action {};
    action.sa_handler = on_fatal_signal;
    action.sa_flags = SA_ONSTACK;
    sigemptyset(&action.sa_mask);
    for (const int signal : kFatalSignals) sigaction(signal, &action, nullptr);
}

SignalStack::SignalStack() {
    size_ = std::max<std::size_t>(static_cast<std::size_t>(SIGSTKSZ), 64u << 10);
    void* memory = mmap(nullptr, size_, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) return;
    stack_t stack{};
    stack.ss_sp = memory;
    stack.ss_size = size_;
    if (sigaltstack(&stack, nullptr) != 0) {
        munmap(memory, size_);
        return;
    }
    memory_ = memory;
}

SignalStack::~SignalStack() {
    if (memory_ == nullptr) return;
    stack_t none{};
    none.ss_flags = SS_DISABLE;
    sigaltstack(&none, nullptr);
    munmap(memory_, size_);
}

}  // namespace patchbay
