#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <memory>
#include <set>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

#include "answer.hpp"
#include "histogram.hpp"
#include "load.hpp"
#include "same_number.hpp"
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
        next_ = start;
        for (Connection& c : connections_) {
            if (open(c)) next(c);
        }
        while ((busy_ > 0 || (paced() && now_ns() < end_)) &&
               now_ns() < end_ + options_.timeout_ns) {
            begin_due();
            for (const epoll_event& event : poller_.wait(until_next())) {
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

    bool paced() const { return options_.rate > 0; }

    void next(Connection& c) {
        if (paced()) {
            idle_.push_back(&c);
        } else {
            begin(c);
        }
    }

    void begin_due() {
        while (paced() && !idle_.empty() && now_ns() < end_ && next_ <= now_ns()) {
            Connection& c = *idle_.back();
            idle_.pop_back();
            next_ += static_cast<std::uint64_t>(1e9 / options_.rate);
            begin(c);
        }
    }

    std::uint64_t until_next() const {
        constexpr std::uint64_t kLongest = 100'000'000;
        if (!paced() || idle_.empty()) return kLongest;
        const std::uint64_t now = now_ns();
        return next_ > now ? std::min(next_ - now, kLongest) : 0;
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
                      c.sent == options_.request.size() && same(c.body));
    }

    bool same(std::string_view body) {
        if (options_.same.empty()) return true;
        SameNumber number;
        if (!number.look(body, options_.same) || number.value() < 0) return false;
        seen_.insert(number.value());
        return true;
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
        if (now < end_ && failed_ < 100) next(c);
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
            "\"p99_us\":%.1f,\"p999_us\":%.1f,\"max_us\":%.1f,\"numbers\":%zu}\n",
            static_cast<unsigned long long>(times_.count()),
            static_cast<unsigned long long>(failed_), static_cast<double>(elapsed) / 1e9,
            us(times_.percentile(0.5)), us(times_.percentile(0.9)), us(times_.percentile(0.99)),
            us(times_.percentile(0.999)), us(times_.max()), seen_.size());
    }

    const LoadOptions& options_;
    std::vector<Connection> connections_;
    Poller poller_;
    Histogram times_;
    std::array<char, 64 * 1024> buffer_{};
    std::uint64_t end_ = 0;
    std::uint64_t next_ = 0;
    std::vector<Connection*> idle_;
    std::set<long> seen_;
    std::uint64_t failed_ = 0;
    long busy_ = 0;
};

}  // namespace

int load_whole(const LoadOptions& options) {
    return std::make_unique<WholeLoad>(options)->run();
}

}  // namespace patchbay::bench
