#include "engine/call/usage_account.hpp"

#include <algorithm>
#include <utility>

#include "contract/error.hpp"
#include "contract/shape/response_facts.hpp"
#include "contract/shape/text_size.hpp"
#include "contract/unix_time.hpp"
#include "engine/meter/told_cost.hpp"

namespace patchbay {

namespace {

Usage bounded(Usage usage) {
    bool absurd = false;
    for (const auto count : kUsageCounts) {
        if (usage.*count <= UsageAccount::kMaxTokens) continue;
        usage.*count = 0;
        absurd = true;
    }
    if (absurd) usage.total = usage.prompt + usage.completion;
    return usage;
}

std::uint8_t multipliers_of(const Usage& usage) {
    const auto bit = [](meter::Multiplier which) { return 1u << static_cast<unsigned>(which); };
    return static_cast<std::uint8_t>((usage.fast ? bit(meter::Multiplier::fast) : 0) |
                                     (usage.in_us ? bit(meter::Multiplier::geo_us) : 0));
}

// In the place of an exception's name: nothing failed.
constexpr std::string_view kLost = "AnotherAnsweredFirst";

std::string_view inside(std::string_view json, const TextRange& quoted) {
    return json.substr(quoted.off + 1, quoted.len - 2);
}

void bill_attempt(UsageAccount::Attempt& attempt) {
    using std::chrono::duration_cast;
    using std::chrono::microseconds;
    if (!attempt.deployment || attempt.cached) return;
    const meter::Pricing& pricing = attempt.deployment->pricing;
    if (attempt.told_cost) {
        attempt.cost = meter::cost_as_told(*attempt.told_cost, pricing.terms);
        return;
    }
    const auto card = pricing.card_for(attempt.called, attempt.answered);
    if (!card) {
        const bool owed = has_counts(attempt.usage) && !pricing.free;
        attempt.cost.flags = owed ? meter::Cost::kUnpriced : 0;
        return;
    }
    meter::Circumstances how;
    const ServiceTier served = attempt.usage.tier;
    how.tier = meter::tier_of(served == ServiceTier::untold ? attempt.asked : served);
    how.size = attempt.usage.prompt;
    how.multipliers = multipliers_of(attempt.usage);
    if (!card->terms().off_peak.empty()) how.ended_us = unix_us();
    const bool answered = attempt.status == UsageAccount::kOk;
    attempt.price = card->id();
    attempt.cost =
        meter::cost_of(*card, meter::counts_of(attempt.usage, answered).list(), how, pricing.terms);
}

}  // namespace

void UsageAccount::begin(const Deployment& deployment, const Shape& shape, std::string_view asked) {
    if (last_.deployment) earlier_.push_back(std::exchange(last_, {}));
    last_.deployment = &deployment;
    last_.started = Clock::now();
    shape_ = &shape;
    asked_ = asked;
    untold_text_ = 0;
    under_way_ = true;
    reported_ = told_ = false;
}

void UsageAccount::priced_by(ServiceTier asked, std::string_view called) {
    last_.asked = asked;
    if (!last_.deployment->pricing.card) last_.called = called;
}

void UsageAccount::one_of_many(std::string_view asked_as, std::string_view called) {
    last_.asked_as = asked_as;
    if (last_.deployment->is_pattern()) {
        last_.model = last_.deployment->provider + "/" + std::string(called);
    }
}

std::string_view UsageAccount::Attempt::group_name() const {
    return asked_as.empty() ? std::string_view(deployment->group) : asked_as;
}

std::string_view UsageAccount::Attempt::model_name() const {
    return model.empty() ? std::string_view(deployment->configured) : model;
}

void UsageAccount::report(const Usage& usage) {
    const Usage told = bounded(usage);
    if (!has_counts(told)) return merge_usage(last_.usage, told);
    if (!reported_) last_.usage = Usage{.tier = last_.usage.tier};
    reported_ = true;
    merge_usage(last_.usage, told);
    tell();
}

void UsageAccount::tell() {
    told_ = true;
    untold_text_ = 0;
}

void UsageAccount::read(std::string_view json, const AnswerFacts& facts) {
    if (!facts.usage) return;
    if (const auto& member = last_.deployment->pricing.told_cost; !member.empty()) {
        const auto told = meter::told_cost(json.substr(facts.usage.off, facts.usage.len), member);
        if (told) last_.told_cost = told;
    }
    Usage known = reported_ ? Usage{} : last_.usage;
    if (!shape_->read_usage(json.substr(facts.usage.off, facts.usage.len), known)) return;
    if (shape_ == &kResponseShape) {
        known.searches = std::max(known.searches, response_searches(json));
    }
    known = bounded(known);
    if (reported_) {
        // The plugin has told it, before it handed the event on; but perhaps not of the tier.
        if (has_counts(known)) untold_text_ = 0;
        merge_usage(last_.usage,
                    Usage{.tier = known.tier, .fast = known.fast, .in_us = known.in_us});
    } else if (known != last_.usage) {
        last_.usage = known;
        tell();
    }
}

// What stands in an answer beside its usage and its price depends on.
void UsageAccount::note(std::string_view json, const AnswerFacts& facts) {
    if (facts.tier && last_.usage.tier == ServiceTier::untold) {
        last_.usage.tier = service_tier(inside(json, facts.tier));
    }
    const bool unknown = facts.model && last_.answered.empty() && !last_.deployment->pricing.card;
    if (unknown) last_.answered = inside(json, facts.model);
}

void UsageAccount::read_whole(std::string_view json, const AnswerFacts& facts) {
    note(json, facts);
    read(json, facts);
}

void UsageAccount::read_chunk(std::string_view json, const AnswerFacts& facts) {
    note(json, facts);
    if (facts.text) untold_text_ += text_size(json.substr(facts.text.off, facts.text.len));
    read(json, facts);
}

void UsageAccount::end(const Error* failed) {
    if (!under_way_) return;
    if (failed) last_.exception = failed->exception_name();
    close(failed ? failed->status() : kOk);
}

void UsageAccount::leave() {
    if (!under_way_) return;
    last_.exception = "ClientDisconnect";
    close(kClientClosedRequest);
}

// It was asked, so its prompt is owed, whether it has told of it or not.
void UsageAccount::lose() {
    if (!under_way_) return;
    last_.exception = kLost;
    if (!told_) {
        const std::uint64_t prompt = estimated_tokens(text_size(asked_));
        last_.usage.prompt += prompt;
        last_.usage.total += prompt;
        last_.estimated = told_ = true;
    }
    last_.lost = true;
    close(kClientClosedRequest);
}

void UsageAccount::overtaken_by(UsageAccount& other) {
    lose();
    earlier_.push_back(std::exchange(last_, std::exchange(other.last_, {})));
    shape_ = other.shape_;
    asked_ = other.asked_;
    untold_text_ = other.untold_text_;
    under_way_ = std::exchange(other.under_way_, false);
    reported_ = other.reported_;
    told_ = other.told_;
}

void UsageAccount::add_lost(UsageAccount& other) {
    other.lose();
    if (other.last_.deployment) earlier_.push_back(std::exchange(other.last_, {}));
}

meter::Cost UsageAccount::bill() {
    meter::Cost sum;
    for (Attempt& attempt : earlier_) {
        bill_attempt(attempt);
        if (attempt.lost) attempt.cost.charge = attempt.cost.margin_fixed = 0;
        sum += attempt.cost;
    }
    bill_attempt(last_);
    sum += last_.cost;
    return sum;
}

meter::Cost UsageAccount::cost_so_far() const {
    UsageAccount ended = *this;
    if (ended.under_way_) ended.last_.status = kOk;
    return ended.bill();
}

void UsageAccount::close(int status) {
    const bool whole = status == kOk;
    under_way_ = false;
    last_.status = status;
    last_.ended = Clock::now();
    Usage& usage = last_.usage;
    if (untold_text_ == 0 || (whole && usage.completion > 0)) return;
    const std::uint64_t prompt = told_ ? 0 : estimated_tokens(text_size(asked_));
    const std::uint64_t completion = estimated_tokens(untold_text_);
    usage.prompt += prompt;
    usage.completion += completion;
    usage.total += prompt + completion;
    last_.estimated = true;
}

}  // namespace patchbay
