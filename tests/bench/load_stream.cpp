#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <memory>
#include <random>
#include <set>
#include <string_view>
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

struct Stream {
    int fd = -1;
    Answer answer;
    std::string text;  ///< what came and is not a whole event yet
    std::uint64_t starts_at = 0;
    std::uint64_t began = 0;
    long events = 0;
    bool done = false;
    SameNumber number;
    bool mixed = false;
    bool busy = false;
};

class StreamLoad {
  public:
    explicit StreamLoad(const LoadOptions& options)
        : options_(options), streams_(options.connections) {}

    int run() {
        const std::uint64_t start = now_ns();
        end_ = start + options_.duration_ns;
        spread_starts(start);
        std::uint64_t last_activity = start;
        while (busy_ > 0 || next_ < streams_.size()) {
            for (; next_ < streams_.size() && streams_[next_].starts_at <= now_ns(); ++next_) {
                begin(streams_[next_]);
            }
            const std::uint64_t now = now_ns();
            if (busy_ > 0 && now > last_activity + options_.timeout_ns) break;
            const std::uint64_t pause = next_ < streams_.size() && streams_[next_].starts_at > now
                                            ? streams_[next_].starts_at - now
                                            : 100'000'000;
            const auto events = poller_.wait(std::min<std::uint64_t>(pause, 100'000'000));
            if (!events.empty()) last_activity = now;
            for (const epoll_event& event : events) {
                Stream& s = *static_cast<Stream*>(event.data.ptr);
                if (s.fd >= 0) read(s);
            }
        }
        failed_ += busy_;
        print(now_ns() - start);
        return 0;
    }

  private:
    // Always the same random times, so that windows can be compared.
    void spread_starts(std::uint64_t start) {
        std::mt19937_64 random(1);
        for (Stream& s : streams_) {
            s.starts_at = start + (options_.ramp_ns > 0 ? random() % options_.ramp_ns : 0);
        }
        std::sort(streams_.begin(), streams_.end(),
                  [](const Stream& a, const Stream& b) { return a.starts_at < b.starts_at; });
    }

    void begin(Stream& s) {
        if (s.fd < 0) {
            s.fd = connect_to(options_.port);
            if (s.fd < 0) {
                ++failed_;
                return;
            }
            poller_.add(s.fd, &s);
        }
        s.answer.reset();
        s.text.clear();
        s.events = 0;
        s.done = false;
        s.number = {};
        s.mixed = false;
        s.busy = true;
        s.began = now_ns();
        max_open_ = std::max(max_open_, ++busy_);
        const std::string& request = options_.request;
        // A request of a stream is small: it fits the socket's buffer, which is empty.
        if (send(s.fd, request.data(), request.size(), MSG_NOSIGNAL) !=
            static_cast<ssize_t>(request.size())) {
            finish(s, false);
        }
    }

    void read(Stream& s) {
        const ssize_t n = recv(s.fd, buffer_.data(), buffer_.size(), 0);
        if (n < 0 && errno == EAGAIN) return;
        if (n <= 0 || !s.busy ||
            !s.answer.feed({buffer_.data(), static_cast<std::size_t>(n)}, s.text)) {
            return finish(s, false);
        }
        take_events(s);
        if (s.answer.complete()) {
            finish(s, s.answer.status() == 200 && s.done && s.events == options_.events && same(s));
        }
    }

    bool same(const Stream& s) {
        if (options_.same.empty()) return true;
        if (s.mixed || s.number.value() < 0) return false;
        seen_.insert(s.number.value());
        return true;
    }

    void take_events(Stream& s) {
        const std::uint64_t now = now_ns();
        std::string_view rest = s.text;
        for (std::size_t end = rest.find("\n\n"); end != std::string_view::npos;
             end = rest.find("\n\n")) {
            take_event(s, rest.substr(0, end), now);
            rest.remove_prefix(end + 2);
        }
        s.text.erase(0, s.text.size() - rest.size());
    }

    void take_event(Stream& s, std::string_view event, std::uint64_t now) {
        if (event.find(options_.done) != std::string_view::npos) s.done = true;
        if (!options_.same.empty() && !s.number.look(event, options_.same)) s.mixed = true;
        const std::size_t at = event.find("\"t=");
        if (at == std::string_view::npos) return;
        std::uint64_t sent = 0;
        const auto* const stop =
            std::from_chars(event.data() + at + 3, event.data() + event.size(), sent).ptr;
        // Some APIs say the whole text again at the end.
        if (stop == event.data() + event.size() || *stop != '"') return;
        const std::uint64_t delay = now > sent ? now - sent : 0;
        if (s.events++ == 0) first_.record(now - s.began);
        delays_.record(delay);
        if (delay > options_.late_ns) ++late_;
    }

    void finish(Stream& s, bool good) {
        if (s.busy) {
            --busy_;
            if (good) {
                ++streamed_;
            } else {
                fail(s);
            }
        }
        s.busy = false;
        if (!good || s.answer.closes()) {
            close(s.fd);
            s.fd = -1;
        }
        if (!options_.once && now_ns() < end_ && failed_ < 100) begin(s);
    }

    void fail(const Stream& s) {
        if (failed_++ == 0) {
            std::fprintf(stderr,
                         "bench: first failure: status %d, %ld events, done %d, rest: %.300s\n",
                         s.answer.status(), s.events, s.done, s.text.c_str());
        }
    }

    void print(std::uint64_t elapsed) const {
        const auto us = [](std::uint64_t ns) { return static_cast<double>(ns) / 1e3; };
        std::printf(
            "{\"requests\":%ld,\"failed\":%ld,\"seconds\":%.3f,\"events\":%llu,\"late\":%ld,"
            "\"max_open\":%ld,\"p50_us\":%.1f,\"p99_us\":%.1f,\"p999_us\":%.1f,\"max_us\":%.1f,"
            "\"first_p50_us\":%.1f,\"first_p99_us\":%.1f,\"numbers\":%zu}\n",
            streamed_, failed_, static_cast<double>(elapsed) / 1e9,
            static_cast<unsigned long long>(delays_.count()), late_, max_open_,
            us(delays_.percentile(0.5)), us(delays_.percentile(0.99)),
            us(delays_.percentile(0.999)), us(delays_.max()), us(first_.percentile(0.5)),
            us(first_.percentile(0.99)), seen_.size());
    }

    const LoadOptions& options_;
    std::vector<Stream> streams_;
    std::size_t next_ = 0;
    Poller poller_;
    Histogram delays_;
    Histogram first_;
    std::array<char, 64 * 1024> buffer_{};
    std::uint64_t end_ = 0;
    std::set<long> seen_;
    long streamed_ = 0;
    long failed_ = 0;
    long late_ = 0;
    long busy_ = 0;
    long max_open_ = 0;
};

}  // namespace

int load_stream(const LoadOptions& options) {
    return std::make_unique<StreamLoad>(options)->run();
}

}  // namespace patchbay::bench
