#include "engine/cache/flight.hpp"

#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace patchbay {

namespace asio = boost::asio;

/// Touched on its loop's thread only, but for `io`. The timer never expires: it is cancelled.
struct Flights::Follower {
    explicit Follower(asio::io_context& loop)
        : io(loop), timer(loop, asio::steady_timer::time_point::max()) {}

    asio::io_context& io;
    asio::steady_timer timer;
    bool landed = false;
    std::shared_ptr<const CacheEntry> entry;
};

/// A follower's place in the list, as long as it waits: a loop is posted to only while one of its
/// coroutines has a place, and so while it is there.
class Flights::Place {
  public:
    Place(Flights& flights, const CacheAsk& ask, const std::shared_ptr<Follower>& follower)
        : flights_(flights), ask_(ask), follower_(follower) {
        const std::lock_guard lock(flights_.mutex_);
        const auto found = flights_.flights_.find(ask_);
        taken_ = found != flights_.flights_.end() && found->second.size() < kMostFollowers;
        if (taken_) found->second.push_back(follower_);
    }
    ~Place() {
        if (!taken_) return;
        const std::lock_guard lock(flights_.mutex_);
        const auto found = flights_.flights_.find(ask_);
        if (found != flights_.flights_.end()) std::erase(found->second, follower_);
    }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;
    explicit operator bool() const { return taken_; }

  private:
    Flights& flights_;
    const CacheAsk ask_;
    std::shared_ptr<Follower> follower_;
    bool taken_ = false;
};

void Flights::Lead::land(std::shared_ptr<const CacheEntry> entry) {
    if (!std::exchange(landed_, true)) flights_.land(ask_, entry);
}

std::unique_ptr<Flights::Lead> Flights::lead(const CacheAsk& ask) {
    const std::lock_guard lock(mutex_);
    if (!flights_.try_emplace(ask).second) return nullptr;
    return std::make_unique<Lead>(*this, ask);
}

void Flights::land(const CacheAsk& ask, const std::shared_ptr<const CacheEntry>& entry) {
    const std::lock_guard lock(mutex_);
    const auto found = flights_.find(ask);
    if (found == flights_.end()) return;
    for (const auto& follower : found->second) {
        asio::post(follower->io, [follower, entry] {
            follower->landed = true;
            follower->entry = entry;
            follower->timer.cancel();
        });
    }
    flights_.erase(found);
}

asio::awaitable<std::shared_ptr<const CacheEntry>> Flights::follow(const CacheAsk& ask,
                                                                   asio::io_context& io) {
    const auto follower = std::make_shared<Follower>(io);
    const Place place(*this, ask, follower);
    if (!place) co_return nullptr;
    boost::system::error_code ended;
    co_await follower->timer.async_wait(asio::redirect_error(asio::use_awaitable, ended));
    if (!follower->landed) throw boost::system::system_error(asio::error::operation_aborted);
    co_return follower->entry;
}

std::size_t Flights::followers(const CacheAsk& ask) const {
    const std::lock_guard lock(mutex_);
    const auto found = flights_.find(ask);
    return found == flights_.end() ? 0 : found->second.size();
}

}  // namespace patchbay
