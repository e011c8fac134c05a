#include "engine/isolation/fork_server.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include <spdlog/spdlog.h>

#include "engine/isolation/plugin_host.hpp"
#include "engine/plugins/spawn.hpp"

namespace patchbay::isolation {

namespace {

constexpr timeval kAnswerLimit{5, 0};

/// One message with one descriptor; false if there is nobody to read it.
bool send_with(int to, const std::string& text, int descriptor) {
    iovec piece{const_cast<char*>(text.data()), text.size()};
    alignas(cmsghdr) char space[CMSG_SPACE(sizeof descriptor)] = {};
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = space;
    message.msg_controllen = sizeof space;
    cmsghdr* const header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof descriptor);
    std::memcpy(CMSG_DATA(header), &descriptor, sizeof descriptor);
    ssize_t n = 0;
    do {
        n = ::sendmsg(to, &message, MSG_NOSIGNAL);
    } while (n < 0 && errno == EINTR);
    return n >= 0;
}

ssize_t receive(int from, pid_t& answer) {
    ssize_t n = 0;
    do {
        n = ::recv(from, &answer, sizeof answer, 0);
    } while (n < 0 && errno == EINTR);
    return n;
}

}  // namespace

ForkServer::~ForkServer() {
    end();
}

void ForkServer::end() {
    if (pid_ < 0) return;
    ::close(std::exchange(socket_, -1));
    ::kill(pid_, SIGKILL);
    while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
    }
    pid_ = -1;
}

int ForkServer::launch() {
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return errno;
    ::setsockopt(ends[0], SOL_SOCKET, SO_RCVTIMEO, &kAnswerLimit, sizeof kAnswerLimit);
    std::string name = program_.string();
    char* argv[] = {name.data(), nullptr};
    char* environment[] = {nullptr};
    posix_spawn_file_actions_t actions;
    posix_spawn_file_actions_init(&actions);
    posix_spawn_file_actions_adddup2(&actions, ends[1], kChildSocket);
    posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    posix_spawn_file_actions_addopen(&actions, STDERR_FILENO, "/dev/null", O_WRONLY, 0);
    const int error = spawn(program_, actions, argv, environment, pid_);
    posix_spawn_file_actions_destroy(&actions);
    ::close(ends[1]);
    if (error != 0) {
        ::close(ends[0]);
        pid_ = -1;
        return error;
    }
    socket_ = ends[0];
    return 0;
}

pid_t ForkServer::ask(const std::string& order, int socket) {
    if (!send_with(socket_, order, socket)) return 0;
    pid_t answer = 0;
    ssize_t n = receive(socket_, answer);
    if (n < 0) {
        ::kill(pid_, SIGKILL);
        n = receive(socket_, answer);  // it may have been about to answer
    }
    return n == sizeof answer ? answer : 0;
}

boost::system::result<ChildProcess, std::string> ForkServer::start(
    const std::filesystem::path& file, const std::string& sha256) {
    using boost::system::in_place_error;
    const auto failed = [&](int error) {
        return "its process cannot be started: " + program_.string() + ": " +
               std::generic_category().message(error);
    };
    const std::string order =
        std::to_string(spdlog::default_logger_raw()->level()) + " " + sha256 + " " + file.string();
    if (order.size() > kMaxOrder) return {in_place_error, failed(ENAMETOOLONG)};
    int ends[2];
    if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        return {in_place_error, failed(errno)};

    const std::lock_guard lock(mutex_);
    pid_t pid = 0;
    // One that has ended since it was last used is found out by asking it.
    for (bool again = pid_ >= 0; pid == 0; again = false) {
        if (pid_ < 0) {
            if (const int error = launch(); error != 0) pid = -error;
        }
        if (pid == 0) pid = ask(order, ends[1]);
        if (pid == 0) {
            end();
            if (!again) pid = -ECHILD;
        }
    }
    ::close(ends[1]);
    if (pid < 0) {
        ::close(ends[0]);
        return {in_place_error, failed(-pid)};
    }
    return ChildProcess(pid, ends[0]);
}

}  // namespace patchbay::isolation
