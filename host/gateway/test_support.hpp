// Helpers of this folder's tests: a connection whose other end is held by the test, without a
// network.
#pragma once

#include <chrono>
#include <fcntl.h>
#include <functional>
#include <memory>
#include <optional>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

#include <boost/asio.hpp>

#include "gateway/connection.hpp"

namespace patchbay::gateway::test {

namespace asio = boost::asio;

/// The client's end of a socket pair. What is written is there for the other side at once, so a
/// test decides what is read together.
class Client {
  public:
    explicit Client(int fd) : fd_(fd) { ::fcntl(fd_, F_SETFL, ::fcntl(fd_, F_GETFL) | O_NONBLOCK); }
    ~Client() { hang_up(); }
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// How much of it the socket took.
    std::size_t write(std::string_view bytes) const {
        const ssize_t n = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
        return n > 0 ? static_cast<std::size_t>(n) : 0;
    }
    /// Takes what is there; `closed` tells whether the other side has closed.
    void read() {
        char bytes[65536];
        for (;;) {
            const ssize_t n = ::recv(fd_, bytes, sizeof bytes, 0);
            if (n == 0) closed = true;
            if (n < 0 && errno == ECONNRESET) closed = true;
            if (n <= 0) return;
            received.append(bytes, static_cast<std::size_t>(n));
        }
    }
    void hang_up() {
        if (fd_ >= 0) ::close(fd_);
        fd_ = -1;
    }

    std::string received;
    bool closed = false;

  private:
    int fd_;
};

/// A loop and connections on it.
class Harness {
  public:
    Harness() : guard_(asio::make_work_guard(io)) {}
    ~Harness() {
        guard_.reset();
        blocking.join();
    }

    /// A connection that has begun to read.
    std::unique_ptr<Client> connect(Handler& handler, ConnectionLimits limits = {}) {
        int fds[2];
        if (::socketpair(AF_UNIX, SOCK_STREAM, 0, fds) != 0) return nullptr;
        Connection::Socket socket(io, asio::ip::tcp::v4(), fds[1]);
        auto connection = std::make_shared<Connection>(Loop{io, deadlines, blocking},
                                                       std::move(socket), handler, limits);
        connection->start();
        last = connection;
        return std::make_unique<Client>(fds[0]);
    }

    /// Runs whatever can run without anything new from outside.
    void settle() {
        while (io.poll() != 0) {
        }
    }
    /// Runs until the condition holds; false after half a minute.
    bool until(const std::function<bool()>& condition) {
        const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(30);
        while (!condition()) {
            if (std::chrono::steady_clock::now() > end) return false;
            io.run_one_for(std::chrono::milliseconds(5));
        }
        return true;
    }
    /// Writes, lets the connection work, takes what it answers.
    void say(Client& client, std::string_view bytes) {
        while (!bytes.empty()) {
            const std::size_t n = client.write(bytes);
            bytes.remove_prefix(n);
            settle();
            client.read();
            if (n == 0 && client.closed) return;  // nobody takes the rest
        }
        settle();
        client.read();
    }

    asio::io_context io{1};
    Deadlines deadlines{io};
    asio::thread_pool blocking{1};
    std::weak_ptr<Connection> last;

  private:
    asio::executor_work_guard<asio::io_context::executor_type> guard_;
};

/// Writes requests down and answers 200 with the body it got, or does what the test says.
class StubHandler final : public Handler {
  public:
    struct Seen {
        std::string method;
        std::string path;
        std::string query;
        std::string body;
        bool keep_alive = true;
        bool operator==(const Seen&) const = default;
    };

    asio::awaitable<void> handle(Connection& connection, Request& request) override {
        seen.push_back({std::string(request.head.method_string()), std::string(request.path),
                        std::string(request.query), std::string(request.body()),
                        connection.keep_alive()});
        if (instead) {
            auto work = instead(connection, request);
            co_await std::move(work);
            co_return;
        }
        const std::string body = "[" + std::string(request.body()) + "]";
        const std::string answer = std::string("HTTP/1.1 200 OK\r\n") +
                                   (connection.keep_alive() ? "" : "connection: close\r\n") +
                                   "content-length: " + std::to_string(body.size()) + "\r\n\r\n" +
                                   body;
        const asio::const_buffer parts[] = {asio::buffer(answer)};
        co_await connection.send(parts);
    }
    std::optional<Error> check_head(Request&) override { return refusal; }
    ErrorAnswer refusing(Connection&, Request& request, const Error& error) override {
        refused.emplace_back(request.path);
        ErrorAnswer answer{ResponseHead(error.status()), error_json(error)};
        add_error_headers(answer.head, error);
        return answer;
    }
    void abandoned(Connection&, const Request& request, int status, std::string_view) override {
        unread.emplace_back(std::to_string(status) + " " + std::string(request.path));
    }
    void request_began() override { ++under_way; }
    void request_ended() override { --under_way; }
    void connection_closed(Connection&) override { ++closed; }

    std::vector<Seen> seen;
    std::function<asio::awaitable<void>(Connection&, Request&)> instead;
    std::optional<Error> refusal;
    std::vector<std::string> refused;  ///< paths
    std::vector<std::string> unread;   ///< statuses and paths
    int closed = 0;
    int under_way = 0;
};

}  // namespace patchbay::gateway::test
