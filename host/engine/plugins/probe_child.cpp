#include <cerrno>
#include <charconv>
#include <chrono>
#include <fcntl.h>
#include <signal.h>
#include <string_view>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <spdlog/spdlog.h>

#include "engine/plugins/forked_trial.hpp"
#include "engine/plugins/host_services.hpp"
#include "engine/plugins/plugin.hpp"
#include "engine/plugins/plugin_file.hpp"
#include "engine/plugins/probe.hpp"

namespace patchbay {

namespace {

void say(int fd, std::string_view line) {
    while (!line.empty()) {
        const ssize_t n = ::write(fd, line.data(), line.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return;
        line.remove_prefix(static_cast<std::size_t>(n));
    }
}

/// The trial of all files together has the time limit of one, divided by this.
constexpr int kShareTogether = 5;

// A crash here is expected and reported by the parent: no core file, no report of our own.
void die_quietly() {
    const rlimit none{0, 0};
    ::setrlimit(RLIMIT_CORE, &none);
    ::prctl(PR_SET_DUMPABLE, 0);
    for (const int signal : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT}) ::signal(signal, SIG_DFL);
}

using Milliseconds = std::chrono::milliseconds;

/// Loads, initialises and deinitialises it; empty, or what is wrong with it.
std::string try_one(const std::string& file) {
    const auto plugin = inspect_private_copy(file, {});
    if (!plugin) return plugin.error();
    const auto loaded = Plugin::load(*plugin);
    return loaded ? std::string() : loaded.error();
}

/// One fork for all of them, which is what a start costs where nothing is wrong. Whether it is true
/// or not says nothing of any file: the fork that did not come through it may have been disturbed
/// by another's.
bool try_together(const std::vector<std::string>& files, Milliseconds limit, int output) {
    if (files.size() < 2) return false;
    const auto all = [&] {
        for (const std::string& file : files) {
            if (auto wrong = try_one(file); !wrong.empty()) return wrong;
        }
        return std::string();
    };
    return try_in_fork(limit, output, all).empty();
}

}  // namespace

int run_plugin_probe(const std::vector<std::string>& words) {
    Milliseconds::rep limit = 0;
    if (words.empty() ||
        std::from_chars(words[0].data(), words[0].data() + words[0].size(), limit).ec !=
            std::errc()) {
        return 1;
    }
    die_quietly();
    // What a plugin prints must not be taken for our lines.
    const int output = ::fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    const int null = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    if (output < 0 || null < 0 || ::dup2(null, STDOUT_FILENO) < 0) return 1;
    spdlog::set_level(spdlog::level::off);
    prepare_for_trials();

    say(output, "ready\n");
    const std::vector<std::string> files(words.begin() + 1, words.end());
    const bool all_good = try_together(files, Milliseconds(limit) / kShareTogether, output);
    say(output, "together\n");
    for (const std::string& file : files) {
        const std::string wrong =
            all_good ? std::string()
                     : try_in_fork(Milliseconds(limit), output, [&] { return try_one(file); });
        say(output,
            wrong.empty() ? "done\n" : "wrong " + printable({wrong.data(), wrong.size()}) + "\n");
    }
    ::_exit(0);
}

}  // namespace patchbay
