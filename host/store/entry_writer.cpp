#include "store/entry_writer.hpp"

#include <algorithm>
#include <string>

#include "store/bind.hpp"
#include "store/own_call.hpp"

namespace patchbay::store {

namespace {

/// A statement of so many costs SQLite a fourth less than as many statements, and a server two thirds.
constexpr std::size_t kTogether = 25;

std::string insert_of(std::size_t entries, const Dialect& dialect) {
    constexpr int kColumns = 30;
    std::string row = "(?";
    for (int i = 1; i < kColumns; ++i) row += ",?";
    row += dialect.origins ? ",?)" : ")";
    std::string text = std::string(dialect.insert_or_end) + "entry VALUES" + row;
    for (std::size_t i = 1; i < entries; ++i) text.append(",").append(row);
    return text;
}

// Without the counts of 0 at the end, which most are.
std::span<const std::uint8_t> counted(std::span<const std::uint8_t> usage) {
    constexpr std::size_t kCount = 8;
    const auto last = std::find_if(usage.rbegin(), usage.rend(), [](auto b) { return b != 0; });
    const auto used = static_cast<std::size_t>(usage.rend() - last);
    return usage.first(std::min(usage.size(), (used + kCount - 1) / kCount * kCount));
}

}  // namespace

EntryWriter::EntryWriter(Database& database)
    : origins_(database.dialect().origins),
      one_(database.handle(), insert_of(1, database.dialect())),
      several_(database.handle(), insert_of(kTogether, database.dialect())) {}

Stored<void> EntryWriter::write(std::span<const Booked> booked, std::int64_t batch) {
    while (!booked.empty()) {
        const bool several = booked.size() >= kTogether;
        Statement& add = several ? several_ : one_;
        const auto some = booked.first(several ? kTogether : 1);
        int place = 0;
        for (const Booked& entry : some) place = bind(add, place, entry, batch);
        if (auto done = add.run(); !done) return done;
        booked = booked.subspan(some.size());
    }
    return {};
}

// Behind a place; the place of the entry's last column.
int EntryWriter::bind(Statement& add, int place, const Booked& booked, std::int64_t batch) const {
    const LedgerLine& line = *booked.line;
    const Numbers& n = booked.origin->numbers;
    const bool own = origins_ && is_own_call(line.call, line.client_call);
    const auto next = [&](const auto& value) { add.bind(++place, value); };
    const auto numbers = [&](std::initializer_list<std::int64_t> list) {
        add.bind(place + 1, std::span(list));
        place += static_cast<int>(list.size());
    };
    next(line.day());
    next(std::span<const std::uint8_t>(line.call));
    numbers({line.attempt, batch});
    next(line.client_call);
    numbers({n.key, n.group, n.model, n.deployment, n.provider, n.route, n.customer, line.status,
             line.flags | (own ? kOwnCall : 0), line.tier, line.started_us, line.ended_us,
             line.prompt, line.completion, line.cached, line.written});
    next(counted(line.usage));
    numbers({line.price, line.cost, line.charge, line.debtors.key, line.debtors.user,
             line.debtors.team, line.debtors.organization});
    next(bytes_of(line.counters));
    if (origins_) next(booked.origin->id);
    return place;
}

}  // namespace patchbay::store
