#include "engine/lanes/gate.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace patchbay {

namespace {

constexpr int kStep = 16;  ///< better by so much
constexpr std::chrono::seconds kEach{5};
constexpr std::size_t kShare = 4;  ///< one key has a quarter of the places at most
constexpr std::size_t kLeastShare = 1;
constexpr double kLately = 1.0 / 8;
constexpr std::chrono::seconds kMostRetryAfter{60};

}  // namespace

int Gate::level(const Place& place) const {
    const auto steps = (now_ - place.entered_) / std::chrono::duration_cast<Clock::duration>(kEach);
    return std::max(0, place.entry_.priority - kStep * static_cast<int>(steps));
}

bool Gate::before(const Place& a, const Place& b) const {
    const int left = level(a);
    const int right = level(b);
    if (left != right) return left < right;
    if (a.finish_ != b.finish_) return a.finish_ < b.finish_;
    return a.number_ < b.number_;
}

// The first of those behind `after` (null: of all).
Gate::Place* Gate::first(const Place* after, bool untold) const {
    Place* best = nullptr;
    for (Place* const place : places_) {
        if (untold && place->told_) continue;
        if (after != nullptr && (place == after || !before(*after, *place))) continue;
        if (best == nullptr || before(*place, *best)) best = place;
    }
    return best;
}

void Gate::tell(Place& place) {
    place.told_ = true;
    if (place.entry_.turn != nullptr) place.entry_.turn->come();
}

void Gate::tell_first() {
    const std::lock_guard lock(mutex_);
    if (Place* const place = first(nullptr, true)) tell(*place);
}

// Where the queue is full the newest call of the key with the most goes, if another one comes.
std::optional<Shed> Gate::make_room(const Entry& entry, const Bounds& bounds) {
    if (entry.bytes > bounds.bytes) return Shed::full;
    if (!entry.key.empty()) {
        const auto own = keys_.find(entry.key);
        const std::size_t most = std::max(bounds.calls / kShare, kLeastShare);
        if (own != keys_.end() && own->second.calls >= most) return Shed::key_share;
    }
    while (places_.size() >= bounds.calls || bytes_ + entry.bytes > bounds.bytes) {
        const auto most = std::max_element(
            keys_.begin(), keys_.end(),
            [](const auto& a, const auto& b) { return a.second.calls < b.second.calls; });
        const auto own = keys_.find(entry.key);
        const std::size_t mine = own == keys_.end() ? 0 : own->second.calls;
        if (most == keys_.end() || most->second.calls <= mine + 1) return Shed::full;
        Place* newest = nullptr;
        for (Place* const place : places_) {
            const bool its = place->key_ == most->first;
            if (its && (newest == nullptr || place->number_ > newest->number_)) newest = place;
        }
        const bool had_turn = newest->told_;
        newest->shed_ = Shed::full;
        ++figures_.shed[static_cast<std::size_t>(Shed::full)];
        remove(*newest);
        tell(*newest);
        Place* const next = had_turn ? first(nullptr, true) : nullptr;
        if (next != nullptr) tell(*next);
    }
    return std::nullopt;
}

void Gate::remove(Place& place) {
    const auto at = std::find(places_.begin(), places_.end(), &place);
    if (at == places_.end()) return;
    *at = places_.back();
    places_.pop_back();
    waiting_.store(places_.size());
    bytes_ -= place.entry_.bytes;
    const auto of_key = keys_.find(place.key_);
    if (--of_key->second.calls == 0) keys_.erase(of_key);
}

std::chrono::seconds Gate::retry_after() const {
    const std::lock_guard lock(mutex_);
    const double wait = std::ceil(static_cast<double>(places_.size() + 1) * interval_s_);
    const auto most = static_cast<double>(kMostRetryAfter.count());
    return std::chrono::seconds(static_cast<std::int64_t>(std::clamp(wait, 1.0, most)));
}

Gate::Figures Gate::figures() const {
    const std::lock_guard lock(mutex_);
    Figures figures = figures_;
    figures.waiting = places_.size();
    figures.bytes = bytes_;
    return figures;
}

std::optional<Shed> Gate::Place::enter(Gate& gate, const Entry& entry, const Bounds& bounds,
                                       Clock::time_point now) {
    leave();
    const std::lock_guard lock(gate.mutex_);
    gate.see(now);
    if (auto refused = gate.make_room(entry, bounds)) {
        ++gate.figures_.shed[static_cast<std::size_t>(*refused)];
        return refused;
    }
    gate_ = &gate;
    entry_ = entry;
    key_ = entry.key;
    entry_.key = key_;
    entered_ = now;
    told_ = false;
    shed_.reset();
    number_ = gate.next_number_++;
    OfKey& of_key = gate.keys_[key_];
    ++of_key.calls;
    of_key.finish = finish_ = std::max(gate.clock_, of_key.finish) +
                              static_cast<double>(std::max<std::int64_t>(entry.tokens, 1));
    gate.places_.push_back(this);
    gate.bytes_ += entry.bytes;
    gate.waiting_.store(gate.places_.size());
    return std::nullopt;
}

bool Gate::Place::may_try(Clock::time_point now) const {
    const std::lock_guard lock(gate_->mutex_);
    gate_->see(now);
    return told_ || gate_->first(nullptr, false) == this;
}

void Gate::Place::pass(bool on) {
    const std::lock_guard lock(gate_->mutex_);
    if (!std::exchange(told_, false) || !on) return;
    if (Place* const next = gate_->first(this, true)) tell(*next);
}

std::optional<Shed> Gate::Place::shed() const {
    if (gate_ == nullptr) return std::nullopt;
    const std::lock_guard lock(gate_->mutex_);
    return shed_;
}

void Gate::Place::leave_served(Clock::time_point now) {
    if (gate_ == nullptr) return;
    const auto seconds = [](Clock::duration d) { return std::chrono::duration<double>(d).count(); };
    Gate& gate = *std::exchange(gate_, nullptr);
    const std::lock_guard lock(gate.mutex_);
    gate.see(now);
    gate.remove(*this);
    ++gate.figures_.served;
    gate.figures_.waited_s += seconds(now - entered_);
    gate.clock_ = std::max(gate.clock_, finish_);
    if (gate.last_served_ != Clock::time_point{}) {
        gate.interval_s_ += kLately * (seconds(now - gate.last_served_) - gate.interval_s_);
    }
    gate.last_served_ = now;
}

void Gate::Place::leave_shed(Shed why) {
    if (gate_ == nullptr) return;
    {
        const std::lock_guard lock(gate_->mutex_);
        if (!shed_) ++gate_->figures_.shed[static_cast<std::size_t>(why)];
    }
    leave();
}

void Gate::Place::leave() {
    if (gate_ == nullptr) return;
    Gate& gate = *std::exchange(gate_, nullptr);
    const std::lock_guard lock(gate.mutex_);
    gate.remove(*this);
    if (!told_ || shed_) return;
    // Its turn is somebody else's now.
    if (Place* const next = gate.first(nullptr, true)) tell(*next);
}

}  // namespace patchbay
