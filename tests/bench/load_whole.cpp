#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

#include "answer.hpp"
#include "histogram.hpp"
#include "load.hpp"
#include "sockets.hpp"

namespace patchbay::bench {

namespace {

struct Connection {
    int fd = -1;
    Answer answer;
    std::string body;
    std::uint64_t began = 0;
    std::size_t sent = 0;
    bool busy = false;
};

class WholeLoad {
  public:
    explicit WholeLoad(const LoadOptions& options)
        : options_(options), connections_(options.connections) {}

    int run() {
        const std::uint64_t start = now_ns();
        end_ = start + options_.duration_ns;
        for (Connection& c : connections_) {
            if (open(c)) begin(c);
        }
        while (busy_ > 0 && now_ns() < end_ + options_.timeout_ns) {
            for (const epoll_event& event : poller_.wait(100'000'000)) {
                Connection& c = *static_cast<Connection*>(event.data.ptr);
                if (c.fd >= 0 && (event.events & EPOLLOUT) != 0) write(c);
                if (c.fd >= 0 && (event.events & (EPOLLIN | EPOLLHUP | EPOLLERR)) != 0) read(c);
            }
        }
        failed_ += static_cast<std::uint64_t>(busy_);
        print(now_ns() - start);
        return 0;
    }

  private:
    bool open(Connection& c) {
        c.fd = connect_to(options_.port);
        if (c.fd < 0) {
            ++failed_;
            return false;
        }
        poller_.add(c.fd, &c);
        return true;
    }

    void begin(Connection& c) {
        c.answer.reset();
        c.body.clear();
        c.sent = 0;
        c.busy = true;
        ++busy_;
        c.began = now_ns();
        write(c);
    }

    void write(Connection& c) {
        const std::string& request = options_.request;
        const bool waited = c.sent > 0;
        while (c.sent < request.size()) {
            const ssize_t n =
                send(c.fd, request.data() + c.sent, request.size() - c.sent, MSG_NOSIGNAL);
            if (n < 0 && errno == EAGAIN) break;
            if (n < 0) return finish(c, false);
            c.sent += static_cast<std::size_t>(n);
        }
        if (c.sent < request.size() || waited)
            poller_.want_write(c.fd, &c, c.sent < request.size());
    }

    void read(Connection& c) {
        const ssize_t n = recv(c.fd, buffer_.data(), buffer_.size(), 0);
        if (n < 0 && errno == EAGAIN) return;
        if (n <= 0 || !c.busy ||
            !c.answer.feed({buffer_.data(), static_cast<std::size_t>(n)}, c.body)) {
            return finish(c, false);
        }
        if (!c.answer.complete()) return;
        finish(c, c.answer.status() == 200 && c.body.find(options_.expect) != std::string::npos &&
                      c.sent == options_.request.size());
    }

    // A connection that is closed between two requests is opened again and is no failure.
    void finish(Connection& c, bool good) {
        const std::uint64_t now = now_ns();
        if (c.busy) {
            --busy_;
            if (good) {
                times_.record(now - c.began);
            } else {
                fail(c);
            }
        }
        c.busy = false;
        if (!good || c.answer.closes()) {
            close(c.fd);
            c.fd = -1;
            if (now >= end_ || !open(c)) return;
        }
        if (now < end_ && failed_ < 100) begin(c);
    }

    void fail(const Connection& c) {
        if (failed_++ == 0) {
            std::fprintf(stderr, "bench: first failure: status %d, %zu bytes sent, body: %.300s\n",
                         c.answer.status(), c.sent, c.body.c_str());
        }
    }

    void print(std::uint64_t elapsed) const {
        const auto us = [](std::uint64_t ns) { return static_cast<double>(ns) / 1e3; };
        std::printf(
            "{\"requests\":%llu,\"failed\":%llu,\"seconds\":%.3f,\"p50_us\":%.1f,\"p90_us\":%.1f,"
            "\"p99_us\":%.1f,\"p999_us\":%.1f,\"max_us\":%.1f}\n",
            static_cast<unsigned long long>(times_.count()),
            static_cast<unsigned long long>(failed_), static_cast<double>(elapsed) / 1e9,
            us(times_.percentile(0.5)), us(times_.percentile(0.9)), us(times_.percentile(0.99)),
            us(times_.percentile(0.999)), us(times_.max()));
    }

    const LoadOptions& options_;
    std::vector<Connection> connections_;
    Poller poller_;
    Histogram times_;
    std::array<char, 64 * 1024> buffer_{};
    std::uint64_t end_ = 0;
    std::uint64_t failed_ = 0;
    long busy_ = 0;
};

}  // namespace

int load_whole(const LoadOptions& options) {
    return std::make_unique<WholeLoad>(options)->run();
}

}  // namespace patchbay::bench
