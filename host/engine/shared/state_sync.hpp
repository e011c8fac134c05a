// The state of deployments that several gateways share by a Redis server: who rests, and what the minute has used of rpm
// and tpm (docs/routing.md).
//
// All of it is done on the thread of the connection (redis/link.hpp), in rounds: what is new here is told, what is new
// elsewhere is put into the table of lanes that routing reads. Workers know nothing of it and wait for nothing. A server
// that is slow or gone leaves each gateway with what it knows itself; when it is back, what it missed is told.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <memory>

#include "engine/records/metrics.hpp"
#include "engine/redis/link.hpp"
#include "engine/shared/lane_talk.hpp"

namespace patchbay {

/// Controlled from one thread; figures() from any.
class StateSync {
  public:
    /// From the end of a round to the next; the shorter one while a count is between nine tenths of its limit and the
    /// limit.
    static constexpr std::chrono::milliseconds kPause{100};
    static constexpr std::chrono::milliseconds kShortPause{10};

    /// Connects in the background.
    explicit StateSync(RedisAddress address);
    ~StateSync();
    StateSync(const StateSync&) = delete;
    StateSync& operator=(const StateSync&) = delete;

    /// The deployments of this world are shared, from the next round on.
    void use(std::shared_ptr<const Snapshot> snapshot);
    /// Ends the thread.
    void stop();
    SharedFigures figures() const;

  private:
    void send(std::vector<std::string> words, RedisLink::Answered answered);
    void answered_one();
    void round();
    void end_round();

    // From here on [the link's thread].
    std::shared_ptr<const Snapshot> next_;  ///< until the round under way has ended
    LaneTalk talk_;
    std::size_t on_way_ = 0;  ///< commands of the round, and one for who sends them
    bool begun_ = false;
    std::atomic<std::uint64_t> rests_told_{0}, rests_heard_{0};
    RedisLink link_;  ///< the last: nothing of it is called once it is gone
};

}  // namespace patchbay
