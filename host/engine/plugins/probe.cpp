#include "engine/plugins/probe.hpp"

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>

#include "engine/plugins/forked_trial.hpp"
#include "engine/plugins/spawn.hpp"

namespace patchbay {

namespace {

using boost::system::in_place_error;
using boost::system::in_place_value;
using Clock = std::chrono::steady_clock;

/// What the child may take for a file beyond the limit of its trial: to end what that left behind.
constexpr std::chrono::milliseconds kGrace{4000};

std::string reason(int error) {
    return std::generic_category().message(error);
}

struct Pipe {
    int read_end = -1;
    int write_end = -1;
    Pipe() {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) == 0) {
            read_end = ends[0];
            write_end = ends[1];
        }
    }
    ~Pipe() {
        if (read_end >= 0) ::close(read_end);
        close_write();
    }
    Pipe(const Pipe&) = delete;
    Pipe& operator=(const Pipe&) = delete;
    void close_write() {
        if (write_end >= 0) ::close(write_end);
        write_end = -1;
    }
};

/// What became of one child.
struct Outcome {
    bool ready = false;                        ///< it is a probe
    std::size_t done = 0;                      ///< files it got through
    std::map<std::size_t, std::string> wrong;  ///< those of them that cannot be loaded
    bool timed_out = false;
    int status = 0;  ///< of waitpid()
};

std::string cause_of(const Outcome& outcome, std::chrono::milliseconds limit) {
    if (outcome.timed_out) return "did not finish loading within " + duration_text(limit);
    if (WIFSIGNALED(outcome.status)) {
        const int signal = WTERMSIG(outcome.status);
        const char* name = ::sigdescr_np(signal);
        return "crashed on load: signal " + std::to_string(signal) + " (" +
               (name != nullptr ? name : "unknown") + ")";
    }
    return "ended the process on load (exit code " + std::to_string(WEXITSTATUS(outcome.status)) +
           ")";
}

/// Starts the child with its output on `output`.
std::optional<std::string> start(const ProbeOptions& options,
                                 const std::vector<std::filesystem::path>& files, int output,
                                 pid_t& pid) {
    std::vector<std::string> words{options.program.string(), "plugin-probe",
                                   std::to_string(options.time_limit.count())};
    for (const auto& file : files) words.push_back(file.string());
    std::vector<char*> argv;
    for (auto& word : words) argv.push_back(word.data());
    argv.push_back(nullptr);

    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions, output, STDOUT_FILENO);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    const int error = spawn(options.program, actions, argv.data(), environ, pid);
    posix_spawn_file_actions_destroy(&actions);
    if (error != 0) return reason(error);
    return std::nullopt;
}

void take_line(const std::string& line, Outcome& outcome) {
    constexpr std::string_view kWrong = "wrong ";
    if (line == "ready") outcome.ready = true;
    if (!outcome.ready) return;
    if (line.starts_with(kWrong)) outcome.wrong[outcome.done] = line.substr(kWrong.size());
    if (line == "done" || line.starts_with(kWrong)) ++outcome.done;
}

/// Waits for the child's lines; returns when it is done with all `files`, at the end of its output,
/// or with `timed_out` set when it has said nothing for the time limit, or not begun within its own.
void follow(int output, const ProbeOptions& options, std::chrono::milliseconds limit,
            std::size_t files, Outcome& outcome) {
    std::string line;
    auto deadline = Clock::now() + options.begin_limit;
    while (outcome.done < files) {
        const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - Clock::now());
        pollfd wait{output, POLLIN, 0};
        const int ready = ::poll(&wait, 1, static_cast<int>(std::max<long long>(left.count(), 0)));
        if (ready < 0 && errno == EINTR) continue;
        if (ready <= 0) {
            outcome.timed_out = true;
            return;
        }
        char buffer[256];
        const ssize_t size = ::read(output, buffer, sizeof buffer);
        if (size < 0 && errno == EINTR) continue;
        if (size <= 0) return;
        for (const char c : std::string_view(buffer, static_cast<std::size_t>(size))) {
            if (c != '\n') {
                if (line.size() < kMaxProbeLine) line += c;
                continue;
            }
            take_line(line, outcome);
            line.clear();
            deadline = Clock::now() + limit;
        }
    }
}

/// Ends the child's group and collects its status. A child whose output has ended too early is
/// ending; it gets a moment to do so by itself, because killing it would hide how it ended.
void collect(pid_t pid, std::chrono::milliseconds limit, std::size_t files, Outcome& outcome) {
    const auto deadline = Clock::now() + limit;
    while (!outcome.timed_out && outcome.done < files) {
        const pid_t ended = ::waitpid(pid, &outcome.status, WNOHANG);
        if (ended == pid) return;
        if (ended < 0 && errno != EINTR) return;
        if (Clock::now() >= deadline) outcome.timed_out = true;
        ::poll(nullptr, 0, 2);
    }
    ::kill(-pid, SIGKILL);
    while (::waitpid(pid, &outcome.status, 0) < 0 && errno == EINTR) {
    }
}

boost::system::result<Outcome, std::string> run_child(
    const ProbeOptions& options, const std::vector<std::filesystem::path>& files) {
    const std::string program = options.program.string();
    Pipe pipe;
    if (pipe.read_end < 0)
        return {in_place_error, "the trial load cannot be run: " + reason(errno)};
    pid_t pid = -1;
    if (const auto error = start(options, files, pipe.write_end, pid)) {
        return {in_place_error, "the trial load cannot be run: " + program + ": " + *error};
    }
    pipe.close_write();
    Outcome outcome;
    const auto limit = options.time_limit + kGrace;
    follow(pipe.read_end, options, limit, files.size(), outcome);
    collect(pid, limit, files.size(), outcome);
    if (!outcome.ready) {
        const std::string why = outcome.timed_out
                                    ? " did not begin within " + duration_text(options.begin_limit)
                                    : std::string(" does not know \"plugin-probe\"");
        return {in_place_error, "the trial load cannot be run: " + program + why};
    }
    return {in_place_value, outcome};
}

}  // namespace

boost::system::result<std::map<std::filesystem::path, std::string>, std::string> probe_plugins(
    const ProbeOptions& options, const std::vector<std::filesystem::path>& files) {
    std::map<std::filesystem::path, std::string> bad;
    auto rest = files;
    while (!rest.empty()) {
        const auto outcome = run_child(options, rest);
        if (!outcome) return {in_place_error, outcome.error()};
        for (const auto& [index, why] : outcome->wrong) {
            if (index < rest.size()) bad.emplace(rest[index], why);
        }
        if (outcome->done >= rest.size()) break;
        bad.emplace(rest[outcome->done], cause_of(*outcome, options.time_limit));
        rest.erase(rest.begin(), rest.begin() + static_cast<std::ptrdiff_t>(outcome->done) + 1);
    }
    return {in_place_value, std::move(bad)};
}

}  // namespace patchbay
