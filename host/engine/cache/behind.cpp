#include "engine/cache/behind.hpp"

#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace patchbay {

namespace asio = boost::asio;

asio::awaitable<std::shared_ptr<const CacheEntry>> CacheBehind::Lookup::wait(
    std::shared_ptr<Lookup> lookup) {
    boost::system::error_code ended;
    co_await lookup->timer_.async_wait(asio::redirect_error(asio::use_awaitable, ended));
    if (ended && !lookup->done_) {
        throw boost::system::system_error(asio::error::operation_aborted);
    }
    co_return lookup->entry_;
}

void CacheBehind::Lookup::found(asio::io_context& io, std::weak_ptr<Lookup> lookup,
                                std::shared_ptr<const CacheEntry> entry) {
    asio::post(io, [weak = std::move(lookup), entry = std::move(entry)]() mutable {
        const auto waits = weak.lock();
        if (!waits) return;
        waits->done_ = true;
        waits->entry_ = std::move(entry);
        waits->timer_.cancel();
    });
}

}  // namespace patchbay
