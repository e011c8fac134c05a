#include "engine/http/client.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/this_coro.hpp>
#include <boost/system/system_error.hpp>

#include "engine/coarse_clock.hpp"
#include "engine/http/pool.hpp"

namespace patchbay::http {

namespace asio = boost::asio;

namespace {

using Clock = std::chrono::steady_clock;

/// A close that was under way when a request was sent is seen within a round trip.
constexpr std::chrono::seconds kIdleCloseShows{1};

[[noreturn]] void throw_aborted() {
    throw boost::system::system_error(asio::error::operation_aborted);
}

/// What is left of `total` at this moment, at least 1 ms; zero stays "none".
std::chrono::milliseconds remaining(std::chrono::milliseconds total, Clock::time_point start) {
    if (total.count() <= 0) return total;
    const auto spent = std::chrono::duration_cast<std::chrono::milliseconds>(coarse_now() - start);
    return std::max(total - spent, std::chrono::milliseconds(1));
}

}  // namespace

struct Response::Impl {
    Lease lease;
};

struct Client::Impl {
    Impl(Loop loop, ClientOptions options) : pool(loop, std::move(options)) {}
    Pool pool;
};

Client::Client(Loop loop, ClientOptions options)
    : impl_(std::make_shared<Impl>(loop, std::move(options))) {}

Client::~Client() {
    impl_->pool.shut_down();
}

std::size_t Client::idle_connections() const {
    return impl_->pool.idle();
}

std::size_t Client::open_connections() const {
    return impl_->pool.in_use();
}

std::shared_ptr<Pool> Client::pool() const {
    return {impl_, &impl_->pool};
}

asio::awaitable<Expected<Response>> Client::send(const Request& request) {
    const std::shared_ptr<Impl> impl = impl_;
    Pool& pool = impl->pool;
    const auto start = coarse_now();
    for (bool fresh = false;; fresh = true) {
        Origin& origin = pool.origin(request.url, request.verify_tls, request.reach);
        if (!origin.unreachable.empty()) {
            co_return Failure{FailureKind::connect, origin.unreachable};
        }
        Lease lease(fresh ? nullptr : pool.take(origin));
        const bool reused = static_cast<bool>(lease);
        if (!reused) lease = Lease(pool.create(origin));
        lease->limit_total(fresh ? remaining(request.timeouts.total, start)
                                 : request.timeouts.total);
        if (!reused) {
            co_await lease->open(request.timeouts.connect);
            const auto state = co_await asio::this_coro::cancellation_state;
            if (state.cancelled() != asio::cancellation_type::none) throw_aborted();
        }
        if (!lease->failure()) {
            lease->send(request);
            while (!lease->settled()) co_await lease->wait();
            if (lease->cancelled()) throw_aborted();
        }
        if (const auto& failure = lease->failure()) {
            // RFC 9112, sections 9.3.1 and 9.6: the server closed a connection while it was idle. That
            // shows at once; who hangs up later has had the request, and may bill what it did.
            const bool stale =
                reused && !fresh && failure->kind == FailureKind::reset && lease->unanswered() &&
                (lease->unsent() || (request.repeatable && coarse_now() - start < kIdleCloseShows));
            if (stale) continue;
            co_return *failure;
        }
        co_return Response(std::make_unique<Response::Impl>(Response::Impl{std::move(lease)}));
    }
}

Response::Response(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Response::Response(Response&&) noexcept = default;
Response& Response::operator=(Response&&) noexcept = default;
Response::~Response() = default;

int Response::status() const {
    return impl_->lease->parser().status();
}

std::span<const Header> Response::headers() const {
    return impl_->lease->parser().headers();
}

std::string_view Response::header(std::string_view name) const {
    for (const Header& header : headers()) {
        if (header.name == name) return header.value;
    }
    return {};
}

asio::awaitable<Expected<std::string_view>> Response::read() {
    Connection& connection = *impl_->lease.operator->();
    while (!connection.advance()) co_await connection.wait();
    if (connection.cancelled()) throw_aborted();
    if (const auto& failure = connection.failure()) co_return *failure;
    co_return connection.parser().piece();
}

}  // namespace patchbay::http
