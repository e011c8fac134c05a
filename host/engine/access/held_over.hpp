// Those that one event loop goes on with for a moment, as the store did not say in time what has become of them: so that not
// every request waits for it. On its loop's thread.
#pragma once

#include <chrono>
#include <memory>
#include <unordered_map>

namespace patchbay::access {

/// `Known` is Limits, or made of them.
template <class Name, class Known, class Hash>
class HeldOver {
  public:
    void put(Name name, std::shared_ptr<const Known> known) {
        if (table_.size() >= kMost) table_.clear();
        table_[std::move(name)] = {std::move(known), Clock::now() + kMoment};
    }
    /// nullptr: there is none, its moment is over, or it is gone.
    template <class View>
    std::shared_ptr<const Known> find(const View& name) {
        if (table_.empty()) return nullptr;
        const auto found = table_.find(name);
        if (found == table_.end()) return nullptr;
        if (Clock::now() < found->second.until && !found->second.known->gone) {
            return found->second.known;
        }
        table_.erase(found);
        return nullptr;
    }

  private:
    using Clock = std::chrono::steady_clock;
    static constexpr std::size_t kMost = 65'536;
    static constexpr std::chrono::seconds kMoment{1};

    struct Entry {
        std::shared_ptr<const Known> known;
        Clock::time_point until;
    };
    std::unordered_map<Name, Entry, Hash, std::equal_to<>> table_;
};

}  // namespace patchbay::access
