#include "engine/lanes/capacity.hpp"

#include <algorithm>

#include "engine/coarse_clock.hpp"

namespace patchbay {

namespace {

constexpr std::int64_t kSecond = 1'000'000;  ///< microseconds

double used_of(const std::atomic<std::int64_t>& limit, const meter::RateWindow& window,
               std::int64_t before, std::uint32_t now) {
    const std::int64_t most = limit;
    if (most <= 0) return 0;
    return static_cast<double>(before + window.share.others(now)) / static_cast<double>(most);
}

}  // namespace

Capacity::Capacity(std::string name, std::uint32_t ahead) : counter(std::move(name)) {
    requests.share.use(ahead, 1);
    tokens.share.use(ahead, 1);
}

double Capacity::used(std::int64_t requests_before, std::int64_t tokens_before,
                      std::uint32_t now) const {
    return std::max(used_of(rpm, requests, requests_before, now),
                    used_of(tpm, tokens, tokens_before, now));
}

Capacities::Capacities()
    : ahead_(static_cast<std::uint32_t>(coarse_unix_us() / kSecond) - meter::RateWindow::clock()) {}

const std::shared_ptr<Capacity>& Capacities::at(const std::string& counter) {
    auto& capacity = table_[counter];
    if (!capacity) capacity = std::make_shared<Capacity>(counter, ahead_);
    return capacity;
}

std::shared_ptr<Capacity> Capacities::hold(const std::string& counter) {
    const std::lock_guard lock(mutex_);
    return at(counter);
}

void Capacities::limit(const Limits& limits) {
    const std::lock_guard lock(mutex_);
    const auto set = [this](const std::string& counter, const Limit& limit) {
        at(counter)->rpm = limit.rpm;
        at(counter)->tpm = limit.tpm;
    };
    for (const auto& [counter, limit] : limits_) {
        if (!limits.contains(counter)) set(counter, {});
    }
    for (const auto& [counter, limit] : limits) set(counter, limit);
    limits_ = limits;
}

std::vector<std::shared_ptr<Capacity>> Capacities::limited() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::shared_ptr<Capacity>> all;
    for (const auto& [counter, limit] : limits_) all.push_back(table_.at(counter));
    return all;
}

std::string_view GroupCapacity::share_of(std::string_view priority) const {
    const auto found = std::find_if(reserved.begin(), reserved.end(),
                                    [&](const auto& one) { return one.first == priority; });
    return found == reserved.end() ? std::string_view() : std::string_view(found->first);
}

Capacity* GroupCapacity::part(std::string_view priority) const {
    for (const auto& [name, capacity] : reserved) {
        if (name == priority) return capacity.get();
    }
    return others.get();
}

}  // namespace patchbay
