#include <cerrno>
#include <charconv>
#include <csignal>
#include <cstring>
#include <sched.h>
#include <string_view>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#include <openssl/crypto.h>

#include "engine/isolation/fork_server.hpp"
#include "engine/isolation/plugin_host.hpp"

namespace patchbay::isolation {

namespace {

/// The next order and its descriptor; the size is 0 when the gateway is gone.
ssize_t receive(char* order, int& descriptor) {
    iovec piece{order, kMaxOrder};
    alignas(cmsghdr) char space[CMSG_SPACE(sizeof descriptor)];
    msghdr message{};
    message.msg_iov = &piece;
    message.msg_iovlen = 1;
    message.msg_control = space;
    message.msg_controllen = sizeof space;
    ssize_t n = 0;
    do {
        n = ::recvmsg(kChildSocket, &message, 0);
    } while (n < 0 && errno == EINTR);
    const cmsghdr* header = n > 0 ? CMSG_FIRSTHDR(&message) : nullptr;
    if (header == nullptr || header->cmsg_type != SCM_RIGHTS) return 0;
    std::memcpy(&descriptor, CMSG_DATA(header), sizeof descriptor);
    return n;
}

[[noreturn]] void become(std::string_view order, int descriptor, pid_t gateway) {
    // A plugin may never look at the socket, whose end is the gateway's.
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != gateway) ::_exit(0);
    ::setpgid(0, 0);
    ::dup2(descriptor, kChildSocket);
    const auto level_end = order.find(' ');
    const auto hash_end = order.find(' ', level_end + 1);
    int level = 0;
    std::from_chars(order.data(), order.data() + level_end, level);
    serve_plugin(std::string(order.substr(hash_end + 1)),
                 std::string(order.substr(level_end + 1, hash_end - level_end - 1)), level);
}

}  // namespace

int run_plugin_host() {
    int type = 0;
    socklen_t size = sizeof type;
    if (::getsockopt(kChildSocket, SOL_SOCKET, SO_TYPE, &type, &size) != 0 ||
        type != SOCK_SEQPACKET) {
        constexpr std::string_view kUse =
            "patchbay-plugin-host is started by patchbay (plugins.<id>.isolation: process)\n";
        [[maybe_unused]] const auto n = ::write(STDERR_FILENO, kUse.data(), kUse.size());
        return 64;
    }
    ::close_range(kChildSocket + 1, ~0u, 0);
    // Without its configuration file OpenSSL needs nothing at its first use, which is a plugin's,
    // that a plugin's process is forbidden; so it is not used before, not even for a random number.
    ::OPENSSL_init_crypto(OPENSSL_INIT_NO_LOAD_CONFIG, nullptr);
    const pid_t gateway = ::getppid();
    static char order[kMaxOrder];
    for (;;) {
        int descriptor = -1;
        const ssize_t n = receive(order, descriptor);
        if (n <= 0) return 0;
        // The gateway's child, not this process's: it is the gateway that ends it and waits for it.
        // glibc has no function for that; what its fork() does besides is of use only to programs
        // with threads.
        const long child = ::syscall(SYS_clone, CLONE_PARENT | SIGCHLD, 0, 0, 0, 0);
        if (child == 0) become({order, static_cast<std::size_t>(n)}, descriptor, gateway);
        const auto answer = static_cast<pid_t>(child < 0 ? -errno : child);
        ::close(descriptor);
        if (::send(kChildSocket, &answer, sizeof answer, MSG_NOSIGNAL) < 0) return 0;
    }
}

}  // namespace patchbay::isolation
