#include "store/ledger_sums.hpp"

#include <utility>

#include "store/ledger_books.hpp"

namespace patchbay::store {

namespace {

void add_posting(Postings& postings, int book, int house, std::int64_t subject, std::int64_t amount,
                 int entries) {
    Sum& sum = postings[{book, house, subject}];
    sum.amount += amount;
    sum.entries += entries;
}

// A correction is no attempt of its own.
int attempts_of(const LedgerLine& line) {
    return (line.flags & kCorrection) == 0 ? 1 : 0;
}

}  // namespace

void add_postings(Postings& postings, const LedgerLine& line, const Numbers& n) {
    add_posting(postings, kMain, kNotHouse, n.key, line.charge, attempts_of(line));
    add_posting(postings, kMain, kHouse, n.provider, -line.cost, attempts_of(line));
    add_posting(postings, kMain, kHouse, kMargin, -(line.charge - line.cost), attempts_of(line));
    for (const auto& [book, subject] :
         {std::pair(kModel, n.model), std::pair(kDeployment, n.deployment),
          std::pair(kCustomer, n.customer)}) {
        add_posting(postings, book, kNotHouse, subject, line.charge, attempts_of(line));
        add_posting(postings, book, kHouse, kContra, -line.charge, attempts_of(line));
    }
}

void add_debtors(Postings& postings, Minutes& minutes, const LedgerLine& line, const Numbers& n) {
    const LedgerDebtors& of = line.debtors;
    const auto minute = [&](int book, std::int64_t subject) {
        if (line.charge != 0) minutes[{book, subject, line.minute()}] += line.charge;
    };
    minute(kCustomer, n.customer);
    for (const auto& [book, subject] :
         {std::pair(kKeyRow, of.key), std::pair(kUser, of.user), std::pair(kTeam, of.team),
          std::pair(kOrganization, of.organization), std::pair(kMember, n.member)}) {
        if (subject == 0) continue;
        add_posting(postings, book, kNotHouse, subject, line.charge, attempts_of(line));
        add_posting(postings, book, kHouse, kContra, -line.charge, attempts_of(line));
        minute(book, subject);
    }
}

void add_counters(Postings& postings, Minutes& minutes, const LedgerLine& line,
                  std::span<const std::int64_t> counters) {
    for (const std::int64_t counter : counters) {
        add_posting(postings, kCounter, kNotHouse, counter, line.charge, attempts_of(line));
        add_posting(postings, kCounter, kHouse, kContra, -line.charge, attempts_of(line));
        if (line.charge != 0) minutes[{kCounter, counter, line.minute()}] += line.charge;
    }
}

void add_day(Days& days, const LedgerLine& line, const Numbers& n) {
    constexpr std::int64_t kFirstError = 400;
    Day& day = days[{line.day(), n.key, n.group, n.model, n.deployment, n.provider, n.route}];
    day.prompt += line.prompt;
    day.completion += line.completion;
    day.cached += line.cached;
    day.written += line.written;
    day.requests += attempts_of(line);
    day.failed += line.status >= kFirstError ? attempts_of(line) : 0;
    day.cost += line.cost;
    day.charge += line.charge;
}

}  // namespace patchbay::store
