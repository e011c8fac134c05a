#include "engine/isolation/child_process.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

namespace patchbay::isolation {

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
