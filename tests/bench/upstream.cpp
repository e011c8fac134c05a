// patchbay_bench_upstream [--port N]: a model provider that costs next to nothing. It reads
// requests with a Content-Length, never looks into a body, and answers by the path
// (upstream_answers.hpp). Prints its port, then serves until it is ended by a signal. A peer that
// breaks HTTP is hung up on.

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <memory>
#include <queue>
#include <string>
#include <string_view>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>
#include <unordered_map>

#include "arguments.hpp"
#include "sockets.hpp"
#include "upstream_answers.hpp"

namespace patchbay::bench {

namespace {

constexpr std::size_t kHeadLimit = 64 * 1024;

struct Client {
    int fd = -1;
    std::uint64_t id = 0;
    std::string head;
    std::uint64_t body_left = 0;
    bool in_body = false;
    Wanted wanted;
    std::string unsent;  ///< what the socket did not take, from unsent_at
    std::size_t unsent_at = 0;
    long events_left = -1;  ///< of a stream; -1 = none under way
    std::uint64_t due = 0;
};

// The time a stream's next event is due, and whose stream it is.
using Due = std::pair<std::uint64_t, std::uint64_t>;

class Upstream {
  public:
    explicit Upstream(std::uint16_t port) : listener_(listen_on(port)) {
        poller_.add(listener_, nullptr);
        std::printf("%d\n", port_of(listener_));
        std::fflush(stdout);
    }

    void serve() {
        for (;;) {
            for (const epoll_event& event : poller_.wait(until_next())) {
                auto* client = static_cast<Client*>(event.data.ptr);
                if (client == nullptr) {
                    accept_all();
                    continue;
                }
                const std::uint64_t id = client->id;
                if ((event.events & EPOLLOUT) != 0) flush(*client);
                if (clients_.count(id) != 0 &&
                    (event.events & ~static_cast<unsigned>(EPOLLOUT)) != 0) {
                    read(*client);
                }
            }
            send_due();
        }
    }

  private:
    std::uint64_t until_next() const {
        if (due_.empty()) return 1'000'000'000;
        const std::uint64_t now = now_ns();
        return due_.top().first > now ? due_.top().first - now : 0;
    }

    void accept_all() {
        for (int fd = accept_from(listener_); fd >= 0; fd = accept_from(listener_)) {
            auto client = std::make_unique<Client>();
            client->fd = fd;
            client->id = ++last_id_;
            poller_.add(fd, client.get());
            clients_.emplace(client->id, std::move(client));
        }
    }

    // The client's object goes with it.
    void hang_up(Client& client) {
        close(client.fd);
        clients_.erase(client.id);
    }

    void read(Client& client) {
        const ssize_t n = recv(client.fd, buffer_.data(), buffer_.size(), 0);
        if (n < 0 && errno == EAGAIN) return;
        if (n <= 0 || !take(client, {buffer_.data(), static_cast<std::size_t>(n)})) hang_up(client);
    }

    // One request at a time: nobody who speaks to a provider pipelines.
    bool take(Client& client, std::string_view bytes) {
        if (!client.in_body) {
            client.head.append(bytes);
            const std::size_t end = client.head.find("\r\n\r\n");
            if (end == std::string::npos) return client.head.size() < kHeadLimit;
            bytes.remove_prefix(bytes.size() - (client.head.size() - end - 4));
            client.head.resize(end + 2);
            if (!read_head(client)) return false;
            client.in_body = true;
        }
        if (bytes.size() > client.body_left) return false;
        client.body_left -= bytes.size();
        return client.body_left > 0 || answer(client);
    }

    static bool read_head(Client& client) {
        const std::string_view head = client.head;
        const std::size_t path = head.find(' ') + 1;
        client.wanted = wanted_by(head.substr(path, head.find(' ', path) - path));
        client.body_left = 0;
        constexpr std::string_view kLength = "content-length:";
        for (std::size_t at = head.find("\r\n"); at + 2 < head.size();
             at = head.find("\r\n", at + 2)) {
            const std::string_view line = head.substr(at + 2);
            if (strncasecmp(line.data(), kLength.data(), std::min(kLength.size(), line.size())) !=
                0)
                continue;
            const char* number = line.data() + kLength.size();
            number += *number == ' ' ? 1 : 0;
            return std::from_chars(number, line.data() + line.size(), client.body_left).ec ==
                   std::errc();
        }
        return false;
    }

    bool answer(Client& client) {
        client.in_body = false;
        client.head.clear();
        if (client.wanted.events == 0) return put(client, whole_answer(client.wanted.kind));
        if (client.events_left >= 0) return false;
        client.events_left = client.wanted.events;
        client.due = now_ns();
        due_.emplace(client.due, client.id);
        return put(client, stream_head()) && put(client, stream_begin(client.wanted.kind));
    }

    void send_due() {
        while (!due_.empty() && due_.top().first <= now_ns()) {
            const std::uint64_t id = due_.top().second;
            due_.pop();
            const auto found = clients_.find(id);
            if (found != clients_.end() && !send_next(*found->second)) hang_up(*found->second);
        }
    }

    // Times count from the stream's start, so a late event does not make those after it late.
    bool send_next(Client& client) {
        if (client.events_left == 0) {
            client.events_left = -1;
            return put(client, stream_end(client.wanted.kind));
        }
        --client.events_left;
        client.due += client.wanted.spacing_ns;
        due_.emplace(client.due, client.id);
        return put(client, stream_event(client.wanted.kind, now_ns()));
    }

    bool put(Client& client, std::string_view bytes) {
        if (bytes.empty()) return true;
        if (client.unsent.empty()) {
            const ssize_t n = send(client.fd, bytes.data(), bytes.size(), MSG_NOSIGNAL);
            if (n < 0 && errno != EAGAIN) return false;
            bytes.remove_prefix(n > 0 ? static_cast<std::size_t>(n) : 0);
            if (bytes.empty()) return true;
            poller_.want_write(client.fd, &client, true);
        }
        client.unsent.append(bytes);
        return true;
    }

    void flush(Client& client) {
        const std::string_view rest = std::string_view(client.unsent).substr(client.unsent_at);
        const ssize_t n = send(client.fd, rest.data(), rest.size(), MSG_NOSIGNAL);
        if (n < 0) {
            if (errno != EAGAIN) hang_up(client);
            return;
        }
        client.unsent_at += static_cast<std::size_t>(n);
        if (client.unsent_at < client.unsent.size()) return;
        client.unsent.clear();
        client.unsent_at = 0;
        poller_.want_write(client.fd, &client, false);
    }

    int listener_;
    Poller poller_;
    std::unordered_map<std::uint64_t, std::unique_ptr<Client>> clients_;
    std::priority_queue<Due, std::vector<Due>, std::greater<>> due_;
    std::array<char, 256 * 1024> buffer_{};
    std::uint64_t last_id_ = 0;
};

}  // namespace

}  // namespace patchbay::bench

int main(int argc, char** argv) {
    const patchbay::bench::Arguments arguments(argc, argv);
    const auto port = static_cast<std::uint16_t>(arguments.number("port", 0, 65535, 0));
    std::make_unique<patchbay::bench::Upstream>(port)->serve();
}
