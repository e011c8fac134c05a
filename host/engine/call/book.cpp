#include "engine/call/book.hpp"

#include "engine/call/ledger_entries.hpp"
#include "engine/ledger/ledger_ring.hpp"

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

// Whom the caller serves, as far as headers tell.
std::string_view customer_of(const Call& call) {
    for (const std::string_view name : {"x-litellm-customer-id", "x-litellm-end-user-id"}) {
        if (const auto customer = call.caller.header(name); !customer.empty()) return customer;
    }
    const bay_member* const user = find_member(call.ask.members(), "user");
    if (!user || user->value.len < 2 || user->value.ptr[0] != '"') return {};
    return {user->value.ptr + 1, user->value.len - 2};
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
    names.customer = customer_of(call);
    for (std::size_t i = 0; i < entries.size(); ++i) {
        const auto& earlier = call.usage.earlier();
        const UsageAccount::Attempt& attempt = i < earlier.size() ? earlier[i] : call.usage.last();
        names.model_group = attempt.deployment->group;
        names.model = attempt.deployment->configured;
        names.deployment = attempt.deployment->id;
        names.provider = attempt.deployment->provider;
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
