// The client side of HTTP/1.1 on one event loop: pooled connections, TLS, proxies, deadlines.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/system/result.hpp>

#include "contract/http/header.hpp"
#include "contract/http/url.hpp"
#include "engine/loop.hpp"

namespace patchbay::http {

/// Why there is no (complete) response. Values are those of BAY_FAIL_* in patchbay/exchange.h.
enum class FailureKind : std::uint32_t {
    connect = 1,  ///< DNS, TCP, TLS, proxy
    timeout = 2,
    reset = 3,    ///< cut before the response was complete
    framing = 4,  ///< not HTTP
    limit = 5,    ///< header section too large
    denied = 6,
    aborted = 7,
};

struct Failure {
    FailureKind kind = FailureKind::connect;
    std::string text;  ///< for logs and errors; never holds a secret
};

template <class T>
using Expected = boost::system::result<T, Failure>;

/// Zero = none.
struct Timeouts {
    std::chrono::milliseconds connect{10'000};
    std::chrono::milliseconds first_byte{0};  ///< from the request's last byte to the response head
    std::chrono::milliseconds idle{0};        ///< between two pieces of the body
    std::chrono::milliseconds total{600'000};
};

/// Where a request may go.
enum class Reach {
    everywhere,
    /// Nowhere but to addresses of the public internet (public_address.hpp), which are looked at when a
    /// connection is made; FailureKind::denied else. With a proxy the name is looked up here as well, and
    /// what the proxy finds is its own affair.
    public_only,
};

/// A request to send. All views must live until send() has returned.
struct Request {
    std::string_view method = "POST";
    Url url;
    /// Host, Content-Length, Connection and Accept-Encoding are the client's to write; those and
    /// Transfer-Encoding and Keep-Alive are left out if they are given here. Names and values that
    /// hold CR, LF or NUL are refused with FailureKind::framing: nothing can be smuggled.
    std::span<const Header> headers;
    std::span<const std::string_view> body;
    Timeouts timeouts;
    bool verify_tls = true;
    Reach reach = Reach::everywhere;
    /// May be sent again on a fresh connection if a pooled one turns out to be dead before any byte
    /// of a response came.
    bool repeatable = false;
};

/// A response whose body is still to be read. Destroying it gives the connection back to the pool
/// if the response was read to its end, else closes it at once. Belongs to the client's loop.
class Response {
  public:
    Response(Response&&) noexcept;
    Response& operator=(Response&&) noexcept;
    ~Response();

    int status() const;
    /// Names in lower case. The views live as long as this object.
    std::span<const Header> headers() const;
    /// Empty if absent. `name` in lower case.
    std::string_view header(std::string_view name) const;

    /// The next piece of the body, transfer coding removed; empty at its end. The view lives until
    /// the next call. After a failure only destruction is allowed.
    boost::asio::awaitable<Expected<std::string_view>> read();

  private:
    friend class Client;
    struct Impl;
    explicit Response(std::unique_ptr<Impl> impl);
    std::unique_ptr<Impl> impl_;
};

struct ClientOptions {
    std::size_t idle_per_origin = 256;  ///< pooled connections kept per origin
    std::chrono::milliseconds idle_timeout{
        60'000};  ///< how long a pooled connection may wait for work
    std::chrono::milliseconds dns_ttl{30'000};
    std::string http_proxy = {};   ///< "http://host:port", from HTTP_PROXY / http_proxy
    std::string https_proxy = {};  ///< from HTTPS_PROXY / https_proxy
    std::string no_proxy = {};     ///< from NO_PROXY / no_proxy, curl's syntax
    std::string ca_file = {};      ///< from SSL_CERT_FILE; empty = the system's
};

/// The proxies and SSL_CERT_FILE of the process's environment.
ClientOptions client_options_from_environment();

class Pool;
struct WebSocketRequest;
struct WebSocketAnswer;

/// Belongs to one loop; every call on its thread. Cancelling an awaited call (Asio cancellation
/// slot) closes the connection at once and throws operation_aborted as Asio does.
class Client {
  public:
    Client(Loop loop, ClientOptions options);
    ~Client();

    /// Sends and waits for the response head (1xx heads are skipped).
    boost::asio::awaitable<Expected<Response>> send(const Request& request);

    /// Connections waiting in the pool, and connections in use: for metrics.
    std::size_t idle_connections() const;
    std::size_t open_connections() const;

  private:
    friend boost::asio::awaitable<Expected<WebSocketAnswer>> open_websocket(
        Client& client, const WebSocketRequest& request);  // websocket.hpp
    std::shared_ptr<Pool> pool() const;
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace patchbay::http
