#include "engine/access/loop_parties.hpp"

#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "engine/access/lookup_wait.hpp"
#include "engine/access/refusals.hpp"

namespace patchbay::access {

namespace {

constexpr std::size_t kMostParties = 65'536;  ///< of each kind

}  // namespace

std::shared_ptr<const Party> LoopParties::known(Kind kind, std::string_view name) {
    PartyTable& table = tables_.of(kind);
    if (const auto found = table.find(name); found != table.end()) {
        if (!found->second->stale.load(std::memory_order_acquire) && keyring_.current()) {
            return found->second;
        }
        table.erase(found);
    }
    auto held = held_over(kind).find(name);
    return held && keyring_.current() ? held : nullptr;
}

FoundParty LoopParties::before(Kind kind, const std::string& name) {
    auto party = keyring_.current() ? book_.before(kind, name) : nullptr;
    if (!party) return {nullptr, keys_away()};
    held_over(kind).put(name, party);
    return {std::move(party), {}};
}

void LoopParties::remember(const std::shared_ptr<const Party>& party) {
    PartyTable& table = tables_.of(party->kind);
    if (table.size() >= kMostParties) table.clear();
    table[party->name] = party;
}

boost::asio::awaitable<std::vector<FoundParty>> LoopParties::find(std::vector<PartyAsk> asked) {
    using Wait = LookupWait<FoundParty>;
    std::vector<FoundParty> found(asked.size());
    std::vector<std::unique_ptr<Wait>> waits(asked.size());
    std::vector<PartyBook::Question> questions;
    for (std::size_t i = 0; i < asked.size(); ++i) {
        const auto& [kind, name] = asked[i];
        found[i].party = known(kind, name);
        if (!found[i].party && keyring_.current()) {
            found[i].party = book_.known(kind, name);
            if (found[i].party) remember(found[i].party);
        }
        if (found[i].party) continue;
        waits[i] = std::make_unique<Wait>(io_);
        questions.push_back({kind, name, {waits[i]->teller()}});
    }
    const bool heard = questions.empty() || book_.find(std::move(questions));
    for (std::size_t i = 0; i < waits.size(); ++i) {
        if (!waits[i]) continue;
        std::optional<FoundParty> told;
        if (heard) told = co_await waits[i]->found();
        if (told && told->party) remember(told->party);
        const bool said = told && !told->away;
        found[i] = said ? std::move(*told) : before(asked[i].kind, asked[i].name);
    }
    co_return found;
}

}  // namespace patchbay::access
