// The result comes through a pipe, behind a word that was drawn for this trial, so that neither
// what a plugin prints nor what it writes into every descriptor it finds looks like one. The end of
// the trial is the end of its process, not the end of the pipe: a process that was left behind may
// hold that open for ever. Tested by probe_test.cpp.
#include "engine/plugins/forked_trial.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <ctime>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sys/prctl.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

#include "engine/sandbox/sandbox.hpp"

namespace patchbay {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

/// For ending what a trial left behind.
constexpr milliseconds kCleanUpLimit{2000};
/// Of a result; a pipe takes as much at once.
constexpr std::size_t kMaxResult = 32u << 10;

std::string reason(int error) {
    return std::generic_category().message(error);
}

sigset_t child_signal() {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGCHLD);
    return set;
}

/// Until a child changes, or until then; may return early.
void wait_for_child_signal(Clock::time_point deadline) {
    const auto left = std::max(deadline - Clock::now(), Clock::duration::zero());
    const auto ns = std::chrono::duration_cast<std::chrono::nanoseconds>(left).count();
    const timespec time{static_cast<std::time_t>(ns / 1'000'000'000), ns % 1'000'000'000};
    const sigset_t set = child_signal();
    ::sigtimedwait(&set, nullptr, &time);
}

/// False if it has not ended by then.
bool wait_for_end(pid_t child, Clock::time_point deadline, int& status) {
    for (;;) {
        const pid_t ended = ::waitpid(child, &status, WNOHANG);
        if (ended == child) return true;
        if (Clock::now() >= deadline) return false;
        wait_for_child_signal(deadline);
    }
}

/// The parent of a process, as /proc has it; 0 if it is gone.
pid_t parent_of(const fs::path& process) {
    std::ifstream file(process / "stat");
    const std::string text(std::istreambuf_iterator<char>(file), {});
    // "PID (NAME) STATE PARENT ...", and the name may hold anything.
    const std::size_t name_end = text.rfind(") ");
    if (name_end == std::string::npos || text.size() < name_end + 5) return 0;
    pid_t parent = 0;
    std::from_chars(text.data() + name_end + 4, text.data() + text.size(), parent);
    return parent;
}

void kill_children() {
    std::error_code error;
    fs::directory_iterator entry("/proc", error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
        const std::string name = entry->path().filename();
        pid_t pid = 0;
        const auto [end, wrong] = std::from_chars(name.data(), name.data() + name.size(), pid);
        if (wrong != std::errc() || *end != '\0' || parent_of(entry->path()) != ::getpid())
            continue;
        ::kill(pid, SIGKILL);
    }
}

/// Ends what has come to this process, and what comes to it then. True if there was something that
/// had not ended by itself.
bool end_leftovers() {
    const auto deadline = Clock::now() + kCleanUpLimit;
    bool found = false;
    for (;;) {
        const pid_t ended = ::waitpid(-1, nullptr, WNOHANG);
        if (ended > 0) continue;
        if (ended < 0 || Clock::now() >= deadline) return found;
        found = true;
        kill_children();
        wait_for_child_signal(std::min(deadline, Clock::now() + milliseconds(10)));
    }
}

std::string random_word() {
    unsigned char bytes[8] = {};
    if (::getrandom(bytes, sizeof bytes, 0) != sizeof bytes) return "result:";
    std::string word;
    for (const unsigned char byte : bytes) word += static_cast<char>('a' + byte % 26);
    return word + ':';
}

/// Exit code of a trial that has a result and nowhere to write it.
constexpr int kCannotTell = 113;

[[noreturn]] void run(const std::function<std::string()>& attempt, int result,
                      const std::string& word) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    ::setpgid(0, 0);
    const sigset_t set = child_signal();
    ::sigprocmask(SIG_UNBLOCK, &set, nullptr);
    if (isolation::sandbox_is_whole()) {
        const rlimit memory{isolation::kMaxMemory, isolation::kMaxMemory};
        ::setrlimit(RLIMIT_AS, &memory);
    }
    // Where the system has no such filter the trial is worth having without.
    (void)isolation::forbid_reaching_others();
    std::string text = word + attempt();
    text.resize(std::min(text.size(), kMaxResult - 1));
    text += '\n';
    ssize_t n = 0;
    do {
        n = ::write(result, text.data(), text.size());
    } while (n < 0 && errno == EINTR);
    // Destructors of what the file left behind are not part of the trial.
    ::_exit(n == static_cast<ssize_t>(text.size()) ? 0 : kCannotTell);
}

std::string cause_of(int status) {
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS)
        return "reaches for another process while it is loaded: signal 31 (a system call that "
               "plugins may not make)";
    if (WIFSIGNALED(status)) {
        const int signal = WTERMSIG(status);
        const char* name = ::sigdescr_np(signal);
        return "crashed on load: signal " + std::to_string(signal) + " (" +
               (name != nullptr ? name : "unknown") + ")";
    }
    if (WEXITSTATUS(status) == kCannotTell)
        return "closes or fills descriptors that are not its own while it is loaded";
    return "ended the process on load (exit code " + std::to_string(WEXITSTATUS(status)) + ")";
}

/// What the attempt said at the end; "ended the process" if it said nothing.
std::string result_of(int pipe, const std::string& word, int status) {
    std::string text(2 * kMaxResult, '\0');
    const ssize_t n = ::read(pipe, text.data(), text.size());
    text.resize(static_cast<std::size_t>(std::max<ssize_t>(n, 0)));
    const std::size_t at = text.rfind(word);
    if (at == std::string::npos || !text.ends_with('\n')) return cause_of(status);
    return text.substr(at + word.size(), text.size() - at - word.size() - 1);
}

}  // namespace

std::string duration_text(milliseconds duration) {
    const auto ms = duration.count();
    return ms % 1000 == 0 ? std::to_string(ms / 1000) + " s" : std::to_string(ms) + " ms";
}

void prepare_for_trials() {
    ::prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
    const sigset_t set = child_signal();
    ::sigprocmask(SIG_BLOCK, &set, nullptr);
}

std::string try_in_fork(milliseconds limit, int close_first,
                        const std::function<std::string()>& attempt) {
    int ends[2];
    if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return "cannot be tried: " + reason(errno);
    const std::string word = random_word();
    const pid_t child = ::fork();
    if (child == 0) {
        ::close(close_first);
        ::close(ends[0]);
        run(attempt, ends[1], word);
    }
    const int error = errno;
    ::close(ends[1]);
    std::string wrong;
    if (child < 0) {
        wrong = "cannot be tried: " + reason(error);
    } else {
        int status = 0;
        const bool ended = wait_for_end(child, Clock::now() + limit, status);
        if (!ended) {
            ::kill(child, SIGKILL);
            wrong = "did not finish loading within " + duration_text(limit);
        } else if (!WIFEXITED(status) || WEXITSTATUS(status) != 0) {
            wrong = cause_of(status);
        } else {
            wrong = result_of(ends[0], word, status);
        }
        if (end_leftovers() && ended && wrong.empty()) wrong = "leaves a process behind";
    }
    ::close(ends[0]);
    return wrong;
}

}  // namespace patchbay
