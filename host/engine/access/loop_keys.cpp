#include "engine/access/loop_keys.hpp"

#include <utility>

#include "engine/access/lookup_wait.hpp"
#include "engine/access/refusals.hpp"

namespace patchbay::access {

namespace asio = boost::asio;

namespace {

constexpr std::size_t kMostKeys = 65'536;

}  // namespace

std::shared_ptr<const Principal> LoopKeys::known(const store::KeyHash& hash) {
    if (const auto found = table_.find(hash); found != table_.end()) {
        if (!found->second->stale.load(std::memory_order_acquire) && keyring_.current()) {
            return found->second;
        }
        table_.erase(found);
    }
    auto held = held_over_.find(hash);
    return held && keyring_.current() ? held : nullptr;
}

FoundKey LoopKeys::before(const store::KeyHash& hash) {
    auto principal = keyring_.before(hash);
    if (!principal) return {nullptr, keys_away()};
    held_over_.put(hash, principal);
    return {std::move(principal), {}};
}

std::optional<Error> LoopKeys::refused(const store::KeyHash& hash) {
    auto found = keyring_.known(hash);
    if (!found) return std::nullopt;
    if (found->principal && keyring_.current()) remember(found->principal);
    return std::move(found->refused);
}

void LoopKeys::remember(const std::shared_ptr<const Principal>& principal) {
    if (table_.size() >= kMostKeys) table_.clear();
    table_[principal->hash] = principal;
}

asio::awaitable<FoundKey> LoopKeys::find(store::KeyHash hash) {
    if (auto principal = known(hash)) co_return FoundKey{std::move(principal), {}};
    LookupWait<FoundKey> wait(io_);
    if (!keyring_.find(hash, wait.teller())) co_return before(hash);
    auto answered = co_await wait.found();
    if (!answered || answered->away) co_return before(hash);
    FoundKey found = std::move(*answered);
    if (found.principal) remember(found.principal);
    co_return found;
}

}  // namespace patchbay::access
