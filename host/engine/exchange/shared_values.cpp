#include "engine/exchange/shared_values.hpp"

#include <utility>

namespace patchbay {

SharedValues::Lookup SharedValues::get(std::string_view key, Clock::time_point now, Waiter waiter,
                                       SharedValue& out) {
    const std::lock_guard lock(mutex_);
    auto found = entries_.find(key);
    if (found == entries_.end()) {
        if (entries_.size() >= kMaxKeys && !forget_one()) return Lookup::refused;
        found = entries_.emplace(std::string(key), Entry{}).first;
    }
    Entry& entry = found->second;
    if (now < entry.expires) {
        out = {BAY_OK,
               entry.value,
               std::chrono::duration_cast<std::chrono::milliseconds>(entry.expires - now),
               {}};
        return Lookup::fresh;
    }
    if (entry.waiters.size() >= kMaxWaiters) return Lookup::refused;
    entry.waiters.push_back(std::move(waiter));
    return std::exchange(entry.refreshing, true) ? Lookup::waiting : Lookup::refresh;
}

bool SharedValues::forget_one() {
    auto first = entries_.end();
    for (auto it = entries_.begin(); it != entries_.end(); ++it) {
        const Entry& entry = it->second;
        if (entry.refreshing) continue;
        if (first == entries_.end() || entry.expires < first->second.expires) first = it;
    }
    if (first == entries_.end()) return false;
    entries_.erase(first);
    return true;
}

std::string SharedValues::old_value(std::string_view key) const {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(key);
    return found == entries_.end() ? std::string() : found->second.value;
}

void SharedValues::put(std::string_view key, std::string_view value, std::chrono::milliseconds ttl,
                       Clock::time_point now) {
    std::vector<Waiter> waiters;
    {
        const std::lock_guard lock(mutex_);
        const auto found = entries_.find(key);
        if (found == entries_.end()) return;
        Entry& entry = found->second;
        entry.value = value;
        entry.expires = now + ttl;
        entry.refreshing = false;
        waiters = std::exchange(entry.waiters, {});
    }
    const SharedValue shared{BAY_OK, std::string(value), ttl, {}};
    for (const Waiter& waiter : waiters) waiter(shared);
}

void SharedValues::fail(std::string_view key, const SharedValue& why) {
    std::vector<Waiter> waiters;
    {
        const std::lock_guard lock(mutex_);
        const auto found = entries_.find(key);
        if (found == entries_.end()) return;
        found->second.refreshing = false;
        waiters = std::exchange(found->second.waiters, {});
    }
    for (const Waiter& waiter : waiters) waiter(why);
}

void SharedValues::drop(std::string_view key, std::string_view value) {
    const std::lock_guard lock(mutex_);
    const auto found = entries_.find(key);
    if (found != entries_.end() && found->second.value == value) found->second.expires = {};
}

}  // namespace patchbay
