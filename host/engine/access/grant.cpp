#include "engine/access/grant.hpp"

#include <algorithm>

#include "engine/access/refusals.hpp"

namespace patchbay::access {

namespace {

bool concerns(const Principal::Limited& limited, std::string_view model) {
    return limited.model.empty() || limited.model == model;
}

}  // namespace

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
    return budget_exceeded(*principal_, subject, ask.now);
}

std::optional<Error> Grant::take_rates(Held& held, const GrantAsk& ask) {
    Subject& subject = *held.limited->subject;
    if (const std::int64_t limit = subject.parallel; limit != Subject::kNone) {
        held.parallel = subject.in_flight.fetch_add(1) < limit;
        if (!held.parallel) {
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

std::optional<Error> Grant::take(std::shared_ptr<const Principal> principal, const GrantAsk& ask) {
    principal_ = std::move(principal);
    tokens_ = ask.tokens;
    most_ = ask.most;
    std::optional<Error> refused;
    for (const Principal::Limited& limited : principal_->limits) {
        if (!concerns(limited, ask.model)) continue;
        held_.push_back({&limited});
    }
    if (!principal_->admin) {
        for (Held& held : held_) {
            if (!refused) refused = take_budget(held, ask);
        }
        for (Held& held : held_) {
            if (!refused) refused = take_rates(held, ask);
        }
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

const Subject* Grant::settle(meter::Amount charge, std::int64_t tokens, std::int64_t now,
                             std::uint32_t seconds) {
    const Subject* passed = nullptr;
    for (const Held& held : held_) {
        Subject& subject = *held.limited->subject;
        if (held.parallel) --subject.in_flight;
        if (held.tokens.in) {
            subject.tokens.correct(held.tokens, tokens - std::int64_t{tokens_}, seconds);
        }
        bool soft = false;
        if (held.reserved) {
            soft = subject.budget.settle(most_, held.how, charge, now);
        } else if (subject.budget.counts()) {
            soft = subject.budget.charge(charge, now);
        }
        if (soft) passed = &subject;
    }
    held_.clear();
    return passed;
}

bool has_budget(const Principal& principal) {
    return !principal.admin &&
           std::any_of(principal.limits.begin(), principal.limits.end(), [](const auto& limited) {
               return limited.asked && limited.subject->budget.hard();
           });
}

bool has_token_limit(const Principal& principal) {
    return !principal.admin &&
           std::any_of(principal.limits.begin(), principal.limits.end(),
                       [](const auto& limited) { return limited.subject->tpm != Subject::kNone; });
}

}  // namespace patchbay::access
