// A process of patchbay-plugin-host, as the gateway holds it.
#pragma once

#include <string>
#include <sys/types.h>

namespace patchbay::isolation {

/// Owns the process and this end of its socket. Destroying it kills and reaps the process; that
/// waits for the kernel, not for the process.
class ChildProcess {
  public:
    /// `pid` is a child of this process; it and the socket are this object's from now on.
    ChildProcess(pid_t pid, int socket) : pid_(pid), socket_(socket) {}
    ChildProcess(ChildProcess&& other) noexcept;
    ChildProcess& operator=(ChildProcess&& other) noexcept;
    ~ChildProcess();

    pid_t pid() const { return pid_; }
    /// Close-on-exec, blocking.
    int socket() const { return socket_; }
    /// The socket is the caller's from now on.
    int release_socket();
    /// Kills what is left of the process and gives its status as waitpid() does: that of its own
    /// end if it had begun to end before.
    int stop();

  private:
    pid_t pid_ = -1;
    int socket_ = -1;
};

/// "signal 11 (Segmentation fault)", "a forbidden system call", "exit code 1".
std::string cause_of_end(int status);

}  // namespace patchbay::isolation
