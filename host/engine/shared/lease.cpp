#include "engine/shared/lease.hpp"

#include <algorithm>

namespace patchbay {

namespace {

// The server's notion of a lease's end must come later than the gateway's.
constexpr std::int64_t kMargin = 10'000;

std::int64_t part_of(std::int64_t left, std::int64_t nodes, int parts) {
    if (left <= 0) return 0;
    return nodes <= 1 ? left : left / (parts * nodes);
}

// Where the server is away: this gateway's part, and one at least.
std::int64_t own_part(std::int64_t left, std::int64_t nodes) {
    if (left <= 0) return 0;
    return std::max<std::int64_t>(left / std::max<std::int64_t>(nodes, 1), 1);
}

}  // namespace

void Lease::begin(const CountState& state, const LeaseNow& now) {
    const bool was_on_way = on_way_;
    const std::uint64_t number = number_;
    *this = Lease();
    on_way_ = was_on_way;  // of the window before: its answer is not looked at, and comes first
    number_ = number;
    window_ = state.window;
    seen_ = state.used;
    moved_at_ = now.ms;
    left_ = state.limit - state.known;
}

// Asked once, and then by need.
bool Lease::is_due(const CountState& state, std::int64_t spare, std::int64_t part,
                   const LeaseNow& now) const {
    const std::int64_t since = now.ms - asked_at_;
    if (answered_at_ == 0)
        return (state.wanted || state.used > 0 || state.held > 0) && since >= kOften;
    if (restores_ || state.limit != limit_) return true;
    const std::int64_t more = state.used - told_;
    const bool low = spare < part / 2 || state.need > spare;
    if (low && (left_ > more ? !barren_ || since >= kOften : since >= kTell)) return true;
    if (spare > 2 * part && spare > 1 && since >= kOften) return true;
    if (more != 0) return since >= kTell || (more > spare / 4 && since >= kOften);
    return since >= kRenew;
}

LeaseAsk Lease::ask(const CountState& state) {
    LeaseAsk ask;
    ask.window = state.window;
    ask.keep_s = state.keep_s;
    ask.life = life_;
    ask.number = ++number_;
    ask.limit = limit_ = state.limit;
    ask.base = base_.value_or(std::max<std::int64_t>(state.known - state.used, 0));
    ask.knows = base_.has_value();
    ask.restores = restores_ && ask.knows;
    restoring_ = restores_;
    ask.posted = state.gauge ? 0 : std::max(state.posted, all_);
    ask.used = state.used - origin_;
    ask.share = std::max<std::int64_t>(state.share - origin_, 0);
    ask.need = state.need;
    ask.gauge = state.gauge;
    telling_ = state.used;
    share_sent_ = state.share;
    on_way_ = true;
    return ask;
}

std::optional<LeaseAsk> Lease::next(SharedCount& count, const CountState& state,
                                    const LeaseTerms& terms, const LeaseNow& now) {
    if (window_ != state.window) begin(state, now);
    if (state.used != seen_) moved_at_ = now.ms;
    seen_ = state.used;
    if (on_way_) return std::nullopt;
    if (answered_at_ != 0 && now.ms - answered_at_ > kLast - kMargin) {
        ++life_;
        origin_ = state.gauge ? 0 : told_;
        answered_at_ = asked_at_ = 0;
    }
    const bool idle = now.ms - moved_at_ > kIdle && state.held == 0;
    const int parts = idle ? kIdleParts : kBusy;
    const std::int64_t part = part_of(left_ - (state.used - told_), terms.nodes, parts);
    const std::int64_t spare = state.share - state.used - state.held;
    CountState now_state = state;
    if (!is_due(state, spare, part, now)) return std::nullopt;
    if (answered_at_ != 0 && spare > 2 * part) {
        now_state.share = count.lower_share(state.window, state.share - spare + part);
    }
    asked_at_ = now.ms;
    LeaseAsk made = ask(now_state);
    made.parts = parts;
    made.nodes = terms.nodes;
    return made;
}

std::optional<LeaseAsk> Lease::leave(SharedCount& count, const CountState& state) {
    if (window_ != state.window || answered_at_ == 0) return std::nullopt;
    CountState last = state;
    last.share = count.lower_share(state.window, state.used);
    LeaseAsk made = ask(last);
    made.nodes = 1;
    made.need = 0;
    return made;
}

bool Lease::answered(SharedCount& count, std::uint64_t window, const LeaseAnswer& answer,
                     const LeaseNow& now) {
    on_way_ = false;
    // An answer to what was asked before the data was lost says what is not so.
    if (window_ != window || restoring_ != restores_) return false;
    told_ = telling_;
    restores_ = false;
    left_ = answer.left;
    base_ = answer.base;
    all_ = answer.all;
    answered_at_ = now.ms;
    const std::int64_t share = answer.share + origin_;
    barren_ = share <= share_sent_;
    if (!barren_) count.set_share(*window_, share);
    count.hear(*window_, std::max<std::int64_t>(answer.all - told_, 0), answer.all);
    return !barren_;
}

void Lease::away(SharedCount& count, const CountState& state, const LeaseTerms& terms) {
    const bool known = window_ == state.window && answered_at_ != 0;
    const std::int64_t used = known ? told_ : 0;
    const std::int64_t left =
        known ? left_ : state.limit - std::max<std::int64_t>(state.known - state.used, 0);
    const std::int64_t own = used + own_part(left, terms.nodes);
    if (own > state.share) count.set_share(state.window, own);
}

}  // namespace patchbay
