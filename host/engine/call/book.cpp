#include "engine/call/book.hpp"

#include <algorithm>

#include "engine/call/call_uuid.hpp"
#include "engine/call/ledger_entries.hpp"
#include "engine/ledger/ledger_ring.hpp"
#include "store/ledger_counters.hpp"
#include "store/own_call.hpp"

namespace patchbay {

namespace {

constexpr std::string_view kMasterKey = "litellm_proxy_master_key";

// One that the gateway makes for itself (mirror.hpp): no key, customer or tag owes it.
bool is_gateways(const Call& call) {
    return call.within && !call.principal;
}

// Of a call whose id was made here it begins as that does (store/own_call.hpp).
CallUuid number_of(const Call& call, const LedgerEntry& first) {
    CallUuid number = call_uuid(call.engine.random, first.started_us);
    if (call.within || call.id == call.caller.id) return number;
    const auto id = store::ordered_uuid(call.id);
    if (id) std::copy_n(id->begin(), store::kOwnCallBytes, number.begin());
    return number;
}

// The counters that the call is posted to: those with budgets first, as others may find no room.
std::string counters_of(const Call& call) {
    std::string packed;
    const auto add_tag = [&](const std::string& tag) {
        store::counters::pack(store::counters::of_tag(tag), packed);
    };
    const Parties& parties = call.parties;
    call.grant.each_counter([&](std::string_view name) { store::counters::pack(name, packed); });
    for (const auto& tag : parties.limited_tags) add_tag(tag->name);
    for (const std::string& tag : parties.tags) {
        const bool there = std::any_of(parties.limited_tags.begin(), parties.limited_tags.end(),
                                       [&](const auto& other) { return other->name == tag; });
        if (!there) add_tag(tag);
    }
    return packed;
}

}  // namespace

void book(const Call& call) {
    LedgerRing* const ring = call.engine.ledger;
    if (!ring) return;
    const std::vector<LedgerEntry> entries = ledger_entries(call.usage);
    if (entries.empty()) return;
    const CallUuid id = number_of(call, entries.front());
    LedgerNames names;
    names.client_call = call.id;
    store::LedgerDebtors debtors;
    if (call.principal) {
        names.key = call.principal->hash_text;
        debtors = call.principal->debtors;
    } else if (!call.world->config.general.master_key.empty()) {
        names.key = kMasterKey;
    }
    names.route = call.surface.route;
    const bool owed = !is_gateways(call);
    if (owed && call.world->config.litellm.book_customers) names.customer = call.parties.customer;
    const std::string of_call = owed ? counters_of(call) : std::string();
    std::string counters;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const auto& earlier = call.usage.earlier();
        const UsageAccount::Attempt& attempt = i < earlier.size() ? earlier[i] : call.usage.last();
        names.model_group = attempt.group_name();
        names.model = attempt.model_name();
        names.deployment = attempt.deployment->id;
        names.provider = attempt.deployment->provider;
        counters.clear();
        for (const auto& budget : attempt.deployment->budgets) {
            store::counters::pack(budget->counter, counters);
        }
        // What finds no room has no budget, or one of very many.
        store::counters::append(of_call, counters);
        names.counters = counters;
        ring->append(id, entries[i], names, debtors);
    }
}

Error ledger_full() {
    Error error;
    error.cls = ErrorClass::overloaded;
    error.http_status = 503;
    error.code = "ledger_full";
    error.message = "The ledger has no room for another call: its store does not keep up.";
    error.retry_after = std::chrono::seconds(1);
    return error;
}

}  // namespace patchbay
