// Tests that a plugin leaves the process and the world alone.
#include <clocale>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <map>
#include <set>
#include <sys/stat.h>
#include <unistd.h>

#include "child.hpp"
#include "progress.hpp"
#include "sandbox.hpp"
#include "stage.hpp"

namespace patchbay::check {
namespace {

constexpr int kSandboxed = 3;

void no_io_seccomp(const Subject& subject, Findings& findings) {
    on_stage(subject, findings, [&](Stage& stage) {
        // Loading is over; what is made at the first use is not.
        if (!enter_sandbox(result_descriptor())) {
            return findings.skip("this kernel or container does not allow seccomp filters");
        }
        for (int i = 0; i < kSandboxed; ++i) {
            for (const Transcript& one : stage.all()) stage.play(one, "in the sandbox");
        }
    });
}

std::set<std::string> names_in(const char* folder) {
    std::set<std::string> names;
    for (const auto& entry : std::filesystem::directory_iterator(folder)) {
        std::error_code error;
        const auto target = std::filesystem::read_symlink(entry.path(), error);
        // The descriptor that reads the folder is in it.
        if (!error && target.string().starts_with("/proc/")) continue;
        names.insert(entry.path().filename().string() +
                     (error ? "" : " (" + target.string() + ")"));
    }
    return names;
}

std::size_t threads() {
    return names_in("/proc/self/task").size();
}

// What belongs to the process, as text, by name.
using State = std::map<std::string, std::string>;

State state() {
    State now;
    for (char** variable = environ; variable && *variable; ++variable) {
        const std::string_view text(*variable);
        const std::size_t equals = text.find('=');
        now["environment variable " + std::string(text.substr(0, equals))] = text;
    }
    now["locale"] = std::setlocale(LC_ALL, nullptr);
    now["working directory"] = std::filesystem::current_path();
    const mode_t mask = umask(0);
    umask(mask);
    now["umask"] = std::to_string(mask);
    for (int signal = 1; signal < NSIG; ++signal) {
        struct sigaction action {};
        if (sigaction(signal, nullptr, &action) != 0) continue;
        now["handler of signal " + std::to_string(signal)] =
            std::to_string(reinterpret_cast<std::uintptr_t>(action.sa_handler)) + " " +
            std::to_string(action.sa_flags);
    }
    sigset_t blocked;
    if (pthread_sigmask(SIG_SETMASK, nullptr, &blocked) == 0) {
        std::string bits;
        for (int signal = 1; signal < NSIG; ++signal)
            bits += sigismember(&blocked, signal) == 1 ? '1' : '0';
        now["blocked signals"] = bits;
    }
    for (const std::string& name : names_in("/proc/self/fd")) now["descriptor " + name] = "open";
    return now;
}

void no_globals(const Subject& subject, Findings& findings) {
    const State before = state();
    on_stage(subject, findings, [&](Stage& stage) {
        for (const Transcript& one : stage.all()) stage.play(one, "as it is");
    });
    const State after = state();
    for (const auto& [name, value] : after) {
        const auto found = before.find(name);
        if (found == before.end())
            findings.problem(name + ": new");
        else if (found->second != value)
            findings.problem(name + ": changed");
    }
    for (const auto& [name, value] : before) {
        if (!after.contains(name)) findings.problem(name + ": gone");
    }
}

void no_threads(const Subject& subject, Findings& findings) {
    const std::size_t before = threads();
    on_stage(subject, findings, [&](Stage& stage) {
        if (threads() != before) findings.problem("a thread was started while loading");
        for (const Transcript& one : stage.all()) {
            stage.play(one, "as it is");
            if (threads() != before) {
                return findings.problem("a thread was started in " + short_name(one));
            }
        }
    });
}

constexpr Test kTests[] = {
    {"no-io-seccomp", Severity::error, "transcripts",
     "In feed() only memory is touched, so that the gateway never waits and a plugin can run in a "
     "sandbox: ask the host with an action instead.",
     no_io_seccomp},
    {"no-globals", Severity::error, "transcripts",
     "Environment, locale, working directory, umask, signals and open files belong to the whole "
     "process: leave them as they are.",
     no_globals},
    {"no-threads", Severity::error, "transcripts",
     "Threads of a plugin outlive its exchanges and keep it from being replaced: let the host wait "
     "and call back.",
     no_threads},
};

}  // namespace

std::span<const Test> purity_tests() {
    return kTests;
}

}  // namespace patchbay::check
