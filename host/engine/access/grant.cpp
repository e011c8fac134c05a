#include "engine/access/grant.hpp"

#include <algorithm>

#include "engine/access/refusals.hpp"

namespace patchbay::access {

Grant::~Grant() {
    for (const Held& held : held_) {
        Subject& subject = *held.limited->subject;
        if (held.parallel) --subject.in_flight;
        if (held.reserved) subject.budget.settle(most_, held.how, 0, 0);
    }
}

std::optional<Error> Grant::take_budget(Held& held, const GrantAsk& ask) {
    Subject& subject = *held.limited->subject;
    if (!held.limited->asked || !subject.budget.hard()) return std::nullopt;
    held.how = subject.budget.reserve(ask.most, ask.now);
    held.reserved = held.how == Allowance::Verdict::in || held.how == Allowance::Verdict::closer;
    if (held.reserved) return std::nullopt;
    if (held.how == Allowance::Verdict::reserved) return budget_reserved(subject);
    return budget_exceeded(*held.of, *held.limited, ask.now);
}

std::optional<Error> Grant::take_rates(Held& held, const GrantAsk& ask) {
    Subject& subject = *held.limited->subject;
    if (const std::int64_t limit = subject.parallel; limit != Subject::kNone) {
        const std::int64_t share = subject.parallel_share;
        const bool less = share != Subject::kNone && share < limit;
        held.parallel = subject.in_flight.fetch_add(1) < (less ? share : limit);
        if (!held.parallel) {
            if (less) subject.parallel_missed.fetch_add(1, std::memory_order_relaxed);
            Error error = rate_limited(subject, LimitType::max_parallel_requests, ask.seconds);
            --subject.in_flight;
            return error;
        }
    }
    if (const std::int64_t limit = subject.rpm; limit != Subject::kNone) {
        held.request = subject.requests.take(limit, 1, ask.seconds);
        if (!held.request.in) return rate_limited(subject, LimitType::requests, ask.seconds);
    }
    if (const std::int64_t limit = subject.tpm; limit != Subject::kNone) {
        held.tokens = subject.tokens.take(limit, ask.tokens, ask.seconds);
        if (!held.tokens.in) return rate_limited(subject, LimitType::tokens, ask.seconds);
    }
    return std::nullopt;
}

std::optional<Error> Grant::take(Sources sources, const GrantAsk& ask) {
    sources_.assign(sources.begin(), sources.end());
    tokens_ = ask.tokens;
    most_ = ask.most;
    for (const auto& source : sources_) {
        for (const Limited& limited : source->limits) {
            if (concerns(limited, ask.model)) held_.push_back({source.get(), &limited});
        }
    }
    std::optional<Error> refused;
    for (Held& held : held_) {
        if (!refused && !held.of->exempt) refused = take_budget(held, ask);
    }
    for (Held& held : held_) {
        if (!refused && !held.of->exempt) refused = take_rates(held, ask);
    }
    if (refused) give_back(ask.now, ask.seconds);
    return refused;
}

// A refusal counts nothing.
void Grant::give_back(std::int64_t now, std::uint32_t seconds) {
    std::for_each(held_.rbegin(), held_.rend(), [&](const Held& held) {
        Subject& subject = *held.limited->subject;
        if (held.tokens.in) {
            subject.tokens.correct(held.tokens, -std::int64_t{tokens_}, seconds);
        }
        if (held.request.in) subject.requests.correct(held.request, -1, seconds);
        if (held.parallel) --subject.in_flight;
        if (held.reserved) subject.budget.settle(most_, held.how, 0, now);
    });
    held_.clear();
}

Grant::Crossings Grant::settle(meter::Amount charge, std::int64_t tokens, std::int64_t now,
                               std::uint32_t seconds) {
    Crossings crossings;
    for (const Held& held : held_) {
        Subject& subject = *held.limited->subject;
        if (held.parallel) --subject.in_flight;
        if (held.tokens.in) {
            subject.tokens.correct(held.tokens, tokens - std::int64_t{tokens_}, seconds);
        }
        std::uint8_t bounds = 0;
        if (held.reserved) {
            bounds = subject.budget.settle(most_, held.how, charge, now);
        } else if (subject.budget.counts()) {
            bounds = subject.budget.charge(charge, now);
        }
        if (bounds != 0) crossings.push_back({held.of, &subject, bounds});
    }
    held_.clear();
    return crossings;
}

}  // namespace patchbay::access
