#include "engine/access/grant.hpp"

#include <algorithm>

#include "engine/access/refusals.hpp"

namespace patchbay::access {

Grant::~Grant() {
    for (const Held& held : held_) {
        Subject& subject = *held.limited->subject;
        if (held.parallel) --subject.in_flight;
        if (held.reserved) subject.budget.settle(held.most, held.how, 0, 0);
    }
}

std::optional<Error> Grant::take_budget(Held& held, const GrantAsk& ask) {
    Subject& subject = *held.limited->subject;
    if (!held.limited->asked || !subject.budget.hard()) return std::nullopt;
    held.most = ask.most;
    held.how = subject.budget.reserve(ask.most, ask.now);
    held.reserved = held.how == Allowance::Verdict::in || held.how == Allowance::Verdict::closer;
    if (held.reserved) return std::nullopt;
    only_free_ = only_free_ || ask.free;
    if (ask.free) return std::nullopt;
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

std::optional<Error> Grant::take(std::span<Held> helds, const GrantAsk& ask) {
    std::optional<Error> refused;
    for (Held& held : helds) {
        if (!refused && !held.of->exempt) refused = take_budget(held, ask);
    }
    for (Held& held : helds) {
        if (!refused && !held.of->exempt) refused = take_rates(held, ask);
    }
    return refused;
}

std::optional<Error> Grant::take(Sources sources, const GrantAsk& ask) {
    sources_.assign(sources.begin(), sources.end());
    tokens_ = ask.tokens;
    for (const auto& source : sources_) {
        for (const Limited& limited : source->limits) {
            if (concerns(limited, ask.model)) held_.push_back({source.get(), &limited});
        }
    }
    auto refused = take(held_, ask);
    if (refused) give_back(0, ask.now, ask.seconds);
    return refused;
}

bool Grant::turn_to(const GrantAsk& ask) {
    const std::size_t before = held_.size();
    const auto holds = [&](const Limited& limited) {
        const std::span<const Held> old(held_.data(), before);
        return std::any_of(old.begin(), old.end(),
                           [&](const Held& held) { return held.limited == &limited; });
    };
    for (const auto& source : sources_) {
        for (const Limited& limited : source->limits) {
            const bool is_new = !limited.model.empty() && concerns(limited, ask.model);
            if (is_new && !holds(limited)) held_.push_back({source.get(), &limited});
        }
    }
    if (take(std::span(held_).subspan(before), ask)) {
        give_back(before, ask.now, ask.seconds);
        return false;
    }
    const auto left = [&](const Held& held) {
        return !held.limited->model.empty() && !concerns(*held.limited, ask.model);
    };
    for (const Held& held : held_) {
        if (left(held)) leave(held, ask.now, ask.seconds);
    }
    held_.erase(std::remove_if(held_.begin(), held_.end(), left), held_.end());
    return true;
}

void Grant::leave(const Held& held, std::int64_t now, std::uint32_t seconds) {
    Subject& subject = *held.limited->subject;
    if (held.tokens.in) subject.tokens.correct(held.tokens, -std::int64_t{tokens_}, seconds);
    if (held.parallel) --subject.in_flight;
    if (held.reserved) subject.budget.settle(held.most, held.how, 0, now);
}

// A refusal counts nothing.
void Grant::give_back(std::size_t from, std::int64_t now, std::uint32_t seconds) {
    while (held_.size() > from) {
        const Held& held = held_.back();
        leave(held, now, seconds);
        if (held.request.in) held.limited->subject->requests.correct(held.request, -1, seconds);
        held_.pop_back();
    }
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
            bounds = subject.budget.settle(held.most, held.how, charge, now);
        } else if (subject.budget.counts()) {
            bounds = subject.budget.charge(charge, now);
        }
        if (bounds != 0) crossings.push_back({held.of, &subject, bounds});
    }
    held_.clear();
    return crossings;
}

}  // namespace patchbay::access
