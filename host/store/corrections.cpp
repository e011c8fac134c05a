#include "store/corrections.hpp"

#include <algorithm>

#include "store/bind.hpp"
#include "store/ledger_books.hpp"

namespace patchbay::store {

namespace {

// The first are the columns of BookedEntry, in the order in which read_entry() takes them.
constexpr std::string_view kEntries =
    "SELECT e.day, e.call, e.attempt, e.client_call, (SELECT text FROM identity WHERE id = e.key), "
    "(SELECT text FROM identity WHERE id = e.model_group), (SELECT text FROM identity WHERE id = "
    "e.model), (SELECT text FROM identity WHERE id = e.deployment), (SELECT text FROM identity "
    "WHERE id = e.provider), (SELECT text FROM identity WHERE id = e.route), (SELECT text FROM "
    "identity WHERE id = e.customer), e.counters, e.usage, e.key_row, e.\"user\", e.team, "
    "e.organization, e.status, e.flags, e.tier, e.started, e.ended, "
    "e.price, e.cost, e.charge, "
    "e.cost + (SELECT COALESCE(SUM(c.cost), 0) FROM entry c WHERE c.day = e.day AND c.call = "
    "e.call AND c.attempt > 1000 AND c.attempt % 1000 = e.attempt), "
    "e.charge + (SELECT COALESCE(SUM(c.charge), 0) FROM entry c WHERE c.day = e.day AND c.call = "
    "e.call AND c.attempt > 1000 AND c.attempt % 1000 = e.attempt), "
    "(SELECT COUNT(*) FROM entry c WHERE c.day = e.day AND c.call = e.call AND c.attempt > 1000 "
    "AND c.attempt % 1000 = e.attempt) "
    "FROM entry e WHERE e.day >= ?1 AND e.day < ?2 AND e.attempt < 1000 AND (e.day, e.call, "
    "e.attempt) > (?3, ?4, ?5)";
constexpr std::string_view kOfModel =
    " AND e.model = (SELECT id FROM identity WHERE kind = 3 AND text = ?7)";
constexpr std::string_view kInOrder = " ORDER BY e.day, e.call, e.attempt LIMIT ?6";

BookedEntry read_entry(const Statement& s) {
    BookedEntry entry;
    entry.day = s.number(0);
    const std::string call = s.text(1);
    std::copy_n(call.begin(), std::min(call.size(), entry.call.size()), entry.call.begin());
    entry.attempt = s.number(2);
    int column = 3;
    for (std::string* text :
         {&entry.client_call, &entry.key, &entry.model_group, &entry.model, &entry.deployment,
          &entry.provider, &entry.route, &entry.customer, &entry.counters, &entry.usage}) {
        *text = s.text(column++);
    }
    for (std::int64_t* number :
         {&entry.debtors.key, &entry.debtors.user, &entry.debtors.team, &entry.debtors.organization,
          &entry.status, &entry.flags, &entry.tier, &entry.started_us, &entry.ended_us,
          &entry.price, &entry.own_cost, &entry.own_charge, &entry.cost, &entry.charge,
          &entry.corrections}) {
        *number = s.number(column++);
    }
    return entry;
}

}  // namespace

Stored<std::vector<BookedEntry>> booked_entries(Database& database, const EntryPage& page) {
    const bool one = !page.model.empty();
    Statement statement(
        database.handle(),
        std::string(kEntries) + std::string(one ? kOfModel : "") + std::string(kInOrder));
    constexpr Bytes16 kFirst{};
    statement.bind(1, page.from).bind(2, page.until);
    statement.bind(3, page.after ? page.after->day : page.from - 1);
    statement.bind(4, page.after ? page.after->call : kFirst);
    statement.bind(5, page.after ? page.after->attempt : 0).bind(6, page.limit);
    if (one) statement.bind(7, page.model);
    std::vector<BookedEntry> entries;
    while (true) {
        const auto row = statement.step();
        if (!row) return row.error();
        if (!*row) return entries;
        entries.push_back(read_entry(statement));
    }
}

LedgerLine correction_of(const BookedEntry& entry, std::int64_t price, std::int64_t cost,
                         std::int64_t charge) {
    LedgerLine line;
    line.call = entry.call;
    line.attempt = static_cast<int>(entry.attempt + kCorrectionsFrom * (entry.corrections + 1));
    line.client_call = entry.client_call;
    line.key = entry.key;
    line.debtors = entry.debtors;
    line.model_group = entry.model_group;
    line.model = entry.model;
    line.deployment = entry.deployment;
    line.provider = entry.provider;
    line.route = entry.route;
    line.customer = entry.customer;
    line.counters = entry.counters;
    line.status = entry.status;
    line.flags = kCorrection;
    line.tier = entry.tier;
    line.started_us = entry.started_us;
    line.ended_us = entry.ended_us;
    line.price = price;
    line.cost = cost - entry.cost;
    line.charge = charge - entry.charge;
    return line;
}

}  // namespace patchbay::store
