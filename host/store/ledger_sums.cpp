#include "store/ledger_sums.hpp"

#include <utility>

#include "store/ledger_books.hpp"
#include "store/origins.hpp"

namespace patchbay::store {

void Share::add(const LedgerLine& line) {
    constexpr std::int64_t kFirstError = 400;
    const int attempts = (line.flags & kCorrection) == 0 ? 1 : 0;
    sums.prompt += line.prompt;
    sums.completion += line.completion;
    sums.cached += line.cached;
    sums.written += line.written;
    sums.requests += attempts;
    sums.failed += line.status >= kFirstError ? attempts : 0;
    sums.cost += line.cost;
    sums.charge += line.charge;
}

void BatchSums::add(const Share& share) {
    const Numbers& n = share.of->numbers;
    const LedgerDebtors& debtors = share.of->debtors;
    const Day& of = share.sums;
    const auto post = [&](int book, House house, std::int64_t subject, std::int64_t amount) {
        Sum& sum = postings[{book, house, subject}];
        sum.amount += amount;
        sum.entries += of.requests;
    };
    const auto post_to = [&](int book, std::int64_t subject) {
        post(book, kNotHouse, subject, of.charge);
        post(book, kHouse, kContra, -of.charge);
    };
    const auto minute = [&](int book, std::int64_t subject) {
        if (of.charge != 0) minutes[{book, subject, share.minute}] += of.charge;
    };
    post(kMain, kNotHouse, n.key, of.charge);
    post(kMain, kHouse, n.provider, -of.cost);
    post(kMain, kHouse, kMargin, -(of.charge - of.cost));
    post_to(kModel, n.model);
    post_to(kDeployment, n.deployment);
    post_to(kCustomer, n.customer);
    minute(kCustomer, n.customer);
    for (const auto& [book, subject] :
         {std::pair(kKeyRow, debtors.key), std::pair(kUser, debtors.user),
          std::pair(kTeam, debtors.team), std::pair(kOrganization, debtors.organization),
          std::pair(kMember, n.member)}) {
        if (subject == 0) continue;
        post_to(book, subject);
        minute(book, subject);
    }
    for (const std::int64_t counter : share.of->counters) {
        post_to(kCounter, counter);
        minute(kCounter, counter);
    }
    Day& day = days[{share.day, n.key, n.group, n.model, n.deployment, n.provider, n.route}];
    day.prompt += of.prompt;
    day.completion += of.completion;
    day.cached += of.cached;
    day.written += of.written;
    day.requests += of.requests;
    day.failed += of.failed;
    day.cost += of.cost;
    day.charge += of.charge;
}

}  // namespace patchbay::store
