#include "engine/access/loop_parties.hpp"

#include <utility>

#include "engine/access/lookup_wait.hpp"
#include "engine/access/refusals.hpp"

namespace patchbay::access {

namespace {

constexpr std::size_t kMost = 65'536;  ///< of each kind

}  // namespace

std::shared_ptr<const Party> LoopParties::known(Kind kind, std::string_view name) {
    PartyTable& table = tables_.of(kind);
    const auto found = table.find(name);
    if (found == table.end()) return nullptr;
    if (!found->second->stale.load(std::memory_order_acquire) && keyring_.current()) {
        return found->second;
    }
    table.erase(found);
    return nullptr;
}

void LoopParties::remember(const std::shared_ptr<const Party>& party) {
    PartyTable& table = tables_.of(party->kind);
    if (table.size() >= kMost) table.clear();
    table[party->name] = party;
}

boost::asio::awaitable<FoundParty> LoopParties::find(Kind kind, std::string name) {
    if (auto party = known(kind, name)) co_return FoundParty{std::move(party), {}};
    if (auto party = keyring_.current() ? book_.known(kind, name) : nullptr) {
        remember(party);
        co_return FoundParty{std::move(party), {}};
    }
    LookupWait<FoundParty> wait(io_);
    if (!book_.find(kind, name, wait.teller())) co_return FoundParty{nullptr, keys_away()};
    auto found = co_await wait.found();
    if (!found) co_return FoundParty{nullptr, keys_away()};
    if (found->party) remember(found->party);
    co_return std::move(*found);
}

}  // namespace patchbay::access
