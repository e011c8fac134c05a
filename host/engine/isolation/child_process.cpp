#include "engine/isolation/child_process.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <spdlog/spdlog.h>

#include "engine/isolation/plugin_host.hpp"
#include "engine/plugins/spawn.hpp"

namespace patchbay::isolation {

boost::system::result<ChildProcess, std::string> ChildProcess::start(
    const std::filesystem::path& program, const std::filesystem::path& file) {
    using boost::system::in_place_error;
    const auto failed = [&](int error) {
        return "its process cannot be started: " + program.string() + ": " +
               std::generic_category().message(error);
    };
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return {in_place_error, failed(errno)};

    std::string words[] = {program.string(), file.string(),
                           std::to_string(spdlog::default_logger_raw()->level())};
    char* argv[] = {words[0].data(), words[1].data(), words[2].data(), nullptr};
    char* environment[] = {nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], kChildSocket);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    pid_t pid = -1;
    const int error = spawn(program, actions, argv, environment, pid);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    if (error != 0) {
        ::close(ends[0]);
        return {in_place_error, failed(error)};
    }
    return ChildProcess(pid, ends[0]);
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : pid_(std::exchange(other.pid_, -1)), socket_(std::exchange(other.socket_, -1)) {}

ChildProcess& ChildProcess::operator=(ChildProcess&& other) noexcept {
    std::swap(pid_, other.pid_);
    std::swap(socket_, other.socket_);
    return *this;
}

ChildProcess::~ChildProcess() {
    if (socket_ >= 0) ::close(socket_);
    stop();
}

int ChildProcess::release_socket() {
    return std::exchange(socket_, -1);
}

int ChildProcess::stop() {
    int status = 0;
    if (pid_ < 0) return status;
    ::kill(pid_, SIGKILL);
    while (::waitpid(pid_, &status, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
    return status;
}

std::string cause_of_end(int status) {
    if (WIFEXITED(status)) return "exit code " + std::to_string(WEXITSTATUS(status));
    const int signal = WTERMSIG(status);
    if (signal == SIGSYS) return "signal 31 (a system call that plugins may not make)";
    const char* name = ::sigdescr_np(signal);
    return "signal " + std::to_string(signal) + " (" + (name != nullptr ? name : "unknown") + ")";
}

}  // namespace patchbay::isolation
