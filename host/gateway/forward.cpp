#include "gateway/forward.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>

#include "gateway/auth.hpp"
#include "gateway/request_log.hpp"
#include "gateway/served.hpp"

namespace patchbay::gateway {

namespace asio = boost::asio;
namespace beast = boost::beast;

namespace {

constexpr std::chrono::milliseconds kTime{60'000};
constexpr std::size_t kMaxBody = 1u << 20;  ///< of a request
constexpr std::size_t kMaxAnswer = 64u << 20;
constexpr auto kNoThrow = asio::as_tuple(asio::use_awaitable);

using Socket = asio::local::stream_protocol::socket;
using Parser = beast::http::response_parser<beast::http::string_body>;

Error unanswered(bool late) {
    Error error;
    error.cls = ErrorClass::upstream;
    error.http_status = late ? 504 : 502;
    error.type = "internal_server_error";
    error.message =
        late ? "The control plane has not answered in time." : "The control plane does not answer.";
    return error;
}

Error full() {
    Error error = unanswered(false);
    error.cls = ErrorClass::overloaded;
    error.http_status = 503;
    error.message = "The gateway has too many requests in flight.";
    return error;
}

Error too_large() {
    Error error = bad_request("The body is larger than 1 MiB.");
    error.http_status = 413;
    return error;
}

beast::http::request<beast::http::string_body> request_of(Served& served) {
    const Request& from = served.request;
    std::string target(from.path);
    if (!from.query.empty()) target.append("?").append(from.query);
    // The answer to HEAD is that to GET, and its body is left out when it is sent on.
    const auto method =
        from.method == beast::http::verb::head ? beast::http::verb::get : from.method;
    beast::http::request<beast::http::string_body> request(method, target, 11);
    request.set(beast::http::field::host, "control");
    request.set(beast::http::field::connection, "close");
    request.set(beast::http::field::content_type, "application/json");
    request.set("x-litellm-api-key", presented_key(from));
    request.set("x-patchbay-client-address", served.caller().address);
    if (const auto by = from.header("litellm-changed-by"); !by.empty()) {
        request.set("litellm-changed-by", by);
    }
    request.body() = from.body();
    request.content_length(request.body().size());
    return request;
}

asio::awaitable<bool> exchange(Socket& socket, const std::string& path,
                               beast::http::request<beast::http::string_body>& request,
                               Parser& parser) {
    const auto [unconnected] =
        co_await socket.async_connect(asio::local::stream_protocol::endpoint(path), kNoThrow);
    if (unconnected) co_return false;
    const auto [unsent, sent] = co_await beast::http::async_write(socket, request, kNoThrow);
    if (unsent) co_return false;
    beast::flat_buffer buffer;
    const auto [unread, read] = co_await beast::http::async_read(socket, buffer, parser, kNoThrow);
    co_return !unread;
}

}  // namespace

asio::awaitable<void> forward(Served& served) {
    const RequestPlace place(served.server.admission);
    if (!place) {
        co_return co_await refuse(served, full());
    }
    if (served.request.body().size() > kMaxBody) co_return co_await refuse(served, too_large());
    const Loop& loop = served.server.engine.loop;
    Socket socket(loop.io);
    Deadline deadline(loop.deadlines, [&socket] {
        boost::system::error_code ignored;
        socket.close(ignored);
    });
    deadline.arm(kTime);
    served.logged.key = short_key_hash(presented_key(served.request));
    auto request = request_of(served);
    Parser parser;
    parser.body_limit(kMaxAnswer);
    const bool answered = co_await exchange(socket, served.server.plane.socket, request, parser);
    const bool late = deadline.expired();
    deadline.disarm();
    if (!answered) co_return co_await refuse(served, unanswered(late));
    const auto& answer = parser.get();
    co_await send_answer(
        served, served.page_head(static_cast<int>(answer.result_int()), "application/json"),
        answer.body());
}

}  // namespace patchbay::gateway
