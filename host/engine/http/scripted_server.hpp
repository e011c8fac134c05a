// Test support: one loop with a client and servers on loopback that play scripts.
#pragma once

#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio.hpp>
#include <boost/asio/ssl.hpp>

#include "engine/http/client.hpp"

namespace patchbay::http::testing {

namespace asio = boost::asio;
using asio::ip::tcp;

inline constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);

/// The server's end of one connection.
class Peer {
  public:
    Peer(tcp::socket socket, asio::ssl::context* tls) : socket_(std::move(socket)) {
        if (tls != nullptr) tls_.emplace(socket_, *tls);
    }

    asio::awaitable<bool> handshake() {
        if (!tls_) co_return true;
        auto [ec] = co_await tls_->async_handshake(asio::ssl::stream_base::server, kTuple);
        co_return !ec;
    }

    /// Waits for a request with its body (Content-Length only); empty if the client closed.
    asio::awaitable<std::string> request() {
        for (;;) {
            if (const auto end = in_.find("\r\n\r\n"); end != std::string::npos) {
                std::size_t whole = end + 4;
                if (const auto at = in_.find("Content-Length: "); at < end) {
                    whole += std::stoul(in_.substr(at + 16, 20));
                }
                if (in_.size() >= whole) {
                    std::string request = in_.substr(0, whole);
                    in_.erase(0, whole);
                    co_return request;
                }
            }
            const bool got = co_await more();
            if (!got) co_return std::string();
        }
    }

    /// Waits for a line, of protocols that have them; without its end. Empty, too, if the client closed.
    asio::awaitable<std::string> line() {
        for (;;) {
            if (const auto end = in_.find("\r\n"); end != std::string::npos) {
                std::string found = in_.substr(0, end);
                in_.erase(0, end + 2);
                co_return found;
            }
            const bool got = co_await more();
            if (!got) co_return std::string();
        }
    }

    asio::awaitable<void> send(std::string text) {
        if (tls_) {
            co_await asio::async_write(*tls_, asio::buffer(text), kTuple);
        } else {
            co_await asio::async_write(socket_, asio::buffer(text), kTuple);
        }
    }

    /// Reads until the client closes its side.
    asio::awaitable<void> closed() {
        for (bool open = true; open;) {
            in_.clear();
            open = co_await more();
        }
    }

    /// Closes with TLS's close_notify, where close() cuts.
    asio::awaitable<void> shut_down() {
        if (tls_) co_await tls_->async_shutdown(kTuple);
        close();
    }

    /// What follows is TLS.
    asio::awaitable<bool> start_tls(asio::ssl::context& context) {
        tls_.emplace(socket_, context);
        return handshake();
    }

    void close() {
        boost::system::error_code ignored;
        socket_.close(ignored);
    }

    tcp::socket& socket() { return socket_; }
    SSL* ssl() { return tls_ ? tls_->native_handle() : nullptr; }

  private:
    asio::awaitable<bool> more() {
        char bytes[16384];
        std::size_t size = 0;
        if (tls_) {
            auto [ec, got] = co_await tls_->async_read_some(asio::buffer(bytes), kTuple);
            size = ec ? 0 : got;
        } else {
            auto [ec, got] = co_await socket_.async_read_some(asio::buffer(bytes), kTuple);
            size = ec ? 0 : got;
        }
        in_.append(bytes, size);
        co_return size != 0;
    }

    tcp::socket socket_;
    std::optional<asio::ssl::stream<tcp::socket&>> tls_;
    std::string in_;
};

/// Accepts on a free port of 127.0.0.1 and plays `script` on every connection; `index` counts them
/// from 0.
class ScriptedServer {
  public:
    using Script = std::function<asio::awaitable<void>(Peer& peer, int index)>;

    ScriptedServer(asio::io_context& io, Script script, asio::ssl::context* tls = nullptr)
        : state_(std::make_shared<State>(io, std::move(script), tls)) {
        asio::co_spawn(io, accept(state_), asio::detached);
    }
    ~ScriptedServer() { state_->acceptor.close(); }

    std::uint16_t port() const { return state_->port; }
    int accepted() const { return state_->accepted; }
    int finished() const { return state_->finished; }
    std::string url(std::string_view path = "/", std::string_view host = "127.0.0.1") const {
        return std::string(state_->tls ? "https://" : "http://") + std::string(host) + ":" +
               std::to_string(port()) + std::string(path);
    }

