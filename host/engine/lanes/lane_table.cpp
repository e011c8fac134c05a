#include "engine/lanes/lane_table.hpp"

#include <utility>

namespace patchbay {

LaneHold::~LaneHold() {
    table_->release(key_, index_);
}

std::shared_ptr<const LaneHold> LaneTable::take(const std::string& key) {
    const std::lock_guard lock(mutex_);
    auto& held = held_[key];
    if (auto known = held.lock()) return known;
    LaneIndex index = 0;
    if (!free_.empty()) {
        index = free_.back();
        free_.pop_back();
        forget(index);
    } else {
        if (next_ < kMostBlocks * LaneBlock::kSize) ++next_;
        index = next_ - 1;
        auto& block = blocks_[index / LaneBlock::kSize];
        if (!block) block = std::make_unique<LaneBlock>();
    }
    auto made = std::make_shared<const LaneHold>(shared_from_this(), key, index);
    held = made;
    return made;
}

Homes& LaneTable::homes() {
    const std::lock_guard lock(mutex_);
    if (!homes_) homes_ = std::make_unique<Homes>();
    return *homes_;
}

Spread& LaneTable::spread(LaneIndex i) {
    const std::lock_guard lock(mutex_);
    auto& spread = block(i).spreads[place_in_block(i)];
    if (!spread) spread = std::make_unique<Spread>();
    return *spread;
}

void LaneTable::release(const std::string& key, LaneIndex index) {
    const std::lock_guard lock(mutex_);
    if (rest_until(index).exchange(0) != 0) resting_.fetch_sub(1);
    if (sick_until(index).exchange(0) != 0) sick_.fetch_sub(1);
    // Between the last reference and this, somebody may have taken the name anew, on another lane.
    const auto found = held_.find(key);
    if (found != held_.end() && found->second.expired()) held_.erase(found);
    free_.push_back(index);
}

// The slot belongs to nobody now, so it can be made anew in its place.
void LaneTable::forget(LaneIndex index) {
    const auto renew = [at = place_in_block(index)](auto& facts) {
        auto& slot = facts[at];
        using T = std::remove_reference_t<decltype(slot)>;
        std::destroy_at(&slot);
        std::construct_at(&slot);
        static_assert(std::is_nothrow_default_constructible_v<T>);
    };
    LaneBlock& of = block(index);
    renew(of.in_flight);
    renew(of.rest_until);
    renew(of.sick_until);
    renew(of.requests);
    renew(of.tokens);
    renew(of.prompt_tokens);
    renew(of.answer_tokens);
    renew(of.latency);
    renew(of.first_token);
    renew(of.latencies);
    renew(of.first_tokens);
    renew(of.failures);
    renew(of.loads);
    renew(of.spreads);
}

}  // namespace patchbay
