#include "engine/call/book.hpp"

#include <algorithm>

#include "engine/call/ledger_entries.hpp"
#include "engine/ledger/ledger_ring.hpp"
#include "store/ledger_counters.hpp"

namespace patchbay {

namespace {

constexpr std::string_view kMasterKey = "litellm_proxy_master_key";

// A UUID, version 7 (RFC 9562): its time gives the day of every row of the call.
std::array<std::uint8_t, 16> call_uuid(Engine& engine, std::int64_t started_us) {
    constexpr std::int64_t kMicrosecondsOfOne = 1000;
    std::array<std::uint8_t, 16> id{};
    const auto ms = static_cast<std::uint64_t>(started_us / kMicrosecondsOfOne);
    for (std::size_t i = 0; i < 6; ++i) id[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
    const std::uint64_t high = engine.random();
    const std::uint64_t low = engine.random();
    id[6] = static_cast<std::uint8_t>(0x70 | (high & 0x0f));
    id[7] = static_cast<std::uint8_t>(high >> 8);
    for (std::size_t i = 8; i < 16; ++i) id[i] = static_cast<std::uint8_t>(low >> (8 * (i - 8)));
    id[8] = static_cast<std::uint8_t>(0x80 | (id[8] & 0x3f));
    return id;
}

// One that the gateway makes for itself (mirror.hpp): no key, customer or tag owes it.
bool is_gateways(const Call& call) {
    return call.within && !call.principal;
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
    const auto id = call_uuid(call.engine, entries.front().started_us);
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
    if (owed) names.customer = call.parties.customer;
    const std::string of_call = owed ? counters_of(call) : std::string();
    std::string counters;
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const auto& earlier = call.usage.earlier();
        const UsageAccount::Attempt& attempt = i < earlier.size() ? earlier[i] : call.usage.last();
        names.model_group = attempt.deployment->group;
        names.model = attempt.deployment->configured;
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