  private:
    struct State {
        State(asio::io_context& io, Script the_script, asio::ssl::context* the_tls)
            : acceptor(io, {asio::ip::address_v4::loopback(), 0}),
              port(acceptor.local_endpoint().port()),
              script(std::move(the_script)),
              tls(the_tls) {}
        tcp::acceptor acceptor;
        std::uint16_t port;
        Script script;
        asio::ssl::context* tls;
        int accepted = 0;
        int finished = 0;
    };

    static asio::awaitable<void> accept(std::shared_ptr<State> state) {
        for (;;) {
            auto [ec, socket] = co_await state->acceptor.async_accept(kTuple);
            if (ec) co_return;
            auto peer = std::make_shared<Peer>(std::move(socket), state->tls);
            asio::co_spawn(state->acceptor.get_executor(),
                           play(state, std::move(peer), state->accepted++), asio::detached);
        }
    }

    static asio::awaitable<void> play(std::shared_ptr<State> state, std::shared_ptr<Peer> peer,
                                      int index) {
        const bool ready = co_await peer->handshake();
        if (ready) {
            auto playing = state->script(*peer, index);
            co_await std::move(playing);
        }
        peer->close();
        ++state->finished;
    }

    std::shared_ptr<State> state_;
};

/// What came of a request that was read to its end.
struct Outcome {
    int status = 0;
    std::string body;
    std::string content_type;
    std::optional<Failure> failure;
};

/// A loop with a client on it.
class Fixture {
  public:
    explicit Fixture(ClientOptions options = {}) { open(std::move(options)); }
    ~Fixture() {
        client.reset();
        blocking.join();
        io.restart();
        io.poll();
    }

    void open(ClientOptions options) {
        client.emplace(Loop{io, deadlines, blocking}, std::move(options));
    }

    /// Runs the loop until `work` has ended.
    template <class T>
    T run(asio::awaitable<T> work) {
        std::optional<T> result;
        std::exception_ptr error;
        bool done = false;
        asio::co_spawn(io, std::move(work), [&](std::exception_ptr e, T value) {
            error = e;
            result = std::move(value);
            done = true;
        });
        until([&] { return done; });
        if (error) std::rethrow_exception(error);
        return std::move(*result);
    }

    void until(const std::function<bool()>& condition) {
        io.restart();
        while (!condition() && io.run_one() != 0) {
        }
    }

    struct Options {
        std::string method = "POST";
        std::vector<Header> headers = {};
        std::string body = "{}";
        Timeouts timeouts{};
        bool verify_tls = true;
        bool repeatable = false;
        Reach reach = Reach::everywhere;
    };

    asio::awaitable<Outcome> exchange(std::string url, Options options) {
        Request request;
        request.method = options.method;
        request.url = parse_url(url).value();
        request.headers = options.headers;
        const std::string_view body[] = {options.body};
        request.body = body;
        request.timeouts = options.timeouts;
        request.verify_tls = options.verify_tls;
        request.repeatable = options.repeatable;
        request.reach = options.reach;
        Outcome outcome;
        auto response = co_await client->send(request);
        if (!response) {
            outcome.failure = response.error();
            co_return outcome;
        }
        outcome.status = response->status();
        outcome.content_type = response->header("content-type");
        for (;;) {
            const auto piece = co_await response->read();
            if (!piece) {
                outcome.failure = piece.error();
                co_return outcome;
            }
            if (piece->empty()) co_return outcome;
            outcome.body += *piece;
        }
    }

    Outcome fetch(std::string url, Options options) {
        return run(exchange(std::move(url), std::move(options)));
    }
    Outcome fetch(std::string url) { return fetch(std::move(url), Options{}); }

    asio::io_context io{1};
    Deadlines deadlines{io};
    asio::thread_pool blocking{1};
    std::optional<Client> client;
};

inline constexpr const char* kOk = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";

/// Answers every request of a connection with `answer`.
inline ScriptedServer::Script always(std::string answer) {
    return [answer](Peer& peer, int) -> asio::awaitable<void> {
        for (std::string request = co_await peer.request(); !request.empty();) {
            co_await peer.send(answer);
            request = co_await peer.request();
        }
    };
}

}  // namespace patchbay::http::testing
