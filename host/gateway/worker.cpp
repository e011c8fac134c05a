#include "gateway/worker.hpp"

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include "engine/exchange/detached_calls.hpp"
#include "engine/plugins/crash_report.hpp"
#include "engine/version.hpp"
#include "gateway/auth.hpp"
#include "gateway/call.hpp"
#include "gateway/call_line.hpp"
#include "gateway/chat.hpp"
#include "gateway/guardrail_pages.hpp"
#include "gateway/models_page.hpp"
#include "gateway/pages.hpp"
#include "gateway/plugin_admin.hpp"
#include "gateway/plugins_page.hpp"
#include "gateway/realtime.hpp"
#include "gateway/realtime_session.hpp"
#include "gateway/unknown_route.hpp"

namespace patchbay::gateway {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

namespace {

// Every loop has one thread, so the reactor needs no locks; posting from other threads stays safe.
constexpr int kConcurrency = BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO;

// How long to stop accepting when the process has no file descriptors left.
constexpr std::chrono::milliseconds kAcceptPause{100};

// How long to wait, at the end, for calls that plugins made to cancel what was cut off.
constexpr std::chrono::milliseconds kStopTime{2000};

// How often it is logged that there are too many connections.
constexpr std::chrono::seconds kTellFull{1};

using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

std::mt19937_64 seeded() {
    std::random_device device;
    std::seed_seq seed{device(), device(), device(), device(),
                       device(), device(), device(), device()};
    return std::mt19937_64(seed);
}

asio::awaitable<void> send_page(Call& call, const Page& page) {
    co_await send_answer(call, call.page_head(page.status, page.content_type), page.body);
}

Error plain_error(int status, std::string type, std::string message) {
    Error error;
    error.cls = ErrorClass::bad_request;
    error.http_status = status;
    error.type = std::move(type);
    error.message = std::move(message);
    return error;
}

Error not_found(const Request& request) {
    const auto method = request.head.method_string();
    return no_such_route({method.data(), method.size()}, request.path);
}

std::string too_many_connections() {
    Error error = plain_error(503, "overloaded", "The gateway has too many connections.");
    const std::string body = error_json(error);
    ResponseHead head(error.status());
    head.add("content-type", "application/json").add("retry-after", "1");
    return std::move(head).with_length(body.size(), false) + body;
}

}  // namespace

Worker::Worker(asio::thread_pool& blocking, Admission& admission,
               http::ClientOptions client_options, ConnectionLimits limits)
    : io_(kConcurrency),
      deadlines_(io_),
      client_(Loop{io_, deadlines_, blocking}, std::move(client_options)),
      world_{Loop{io_, deadlines_, blocking},
             client_,
             admission,
             nullptr,
             {},
             {},
             seeded(),
             nullptr,
             0,
             nullptr},
      limits_(limits),
      acceptor_(io_),
      pause_(io_) {}

Worker::~Worker() {
    stop();
    join();
}

std::uint16_t Worker::listen(const tcp::endpoint& endpoint) {
    acceptor_.open(endpoint.protocol());
    acceptor_.set_option(asio::socket_base::reuse_address(true));
    acceptor_.set_option(ReusePort(true));
    acceptor_.bind(endpoint);
    acceptor_.listen(4096);
    return acceptor_.local_endpoint().port();
}

void Worker::use(std::shared_ptr<const Snapshot> snapshot) {
    // An owner per worker: the counter that every request touches is not shared between cores.
    auto owner = std::make_shared<std::shared_ptr<const Snapshot>>(std::move(snapshot));
    std::shared_ptr<const Snapshot> mine(owner, owner->get());
    asio::post(io_,
               [this, mine = std::move(mine)]() mutable { world_.snapshot = std::move(mine); });
}

void Worker::start() {
    asio::post(io_, [this] { accept(); });
    thread_ = std::thread([this] {
        const SignalStack stack;
        const auto guard = asio::make_work_guard(io_);
        io_.run();
    });
}

void Worker::accept() {
    acceptor_.async_accept([this](boost::system::error_code ec, Connection::Socket socket) {
        accepted(ec, std::move(socket));
    });
}

void Worker::accepted(boost::system::error_code ec, Connection::Socket socket) {
    if (ec == asio::error::operation_aborted || !acceptor_.is_open()) return;
    if (ec) {
        spdlog::warn("cannot accept connections: {}", ec.message());
        pause_.expires_after(kAcceptPause);
        pause_.async_wait([this](boost::system::error_code stopped) {
            if (!stopped) accept();
        });
        return;
    }
    if (world_.admission.enter_connection()) {
        ConnectionLimits limits = limits_;
        limits.body_bytes = world_.snapshot->config.general.max_request_size;
        auto connection =
            std::make_shared<Connection>(world_.loop, std::move(socket), *this, limits);
        connection->serial = next_serial_++;
        connections_.emplace(connection->serial, connection);
        connection->start();
    } else {
        static const std::string full = too_many_connections();
        const auto now = std::chrono::steady_clock::now();
        if (now - told_full_ > kTellFull) {
            told_full_ = now;
            spdlog::warn("connections are refused with 503: there are too many");
        }
        boost::system::error_code ignored;
        socket.non_blocking(true, ignored);
        socket.write_some(asio::buffer(full), ignored);
    }
    accept();
}

void Worker::connection_closed(Connection& connection) {
    if (connections_.erase(connection.serial) > 0) world_.admission.leave_connection();
}

std::optional<Error> Worker::check_head(const Request& request) {
    const Match match = match_route(request.method, request.path);
    if (match.route == Route::not_found) return not_found(request);
    if (!match.needs_key) return std::nullopt;
    return check_key(request, world_.snapshot->config.general.master_key);
}

void Worker::refusing(Connection& connection, const Request& request, const Error& error,
                      ResponseHead& head) {
    world_.cors.add(head, request);
    log_unanswered(world_, connection, request, error.status(), error.message);
}

void Worker::abandoned(Connection& connection, const Request& request, int status,
                       std::string_view why) {
    log_unanswered(world_, connection, request, status, why);
}

asio::awaitable<void> Worker::handle(Connection& connection, Request& request) {
    if (world_.admission.draining()) connection.close_after_answer();
    const Match match = match_route(request.method, request.path);
    struct Counted {
        explicit Counted(std::size_t& count) : calls(count) { ++calls; }
        ~Counted() { --calls; }
        Counted(const Counted&) = delete;
        Counted& operator=(const Counted&) = delete;
        std::size_t& calls;
    } const counted(calls_);
    Call call(world_, connection, request, match.name);
    const LineWhenDone line(call, match);
    co_await answer(call, match);
}

asio::awaitable<void> Worker::admitted(Call& call, Work work, const Match& match) {
    const RequestPlace place(world_.admission);
    const auto& bound = call.snapshot->config.general.global_max_parallel_requests;
    if (!place) {
        Error error =
            plain_error(503, "overloaded", "The gateway has too many requests in flight.");
        error.cls = ErrorClass::overloaded;
        error.retry_after = std::chrono::seconds(1);
        co_await send_error(call, error);
    } else if (bound && world_.admission.in_flight() > *bound) {
        Error error = plain_error(429, "throttling_error", "Max parallel request limit reached.");
        error.cls = ErrorClass::rate_limit;
        error.retry_after = std::chrono::seconds(1);
        co_await send_error(call, error);
    } else {
        co_await work(call, match);
    }
}

asio::awaitable<void> Worker::answer(Call& call, const Match& match) {
    if (match.needs_key) {
        if (const auto refused =
                check_key(call.request, call.snapshot->config.general.master_key)) {
            call.logged.key = short_key_hash(presented_key(call.request));
            co_await send_error(call, *refused);
            co_return;
        }
    }
    switch (match.route) {
        case Route::chat_completions:
            co_await admitted(call, &handle_chat, match);
            break;
        case Route::realtime:
            co_await admitted(call, &handle_realtime, match);
            break;
        case Route::apply_guardrail:
            co_await admitted(
                call, [](Call& c, const Match&) { return apply_guardrail(c); }, match);
            break;
        case Route::guardrails_list:
            co_await send_page(call, guardrails_page(*call.snapshot));
            break;
        case Route::models:
            co_await send_page(call, models_page(*call.snapshot, call.request.query));
            break;
        case Route::model: {
            auto page = model_page(*call.snapshot, match.model);
            if (page) {
                co_await send_page(call, std::move(*page));
            } else {
                co_await send_error(call, page.error());
            }
            break;
        }
        case Route::root:
            co_await send_page(call, front_page());
            break;
        case Route::liveness:
            co_await send_page(call, liveness_page());
            break;
        case Route::readiness:
            co_await send_page(call, readiness_page(world_));
            break;
        case Route::metrics:
            co_await send_page(call, metrics_page(world_));
            break;
        case Route::plugins: {
            const auto* control = world_.control;
            co_await send_page(
                call, plugins_page(*call.snapshot, control ? &control->failures() : nullptr));
            break;
        }
        case Route::plugin_reload:
        case Route::plugin_promote:
        case Route::plugin_rollback:
            co_await handle_plugin_command(call, match);
            break;
        case Route::method_not_allowed: {
            Error error = plain_error(405, "invalid_request_error",
                                      "Method Not Allowed: " + std::string(match.name) + " takes " +
                                          std::string(match.allow) + ".");
            call.allow = match.allow;
            co_await send_error(call, error);
            break;
        }
        case Route::not_found:
            co_await send_error(call, not_found(call.request));
            break;
        case Route::preflight: {
            std::string_view body;
            ResponseHead head = world_.cors.preflight(call.request, match.allow, body);
            co_await send_answer(call, std::move(head), body);
            break;
        }
    }
}

void Worker::start_draining() {
    asio::post(io_, [this] {
        for (RealtimeSession* session : world_.sessions) session->going_away();
    });
}

void Worker::stop() {
    asio::post(io_, [this] {
        boost::system::error_code ignored;
        acceptor_.close(ignored);
        pause_.cancel();
        asio::use_service<DetachedCalls>(io_).begin_shutdown();
        auto all = std::move(connections_);
        connections_.clear();
        for (auto& [serial, connection] : all) connection->close();
        pause_.expires_after(kStopTime);
        pause_.async_wait([this](boost::system::error_code) { io_.stop(); });
        stop_when_left();
    });
}

// Calls that were cut off unwind in several steps, each a handler made ready by the one before, and
// may have asked for calls that outlive them.
void Worker::stop_when_left() {
    if (calls_ > 0) {
        asio::post(io_, [this] { stop_when_left(); });
    } else {
        asio::use_service<DetachedCalls>(io_).when_idle([this] { io_.stop(); });
    }
}

void Worker::join() {
    if (!thread_.joinable()) return;
    thread_.join();
    // Coroutines that were cut off unwind in several steps, each a handler made ready by the one
    // before; a suspended one would never be freed.
    io_.restart();
    while (io_.poll() > 0) {
    }
}

}  // namespace patchbay::gateway
