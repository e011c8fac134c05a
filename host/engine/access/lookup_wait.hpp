// Between a request and a lookup thread, which may answer when the request has gone.
#pragma once

#include <memory>
#include <optional>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace patchbay::access {

/// So long a request waits for the store.
inline constexpr std::chrono::milliseconds kLookupDeadline{250};

/// A request that waits, on its loop, for one `Found`.
template <class Found>
class LookupWait {
  public:
    explicit LookupWait(boost::asio::io_context& io) : io_(io), timer_(io, kLookupDeadline) {
        waiter_->timer = &timer_;
    }
    ~LookupWait() { waiter_->timer = nullptr; }
    LookupWait(const LookupWait&) = delete;
    LookupWait& operator=(const LookupWait&) = delete;

    /// For the lookup thread: tells the request what was found, if it is still there. Any thread, while the
    /// loop's context is there.
    auto teller() {
        return [&io = io_, waiter = waiter_](const Found& found) {
            boost::asio::post(io, [waiter, found] {
                waiter->found = found;
                if (waiter->timer) waiter->timer->cancel();
            });
        };
    }
    /// nullopt: nobody could say in time.
    boost::asio::awaitable<std::optional<Found>> found() {
        boost::system::error_code ignored;
        // It may have come while another one was waited for.
        if (waiter_->found) co_return std::move(waiter_->found);
        co_await timer_.async_wait(
            boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
        co_return std::move(waiter_->found);
    }

  private:
    // The lookup thread holds it, but does not look inside.
    struct Waiter {
        boost::asio::steady_timer* timer = nullptr;  ///< null once the request does not wait
        std::optional<Found> found;
    };

    boost::asio::io_context& io_;
    boost::asio::steady_timer timer_;
    const std::shared_ptr<Waiter> waiter_ = std::make_shared<Waiter>();
};

}  // namespace patchbay::access
