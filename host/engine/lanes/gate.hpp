// The queue of a model group of which every deployment is busy.
//
// A call enters before a deployment is chosen for it, so that whoever is free first takes whoever is
// first. The order is by `priority` (LiteLLM's: 0 to 255, the lower first; sixteen better for every
// five seconds of waiting, so that nobody starves), and among equals fair by key: self-clocked fair
// queueing (Golestani 1994) of estimated tokens, so a key with a thousand calls does not keep one
// with a single call waiting. What is bounded: calls, bytes of their bodies, and the share of one key.
#pragma once

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay {

/// Why a call was not let into a queue, or was taken out of it.
enum class Shed : std::uint8_t {
    full,       ///< too many wait, or too many bytes
    key_share,  ///< too many of its own key wait
    timeout,    ///< it has waited as long as it may
};
inline constexpr std::size_t kSheds = 3;
inline constexpr std::array<std::string_view, kSheds> kShedNames{"full", "key_share", "timeout"};

/// Lives with its group's memory. Any thread; a mutex that is taken only while calls wait.
class Gate {
  public:
    using Clock = std::chrono::steady_clock;

    /// Who drives a call that waits.
    class Turn {
      public:
        virtual ~Turn() = default;
        /// The call should be tried now, or is shed. From any thread, under the gate's lock: posts and
        /// returns. Not after the call's place has left.
        virtual void come() noexcept = 0;
    };

    struct Bounds {
        std::size_t calls = 1000;
        std::size_t bytes = std::size_t{64} << 20;
    };

    struct Entry {
        int priority = kMedium;
        std::string_view key;     ///< of whom it is; empty: nobody's, and no share is kept
        std::size_t bytes = 0;    ///< of its body
        std::int64_t tokens = 1;  ///< estimated
        Turn* turn = nullptr;     ///< null: who drives the call asks again by itself
    };
    static constexpr int kMedium = 128;  ///< LiteLLM's priority of who has none
    static constexpr int kLowest = 255;

    /// The place of one call, in no queue at first. Leaves when it is destroyed.
    class Place {
      public:
        Place() = default;
        ~Place() { leave(); }
        Place(const Place&) = delete;
        Place& operator=(const Place&) = delete;

        /// Queues; the gate outlives the place. nullopt: it waits.
        std::optional<Shed> enter(Gate& gate, const Entry& entry, const Bounds& bounds,
                                  Clock::time_point now);
        bool waits() const { return gate_ != nullptr; }
        /// Is it the first of all, or was its turn told?
        bool may_try(Clock::time_point now) const;
        /// It was tried, and nobody is free for it. `on`: somebody may be for others, so that the next
        /// in order is told.
        void pass(bool on);
        /// Set when others took its place in a queue that is full.
        std::optional<Shed> shed() const;
        /// Out of the queue, with what it waited for, or because it is shed, or for another reason.
        /// Nothing if it does not wait.
        void leave_served(Clock::time_point now);
        void leave_shed(Shed why);
        void leave();
        Clock::duration waited(Clock::time_point now) const { return now - entered_; }

      private:
        friend class Gate;
        Gate* gate_ = nullptr;
        Entry entry_;
        std::string key_;
        Clock::time_point entered_{};
        double finish_ = 0;         ///< of fair queueing
        std::uint64_t number_ = 0;  ///< in the order of coming
        bool told_ = false;         ///< its turn, and it has not tried since
        std::optional<Shed> shed_;
    };

    /// How many wait: asked for every call, without a lock.
    std::size_t waiting() const { return waiting_.load(); }
    /// Something that calls wait for is free: the first in order that was not told is told.
    void freed() {
        if (waiting() > 0) tell_first();
    }
    /// When one that is shed now might find a place, by how fast the queue was served lately.
    std::chrono::seconds retry_after() const;

    struct Figures {
        std::size_t waiting = 0;
        std::size_t bytes = 0;
        std::uint64_t served = 0;
        double waited_s = 0;  ///< of those that were served
        std::array<std::uint64_t, kSheds> shed{};
    };
    Figures figures() const;

  private:
    struct OfKey {
        std::size_t calls = 0;
        double finish = 0;
    };

    int level(const Place& place) const;
    bool before(const Place& a, const Place& b) const;
    Place* first(const Place* after, bool untold) const;
    void tell_first();
    std::optional<Shed> make_room(const Entry& entry, const Bounds& bounds);
    void remove(Place& place);
    void see(Clock::time_point now) { now_ = std::max(now_, now); }
    static void tell(Place& place);

    std::atomic<std::size_t> waiting_{0};
    mutable std::mutex mutex_;  ///< of all below, and of what is in places that wait
    std::vector<Place*> places_;
    std::map<std::string, OfKey, std::less<>> keys_;  ///< of those that wait
    std::size_t bytes_ = 0;
    Clock::time_point
        now_{};  ///< the latest that anybody told, which is exact enough for the order
    std::uint64_t next_number_ = 0;
    double clock_ = 0;  ///< virtual time: the finish of who was served last
    Clock::time_point last_served_{};
    double interval_s_ = 1;  ///< between two that are served, lately
    Figures figures_;
};

}  // namespace patchbay
