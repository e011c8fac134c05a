// How a WebSocket is opened, from either side.
#include <algorithm>

#include <boost/asio/this_coro.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/rfc7230.hpp>
#include <boost/beast/websocket/error.hpp>
#include <boost/beast/websocket/rfc6455.hpp>
#include <boost/system/system_error.hpp>

#include "contract/http/header.hpp"
#include "engine/http/pool.hpp"
#include "engine/http/request_head.hpp"
#include "engine/http/websocket_impl.hpp"

namespace patchbay::http {

namespace asio = boost::asio;
namespace websocket = boost::beast::websocket;
namespace beast_http = boost::beast::http;
using beast_http::field;

namespace {

/// Closes what is not handed on, however the coroutine is left.
template <class Closable>
struct Closing {
    std::shared_ptr<Closable> what;
    ~Closing() {
        if (what) close(*what);
    }
    static void close(Connection& connection) { connection.close(); }
    static void close(WebSocket::Impl& impl) { impl.abort(); }
};

bool of_the_handshake(std::string_view name) {
    for (const std::string_view own :
         {"host", "connection", "upgrade", "content-length", "transfer-encoding"}) {
        if (iequals(name, own)) return true;
    }
    constexpr std::string_view kPrefix = "sec-websocket-";
    return name.size() >= kPrefix.size() && iequals(name.substr(0, kPrefix.size()), kPrefix);
}

/// Waits for an operation that tells its end by `done`.
asio::awaitable<void> wait_for(std::shared_ptr<WebSocket::Impl> impl, const bool& done) {
    while (!done) co_await impl->change();
}

/// What a handler of a handshake writes into; it may outlive the coroutine.
struct Outcome {
    websocket::response_type response;
    boost::system::error_code ec;
    bool done = false;
};

auto note(const std::shared_ptr<WebSocket::Impl>& impl, const std::shared_ptr<Outcome>& outcome) {
    return [impl, outcome](boost::system::error_code ec) {
        outcome->ec = ec;
        outcome->done = true;
        impl->changed();
    };
}

}  // namespace

asio::awaitable<Expected<WebSocketAnswer>> open_websocket(Client& client,
                                                          const WebSocketRequest& request) {
    const std::shared_ptr<Pool> pool = client.pool();
    if (!std::all_of(request.headers.begin(), request.headers.end(), sendable) ||
        !sendable({"x", request.subprotocols})) {
        co_return Failure{FailureKind::framing,
                          "the handshake has a header that HTTP cannot carry"};
    }
    Origin& origin = pool->origin(request.url, request.verify_tls);
    if (!origin.unreachable.empty()) co_return Failure{FailureKind::connect, origin.unreachable};

    Closing<Connection> opening{pool->create(origin)};
    const std::shared_ptr<Connection> connection = opening.what;
    connection->limit_total(request.opening);
    co_await connection->open(request.connect, true);
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) {
        throw boost::system::system_error(asio::error::operation_aborted);
    }
    if (connection->failure()) co_return *connection->failure();

    auto impl = std::make_shared<WebSocket::Impl>(
        pool->loop(), ByteStream(pool->loop(), connection), request.limits);
    Closing<WebSocket::Impl> shaking{impl};
    impl->stream().set_option(
        websocket::stream_base::decorator([&request](websocket::request_type& head) {
            for (const Header& header : request.headers) {
                if (!of_the_handshake(header.name)) head.insert(header.name, header.value);
            }
            if (!request.subprotocols.empty()) {
                head.set(field::sec_websocket_protocol, request.subprotocols);
            }
        }));
    const auto outcome = std::make_shared<Outcome>();
    // The decorator is called before this returns.
    impl->stream().async_handshake(outcome->response, request.url.authority, request.url.target,
                                   note(impl, outcome));
    impl->stream().set_option(websocket::stream_base::decorator([](auto&) {}));
    co_await wait_for(impl, outcome->done);

    WebSocketAnswer answer;
    answer.status = static_cast<int>(outcome->response.result_int());
    if (outcome->ec == websocket::error::upgrade_declined) {
        answer.body = std::move(outcome->response.body());
        if (answer.body.size() > WebSocketAnswer::kMaxBody) {
            answer.body.resize(WebSocketAnswer::kMaxBody);
        }
        co_return answer;
    }
    if (outcome->ec) {
        if (connection->failure()) co_return *connection->failure();
        const bool bad = outcome->ec == websocket::condition::handshake_failed;
        co_return Failure{bad ? FailureKind::framing : FailureKind::connect,
                          "WebSocket handshake failed: " + outcome->ec.message()};
    }
    connection->limit_total(std::chrono::milliseconds(0));
    answer.subprotocol = outcome->response[field::sec_websocket_protocol];
    impl->begin();
    opening.what.reset();
    shaking.what.reset();
    answer.socket.emplace(std::move(impl));
    co_return answer;
}

std::string handshake_problem(const beast_http::request_header<>& head) {
    if (head.method() != beast_http::verb::get || head.version() < 11) {
        return "A WebSocket handshake is a GET of HTTP/1.1.";
    }
    if (!beast_http::token_list{head[field::connection]}.exists("upgrade") ||
        !beast_http::token_list{head[field::upgrade]}.exists("websocket")) {
        return "This is a WebSocket: connect with 'Connection: Upgrade' and 'Upgrade: websocket'.";
    }
    if (head.count(field::sec_websocket_version) != 1 ||
        head[field::sec_websocket_version] != "13") {
        return "Sec-WebSocket-Version must be 13.";
    }
    // 16 bytes in base64.
    const auto key = head[field::sec_websocket_key];
    const bool good = key.size() == 24 && key.ends_with("==") &&
                      std::all_of(key.begin(), key.end() - 2, [](unsigned char c) {
                          return std::isalnum(c) != 0 || c == '+' || c == '/';
                      });
    if (head.count(field::sec_websocket_key) != 1 || !good) {
        return "Sec-WebSocket-Key must be 16 bytes in base64.";
    }
    return {};
}

asio::awaitable<std::optional<WebSocket>> accept_websocket(
    Loop loop, ByteStream bytes, const beast_http::request_header<>& head,
    std::vector<std::pair<std::string, std::string>> headers, WebSocketLimits limits) {
    auto impl = std::make_shared<WebSocket::Impl>(loop, std::move(bytes), limits);
    Closing<WebSocket::Impl> shaking{impl};
    impl->stream().set_option(websocket::stream_base::decorator(
        [given = std::move(headers)](websocket::response_type& response) {
            for (const auto& [name, value] : given) {
                if (sendable({name, value})) response.insert(name, value);
            }
        }));
    // Beast picks no subprotocol and asks for nothing but the head.
    const auto request = std::make_shared<beast_http::request<beast_http::empty_body>>(head);
    const auto outcome = std::make_shared<Outcome>();
    Deadline limit(loop.deadlines, [&] { impl->abort(); });
    limit.arm(limits.write);
    impl->stream().async_accept(*request, [told = note(impl, outcome),
                                           request](boost::system::error_code ec) { told(ec); });
    co_await wait_for(impl, outcome->done);
    if (outcome->ec) co_return std::nullopt;
    impl->begin();
    shaking.what.reset();
    co_return WebSocket(std::move(impl));
}

}  // namespace patchbay::http
