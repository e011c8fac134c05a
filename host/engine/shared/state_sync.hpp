// What several gateways share by a Redis server: the state of deployments (who rests, and what the minute has used of rpm
// and tpm: docs/routing.md), and limits and budgets, of which each has a share (docs/keys.md).
//
// All of it is done on the thread of the connection (redis/link.hpp), in rounds: what is new here is told, what is new
// elsewhere is put into the table of lanes that routing reads. Workers know nothing of it and wait for nothing. A server
// that is slow or gone leaves each gateway with what it knows itself; when it is back, what it missed is told.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "engine/access/limits.hpp"
#include "engine/records/metrics.hpp"
#include "engine/redis/link.hpp"
#include "engine/shared/lane_talk.hpp"
#include "engine/shared/lease_book.hpp"

namespace patchbay {

/// Controlled from one thread; share() and figures() from any.
class StateSync {
  public:
    /// From the end of a round to the next; the shorter one while a count is between nine tenths of its limit and the
    /// limit.
    static constexpr std::chrono::milliseconds kPause{100};
    static constexpr std::chrono::milliseconds kShortPause{10};
    /// Likewise of limits; the shorter one while shares of them are used up.
    static constexpr std::chrono::milliseconds kLeasePause{20};
    static constexpr std::chrono::milliseconds kShortLeasePause{5};
    /// For how long share() may wait.
    static constexpr std::chrono::milliseconds kFirstShare{25};

    /// Connects in the background.
    explicit StateSync(RedisAddress address);
    ~StateSync();
    StateSync(const StateSync&) = delete;
    StateSync& operator=(const StateSync&) = delete;

    /// The deployments of this world are shared, from the next round on, the capacity of its models, and its route budgets,
    /// to which what was spent before has been added.
    void use(std::shared_ptr<const Snapshot> snapshot);
    /// These limits are shared from now on. Waits until there is a share of each that is new, if the server answers, and
    /// never longer than kFirstShare. Not on the thread of a call.
    void share(const access::Limits& limits);
    /// Gives shares back, if the server answers soon, and ends the thread.
    void stop();
    SharedFigures figures() const;

  private:
    void send(std::vector<std::string> words, RedisLink::Answered answered);
    void answered_one();
    void round();
    void end_round();
    void lease_round();
    struct Known;
    Known& known_of(const std::shared_ptr<const void>& owner);
    void add(const std::vector<access::Limited>& limits, const std::function<void()>& told,
             const std::function<void()>& hold);
    void add_route_budgets(RouteBudgets& budgets);
    void add_capacities(const Capacities& capacities);
    void drop_unknown();

    bool stopped_ = false;  ///< of who controls it

    // From here on [the link's thread].
    std::shared_ptr<const Snapshot> next_;  ///< until the round under way has ended
    LaneTalk talk_;
    std::size_t on_way_ = 0;  ///< commands of the round, and one for who sends them
    bool begun_ = false;
    LeaseBook leases_;
    struct Known {
        std::weak_ptr<const void> owner;
        unsigned have = 0;
    };
    std::unordered_map<const void*, Known> known_;  ///< whose limits are shared
    std::size_t drop_at_ = 4096;
    std::atomic<std::uint64_t> waited_{0};
    mutable std::mutex mutex_;             ///< of
    SharedFigures::Leases lease_figures_;  ///< as they were after the last round
    std::atomic<std::uint64_t> rests_told_{0}, rests_heard_{0};
    RedisLink link_;  ///< the last: nothing of it is called once it is gone
};

}  // namespace patchbay
