#include "route_sim/lane_model.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace patchbay::sim {

namespace {

constexpr double kInfinite = std::numeric_limits<double>::infinity();
constexpr double kSigmas95 = 1.6449;  ///< of a normal distribution's 95 %
constexpr double kRefused = 0.02;     ///< until a connection is refused, or a limit is told of
constexpr double kMillion = 1e6;

// Box and Muller's, one of the two.
double normal(Draw& draw) {
    const double u = std::max(draw.uniform(), 1e-12);
    return std::sqrt(-2 * std::log(u)) * std::cos(6.283185307179586 * draw.uniform());
}

double lognormal(Draw& draw, double p50, double p95) {
    return p50 * std::exp(normal(draw) * std::log(p95 / p50) / kSigmas95);
}

Outcome failure(ErrorClass cls, int status, double at) {
    Outcome outcome;
    outcome.first_token = kInfinite;
    outcome.end = at;
    outcome.failed = true;
    outcome.error.cls = cls;
    outcome.error.http_status = outcome.error.upstream_status = status;
    outcome.error.message = "simulated";
    return outcome;
}

Outcome of_status(int status, double at) {
    switch (status) {
        case 401:
            return failure(ErrorClass::authentication, status, at);
        case 404:
            return failure(ErrorClass::not_found, status, at);
        case 408:
            return failure(ErrorClass::timeout, status, at);
        case 429:
            return failure(ErrorClass::rate_limit, status, at);
        case 503:
        case 529:
            return failure(ErrorClass::overloaded, status, at);
        default:
            return failure(status >= 500 ? ErrorClass::upstream : ErrorClass::bad_request, status,
                           at);
    }
}

}  // namespace

bool LaneModel::is_bad(double now) {
    if (shape_.bad <= 0) return false;
    while (turns_at_ <= now) {
        bad_ = turns_at_ > 0 && !bad_;
        const double mean = bad_ ? shape_.spell : shape_.spell * (1 - shape_.bad) / shape_.bad;
        turns_at_ += std::max(-std::log(std::max(luck_.uniform(), 1e-12)) * mean, 0.001);
    }
    return bad_;
}

// The limit is for a minute; a provider that counts in shorter windows allows its part of it in each.
bool LaneModel::refuses(double now, double& retry_after) {
    if (shape_.rpm <= 0) return false;
    const auto window = static_cast<std::int64_t>(now / shape_.window);
    if (window != window_) {
        window_ = window;
        in_window_ = 0;
    }
    if (++in_window_ <= shape_.rpm * shape_.window / 60) return false;
    retry_after = static_cast<double>(window + 1) * shape_.window - now;
    return true;
}

std::int64_t LaneModel::cached_tokens(const PrefixKeys& keys, double now) const {
    const CacheRule& rule = cache_rule(shape_.provider, shape_.model);
    for (std::size_t i = keys.blocks.size(); i-- > 0;) {
        const PrefixKey& key = keys.blocks[i];
        if (key.tokens < rule.least_tokens || (rule.marked && !key.before_mark)) continue;
        const auto found = kept_.find(key.hash);
        if (found != kept_.end() && found->second > now) return key.tokens;
    }
    return 0;
}

void LaneModel::keep(const PrefixKeys& keys, double now) {
    const CacheRule& rule = cache_rule(shape_.provider, shape_.model);
    for (const PrefixKey& key : keys.blocks) {
        if (key.tokens < rule.least_tokens || (rule.marked && !key.marked)) continue;
        kept_[key.hash] = now + rule.seconds;
    }
}

Outcome LaneModel::start(const AttemptAsk& ask, double now, Draw draw) {
    ++under_way_;
    if (dead_) {
        Outcome refused = failure(ErrorClass::upstream, 0, kRefused);
        refused.error.http_status = 0;
        return refused;
    }
    double retry_after = 0;
    if (refuses(now, retry_after)) {
        Outcome refused = failure(ErrorClass::rate_limit, 429, kRefused);
        refused.error.retry_after =
            std::chrono::milliseconds(static_cast<std::int64_t>(std::ceil(retry_after * 1000)));
        return refused;
    }
    const bool bad = is_bad(now);
    const double load =
        slow_ * (bad ? shape_.bad_slow : 1) * std::max(1.0, under_way_ / shape_.knee);
    Outcome outcome;
    outcome.cached = cached_tokens(*ask.keys, now);
    double first = lognormal(draw, shape_.first_p50, shape_.first_p95);
    const double tail = draw.uniform();
    const double longer = std::pow(std::max(draw.uniform(), 1e-9), -1 / shape_.alpha);
    if (tail < shape_.tail) first *= longer;
    double each = lognormal(draw, shape_.token_p50, shape_.token_p95);
    const double luck = draw.uniform();
    const auto& seen = samples_[prompt_class(ask.prompt)];
    if (!seen.empty()) {
        const Sample& sample = seen[draw.below(static_cast<std::uint32_t>(seen.size()))];
        first = sample.first_token;
        each = sample.per_token;
        if (sample.status != 200) return of_status(sample.status, first * load);
    } else {
        first += static_cast<double>(ask.prompt - outcome.cached) * shape_.prompt;
        if (luck < (bad ? shape_.bad_fail : shape_.fail)) {
            return failure(ErrorClass::upstream, 500, first * load * 0.5);
        }
    }
    outcome.first_token = first * load;
    outcome.end = outcome.first_token + each * load * static_cast<double>(ask.answer);
    if (hanging_ || draw.uniform() < shape_.hang) outcome.first_token = outcome.end = kInfinite;
    return outcome;
}

double LaneModel::price(std::int64_t prompt, std::int64_t cached, double answer) const {
    return (static_cast<double>(prompt - cached) * shape_.in +
            static_cast<double>(cached) * shape_.cached + answer * shape_.out) /
           kMillion;
}

}  // namespace patchbay::sim
