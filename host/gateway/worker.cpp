#include "gateway/worker.hpp"

#include <boost/asio/post.hpp>
#include <spdlog/spdlog.h>

#include "engine/call/mirror.hpp"
#include "engine/call/settle.hpp"
#include "engine/exchange/detached_calls.hpp"
#include "engine/plugins/crash_report.hpp"
#include "gateway/auth.hpp"
#include "gateway/call_line.hpp"
#include "gateway/door.hpp"
#include "gateway/key_check.hpp"
#include "gateway/serve.hpp"
#include "gateway/socket_answer.hpp"

namespace patchbay::gateway {

namespace asio = boost::asio;
using tcp = asio::ip::tcp;

namespace {

// Every loop has one thread, so the reactor needs no locks; posting from other threads stays safe.
constexpr int kConcurrency = BOOST_ASIO_CONCURRENCY_HINT_UNSAFE_IO;

// So much of a key's hash stands in the log.
constexpr std::size_t kShownOfHash = 8;

// How long to stop accepting when the process has no file descriptors left.
constexpr std::chrono::milliseconds kAcceptPause{100};

// How long to wait, at the end, for calls that plugins made to cancel what was cut off.
constexpr std::chrono::milliseconds kStopTime{2000};

// How often it is logged that there are too many connections.
constexpr std::chrono::seconds kTellFull{1};

using ReusePort = asio::detail::socket_option::boolean<SOL_SOCKET, SO_REUSEPORT>;

std::string too_many_connections() {
    Error error;
    error.cls = ErrorClass::overloaded;
    error.http_status = 503;
    error.type = "overloaded";
    error.message = "The gateway has too many connections.";
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
      server_{.engine = {.loop = {io_, deadlines_, blocking},
                         .client = client_,
                         .random = seeded_random()},
              .admission = admission},
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
    asio::post(io_, [this, mine = std::move(mine)]() mutable {
        server_.engine.snapshot = std::move(mine);
    });
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
    if (server_.admission.enter_connection()) {
        ConnectionLimits limits = limits_;
        limits.body_bytes = server_.snapshot().config.general.max_request_size;
        auto connection =
            std::make_shared<Connection>(server_.engine.loop, std::move(socket), *this, limits);
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
    if (connections_.erase(connection.serial) > 0) server_.admission.leave_connection();
}

// What the control plane serves under this path; empty if nothing.
std::string_view Worker::managed_route(const Request& request) const {
    if (server_.plane.socket.empty()) return {};
    std::string_view path = request.path;
    if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
    return server_.plane.route(path);
}

std::optional<Error> Worker::check_head(Request& request) {
    const Config& config = server_.snapshot().config;
    const AccessSettings* const access = config.general.access.get();
    request.key_header = config.general.key_header;
    if (request.match.route == Route::not_found) {
        const std::string_view managed = managed_route(request);
        if (managed.empty()) return no_route(request);
        return access ? check_door(request, *access, managed) : std::nullopt;
    }
    if (request.match.route == Route::metrics) {
        request.match.needs_key = config.litellm.metrics_need_key;
    }
    if (!request.match.needs_key) return std::nullopt;
    if (access) {
        if (auto refused = check_door(request, *access, {})) return refused;
    }
    const Secret& master_key = config.general.master_key;
    if (!server_.keys) return check_key(request, master_key);
    const auto presented = check_presented(request, master_key);
    if (!presented) return presented.error();
    if (presented->virtual_key.empty()) return std::nullopt;
    request.key_hash = request.hash_of(presented->virtual_key);
    request.principal = server_.keys->known(*request.key_hash);
    if (request.principal) return check_principal(request, access);
    return server_.keys->refused(*request.key_hash);
}

// A key that the loop does not know yet.
asio::awaitable<void> Worker::find_key(Request& request) {
    access::FoundKey found = co_await server_.keys->find(*request.key_hash);
    request.principal = std::move(found.principal);
    request.refused = std::move(found.refused);
    if (request.principal) {
        const auto& general = server_.snapshot().config.general;
        request.refused = check_principal(request, general.access.get());
    }
}

ErrorAnswer Worker::refusing(Connection& connection, Request& request, const Error& error) {
    const Match& match = request.match;
    const Served served(server_, connection, request, match.name);
    ErrorAnswer answer = error_answer(served, error, match.surface);
    count_request(server_.engine, match.name, error.status(), error.exception_name(), {});
    log_unanswered(server_, connection, request, answer.head.status(), error.message);
    return answer;
}

void Worker::abandoned(Connection& connection, const Request& request, int status,
                       std::string_view why) {
    log_unanswered(server_, connection, request, status, why);
}

namespace {

// Who looks after the gateway is told how it does when it has most to do, as by LiteLLM; and its sessions are
// no requests.
bool is_bounded(const Match& match) {
    switch (match.route) {
        case Route::liveness:
        case Route::readiness:
        case Route::health_backlog:
        case Route::metrics:
            return false;
        case Route::call:
            return match.surface->operation->answer != AnswerAs::socket;
        default:
            return true;
    }
}

}  // namespace

asio::awaitable<void> Worker::handle(Connection& connection, Request& request) {
    if (server_.admission.draining()) connection.close_after_answer();
    const Match& match = request.match;
    struct Counted {
        explicit Counted(std::size_t& count) : calls(count) { ++calls; }
        ~Counted() { --calls; }
        Counted(const Counted&) = delete;
        Counted& operator=(const Counted&) = delete;
        std::size_t& calls;
    } const counted(calls_);
    const bool managed = match.route == Route::not_found && !request.refused;
    Served served(server_, connection, request, managed ? managed_route(request) : match.name);
    const LineWhenDone line(served, match);
    LoopPlace place(places_);
    const auto& bounds = served.snapshot->config.general.loop_bounds;
    if (bounds && is_bounded(match) && !place.enter(*bounds)) {
        const bool admitted = co_await place.wait(*bounds);
        if (!admitted) co_return co_await refuse_request(served, match, places_.refusal());
    }
    if (request.key_hash && !request.principal && !request.refused) co_await find_key(request);
    if (request.principal) {
        served.logged.key = request.principal->hash_text.substr(0, kShownOfHash);
    }
    co_await serve(served, match);
}

void Worker::start_draining() {
    asio::post(io_, [this] {
        for (SocketAnswer* session : server_.sessions) session->going_away();
    });
}

void Worker::stop() {
    asio::post(io_, [this] {
        boost::system::error_code ignored;
        acceptor_.close(ignored);
        pause_.cancel();
        asio::use_service<DetachedCalls>(io_).begin_shutdown();
        asio::use_service<Mirrors>(io_).stop();
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
    if (calls_ > 0 || asio::use_service<Mirrors>(io_).under_way() > 0) {
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
