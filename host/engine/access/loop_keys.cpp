#include "engine/access/loop_keys.hpp"

#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "engine/access/refusals.hpp"

namespace patchbay::access {

namespace asio = boost::asio;

namespace {

constexpr std::size_t kMost = 65'536;

// Between a request and the lookup thread, which may answer when the request has gone. That thread holds it, but
// does not look inside.
struct Waiter {
    asio::steady_timer* timer = nullptr;  ///< of the request; null once it does not wait any more
    std::optional<FoundKey> found;
};

// A request that waits; on its loop.
class Wait {
  public:
    explicit Wait(asio::io_context& io) : timer_(io, LoopKeys::kDeadline) {
        waiter->timer = &timer_;
    }
    ~Wait() { waiter->timer = nullptr; }
    Wait(const Wait&) = delete;
    Wait& operator=(const Wait&) = delete;

    asio::steady_timer& timer() { return timer_; }
    const std::shared_ptr<Waiter> waiter = std::make_shared<Waiter>();

  private:
    asio::steady_timer timer_;
};

}  // namespace

std::shared_ptr<const Principal> LoopKeys::known(const store::KeyHash& hash) {
    const auto found = table_.find(hash);
    if (found == table_.end()) return nullptr;
    if (!found->second->stale.load(std::memory_order_acquire) && keyring_.current()) {
        return found->second;
    }
    table_.erase(found);
    return nullptr;
}

std::optional<Error> LoopKeys::refused(const store::KeyHash& hash) {
    auto found = keyring_.known(hash);
    if (!found) return std::nullopt;
    if (found->principal && keyring_.current()) remember(found->principal);
    return std::move(found->refused);
}

void LoopKeys::remember(const std::shared_ptr<const Principal>& principal) {
    if (table_.size() >= kMost) table_.clear();
    table_[principal->hash] = principal;
}

asio::awaitable<FoundKey> LoopKeys::find(store::KeyHash hash) {
    if (auto principal = known(hash)) co_return FoundKey{std::move(principal), {}};
    Wait wait(io_);
    const bool asked =
        keyring_.find(hash, [&io = io_, waiter = wait.waiter](const FoundKey& found) {
            asio::post(io, [waiter, found] {
                waiter->found = found;
                if (waiter->timer) waiter->timer->cancel();
            });
        });
    if (!asked) co_return FoundKey{nullptr, keys_away()};
    boost::system::error_code ignored;
    co_await wait.timer().async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    if (!wait.waiter->found) co_return FoundKey{nullptr, keys_away()};
    FoundKey found = std::move(*wait.waiter->found);
    if (found.principal) remember(found.principal);
    co_return found;
}

}  // namespace patchbay::access
