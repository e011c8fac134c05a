#include "engine/call/capacity_grant.hpp"

#include <algorithm>
#include <chrono>
#include <cstdio>

namespace patchbay {

namespace {

using Limit = CapacityGrant::Limit;

std::string_view name_of(Limit limit) {
    return limit == Limit::tokens ? "tokens" : "requests";
}

std::string limit_words(const std::atomic<std::int64_t>& limit) {
    const std::int64_t n = limit;
    return n == Capacity::kNone ? "not configured" : std::to_string(n);
}

// As if what is held had not been counted.
template <class Held>
void take_back(Held& held, std::uint32_t tokens, std::uint32_t now) {
    if (held.tokens.in) held.of->tokens.correct(held.tokens, -std::int64_t{tokens}, now);
    if (held.requests.in) held.of->requests.correct(held.requests, -1, now);
    held.tokens.in = held.requests.in = false;
}

struct Standing {
    std::int64_t limit, used;
    std::uint32_t wait;  ///< seconds until the minute ends
};
Standing standing_of(const Capacity& capacity, Limit which, std::uint32_t now) {
    const bool tokens = which == Limit::tokens;
    const meter::RateWindow& window = tokens ? capacity.tokens : capacity.requests;
    return {tokens ? capacity.tpm : capacity.rpm, window.used_by_all(now), window.left(now)};
}

std::string percent(double share) {
    char text[32];
    std::snprintf(text, sizeof text, "%.1f%%", share * 100);
    return text;
}

Error refusal(const CapacityGrant& grant, std::string_view priority, std::uint32_t now) {
    const GroupCapacity& group = *grant.asked();
    const bool share = grant.refused_by_share();
    const Standing at = standing_of(share ? *grant.part() : *group.whole, grant.refused(), now);
    Error error;
    error.cls = ErrorClass::rate_limit;
    error.http_status = 429;
    error.type = "None";
    error.message = share ? "Priority-based rate limit exceeded. Model: " + group.model + ", "
                          : "Model capacity reached for " + group.model + ". ";
    error.message.append("Priority: ").append(priority.empty() ? "None" : priority);
    error.message.append(", Rate limit type: ").append(name_of(grant.refused()));
    error.message.append(", Model TPM: ").append(limit_words(group.whole->tpm));
    error.message.append(", Model RPM: ").append(limit_words(group.whole->rpm));
    error.message.append(", Remaining: ");
    error.message += std::to_string(std::max<std::int64_t>(at.limit - at.used, 0));
    if (share) error.message.append(", Model saturation: ").append(percent(grant.saturation()));
    error.retry_after = std::chrono::seconds(at.wait);
    return error;
}

}  // namespace

CapacityGrant::Limit CapacityGrant::take(Held& held, const CapacityAsk& ask) {
    Capacity& of = *held.of;
    if (const std::int64_t limit = of.rpm; limit != Capacity::kNone) {
        held.requests = of.requests.take(limit, 1, ask.now);
        if (!held.requests.in) return Limit::requests;
    }
    if (const std::int64_t limit = of.tpm; limit != Capacity::kNone) {
        held.tokens = of.tokens.take(limit, ask.tokens, ask.now);
        if (!held.tokens.in) return Limit::tokens;
    }
    return Limit::none;
}

void CapacityGrant::count(Held& held, const CapacityAsk& ask) {
    Capacity& of = *held.of;
    if (of.rpm != Capacity::kNone) held.requests = of.requests.add(1, ask.now);
    if (of.tpm != Capacity::kNone) held.tokens = of.tokens.add(ask.tokens, ask.now);
}

// Where the model is saturated the share is asked first, so that calls which it refuses take nothing of the model, not for a
// moment either: they may be many. Else the share is counted first, so that who finds the model saturated finds it counted;
// and whether it was saturated is told by what was used before the call, which no two calls share.
std::optional<Error> CapacityGrant::take(const GroupCapacity& group, const CapacityAsk& ask) {
    group_ = &group;
    share_ = group.share_of(ask.priority);
    tokens_ = ask.tokens;
    Capacity& whole = *group.whole;
    whole_.of = &whole;
    part_.of = group.part(ask.priority);
    const auto take_part = [&] {
        refused_ = take(part_, ask);
        by_share_ = refused_ != Limit::none;
    };
    saturation_ = whole.used(whole.requests.used(ask.now), whole.tokens.used(ask.now), ask.now);
    const bool holds = part_.of != nullptr && saturation_ >= group.threshold && saturation_ < 1;
    if (holds) {
        take_part();
    } else if (part_.of != nullptr) {
        count(part_, ask);
    }
    if (!by_share_) refused_ = take(whole_, ask);
    if (refused_ == Limit::none && part_.of != nullptr && !holds) {
        saturation_ = whole.used(whole_.requests.before, whole_.tokens.before, ask.now);
        if (saturation_ >= group.threshold) {
            take_back(part_, tokens_, ask.now);
            take_part();
        }
    }
    if (refused_ == Limit::none) return std::nullopt;
    (by_share_ ? part_ : whole_).of->refused.fetch_add(1, std::memory_order_relaxed);
    give_back(ask.now);
    return refusal(*this, ask.priority, ask.now);
}

// A refusal counts nothing.
void CapacityGrant::give_back(std::uint32_t now) {
    for (Held* held : {&part_, &whole_}) take_back(*held, tokens_, now);
}

void CapacityGrant::settle(std::int64_t tokens, std::uint32_t now) {
    for (Held* held : {&part_, &whole_}) {
        if (held->tokens.in) {
            held->of->tokens.correct(held->tokens, tokens - std::int64_t{tokens_}, now);
        }
        held->tokens.in = held->requests.in = false;
    }
}

std::string explained(const CapacityGrant& grant, std::uint32_t now) {
    const GroupCapacity& group = *grant.asked();
    const bool share = grant.refused_by_share();
    const Standing at = standing_of(share ? *grant.part() : *group.whole, grant.refused(), now);
    std::string text = group.model + ": refused, ";
    if (share) {
        text.append("the share '").append(grant.share()).append("' has used ");
    } else {
        text += "all calls have used ";
    }
    text += std::to_string(at.used) + " of " + std::to_string(at.limit) + " ";
    text.append(name_of(grant.refused())).append(" of the minute");
    if (share) text += ", and the model is saturated by " + percent(grant.saturation());
    return text;
}

}  // namespace patchbay
