// Sockets of the loopback interface, and waiting for them.
#pragma once

#include <cstdint>
#include <span>
#include <sys/epoll.h>
#include <vector>

namespace patchbay::bench {

/// Nanoseconds of the monotonic clock, the same in every process of this machine.
std::uint64_t now_ns();

/// Non-blocking, TCP_NODELAY. Loopback connects at once unless the listener's queue is full, which
/// is waited for; -1 if nobody listens.
int connect_to(std::uint16_t port);

/// Non-blocking; port 0 takes a free one, see port_of. Ends the program if the port is taken.
int listen_on(std::uint16_t port);
std::uint16_t port_of(int listener);

/// Non-blocking, TCP_NODELAY; -1 if nobody waits.
int accept_from(int listener);

/// Level-triggered epoll. Not thread-safe.
class Poller {
  public:
    Poller();
    ~Poller();
    Poller(const Poller&) = delete;
    Poller& operator=(const Poller&) = delete;

    /// `tag` comes back with every event. Reading is always waited for.
    void add(int fd, void* tag);
    void want_write(int fd, void* tag, bool wanted);
    /// Up to `timeout_ns`. Valid until the next call.
    std::span<const epoll_event> wait(std::uint64_t timeout_ns);

  private:
    int fd_;
    std::vector<epoll_event> events_;
};

}  // namespace patchbay::bench
