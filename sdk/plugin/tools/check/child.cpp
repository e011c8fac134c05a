#include "child.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <exception>
#include <poll.h>
#include <stdexcept>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <boost/json.hpp>

#include "progress.hpp"
#include "sandbox.hpp"

namespace patchbay::check {
namespace {

namespace json = boost::json;

json::array to_json(const std::vector<std::string>& texts) {
    json::array array;
    for (const std::string& text : texts) array.emplace_back(text);
    return array;
}

std::string pack(const Outcome& outcome) {
    return json::serialize(json::object{{"status", static_cast<int>(outcome.status)},
                                        {"severity", static_cast<int>(outcome.severity)},
                                        {"broken", outcome.broken},
                                        {"problems", to_json(outcome.problems)},
                                        {"notes", to_json(outcome.notes)}});
}

Outcome unpack(const std::string& text) {
    // Problems quote bytes that plugins and upstreams sent.
    json::parse_options any_bytes;
    any_bytes.allow_invalid_utf8 = true;
    const json::value value = json::parse(text, json::storage_ptr(), any_bytes);
    Outcome outcome;
    outcome.status = static_cast<Status>(value.at("status").as_int64());
    outcome.severity = static_cast<Severity>(value.at("severity").as_int64());
    outcome.broken = value.at("broken").as_bool();
    for (const auto& one : value.at("problems").as_array()) {
        outcome.problems.emplace_back(one.as_string());
    }
    for (const auto& one : value.at("notes").as_array())
        outcome.notes.emplace_back(one.as_string());
    return outcome;
}

int result_to = -1;  // of a child

// The child's side; does not return.
[[noreturn]] void work(const std::function<void(Findings&)>& body, Severity severity, int to) {
    result_to = to;
    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    const rlimit none{};
    setrlimit(RLIMIT_CORE, &none);
    dup2(STDERR_FILENO, STDOUT_FILENO);
    std::set_terminate([] {
        progress().exception_left = true;
        std::signal(SIGABRT, SIG_DFL);
        std::abort();
    });
    Findings findings(severity);
    try {
        body(findings);
    } catch (const std::exception& error) {
        findings.broken(progress().text() + ": " + error.what());
    }
    const std::string text = pack(findings.outcome());
    for (std::size_t at = 0; at < text.size();) {
        const ssize_t written = write(to, text.data() + at, text.size() - at);
        if (written < 0 && errno != EINTR) _exit(126);
        if (written > 0) at += static_cast<std::size_t>(written);
    }
    _exit(0);
}

// How a child ended that said nothing.
std::string ending(int status, bool late, std::chrono::seconds limit) {
    const Progress& last = progress();
    const std::string where = last.text();
    const std::string place = where.empty() ? std::string() : " (" + where + ")";
    if (last.syscall >= 0) return "used " + syscall_name(last.syscall) + "()" + place;
    if (late) return "not done after " + std::to_string(limit.count()) + " s" + place;
    if (last.exception_left) return "an exception left a function of the plugin" + place;
    if (WIFSIGNALED(status) && WTERMSIG(status) == SIGSYS) {
        return "used a system call that is refused, with signals blocked, as pthread_create() "
               "does" +
               place;
    }
    if (WIFSIGNALED(status)) {
        const char* name = sigabbrev_np(WTERMSIG(status));
        return "crashed with SIG" + std::string(name ? name : "?") + place;
    }
    return "the process was ended with exit status " + std::to_string(WEXITSTATUS(status)) + place;
}

}  // namespace

int result_descriptor() {
    return result_to;
}

Outcome run_in_child(const std::function<void(Findings&)>& body, Severity severity,
                     std::chrono::seconds limit) {
    progress() = Progress();
    int ends[2];
    if (pipe(ends) != 0) throw std::runtime_error("no pipe: " + std::string(strerror(errno)));
    const pid_t child = fork();
    if (child < 0) throw std::runtime_error("no process: " + std::string(strerror(errno)));
    if (child == 0) {
        close(ends[0]);
        work(body, severity, ends[1]);
    }
    close(ends[1]);
    const auto deadline = std::chrono::steady_clock::now() + limit;
    std::string text;
    bool late = false;
    // A process that the plugin left behind may keep the pipe open, so its end is not waited for
    // once the child itself is gone.
    int status = 0;
    bool gone = false;
    constexpr int kLookMs = 50;
    for (;;) {
        pollfd readable{ends[0], POLLIN, 0};
        const int ready = poll(&readable, 1, gone ? 0 : kLookMs);
        if (ready > 0) {
            char buffer[4096];
            const ssize_t got = read(ends[0], buffer, sizeof buffer);
            if (got == 0) break;
            if (got > 0) text.append(buffer, static_cast<std::size_t>(got));
            continue;
        }
        if (gone) break;
        gone = waitpid(child, &status, WNOHANG) == child;
        if (!gone && std::chrono::steady_clock::now() > deadline) {
            late = true;
            break;
        }
    }
    close(ends[0]);
    if (late) kill(child, SIGKILL);
    if (!gone) {
        while (waitpid(child, &status, 0) < 0 && errno == EINTR) {
        }
    }
    kill(-child, SIGKILL);  // what it left behind
    if (!late && WIFEXITED(status) && WEXITSTATUS(status) == 0 && !text.empty()) {
        return unpack(text);
    }
    Findings findings(severity);
    findings.broken(ending(status, late, limit));
    return findings.outcome();
}

}  // namespace patchbay::check
