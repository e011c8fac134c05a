// What is said to the server that gateways share their state in, and what is made of its answers. It does no I/O: who
// drives it sends the commands and brings the answers.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/lanes/clock.hpp"
#include "engine/redis/link.hpp"
#include "engine/shared/shared_lane.hpp"

namespace patchbay {

/// Used on one thread. Everything that a round sends is answered, or given up with kind `none`, before the next one.
class LaneTalk {
  public:
    /// Sends a command; `answered` is called once, later.
    using Send = std::function<void(std::vector<std::string> words, RedisLink::Answered answered)>;
    /// Tells the time.
    using Watch = std::function<Now()>;

    /// LiteLLM looks for rests once a second, and does not say when it wrote one.
    static constexpr std::chrono::milliseconds kLook{1'000};

    LaneTalk(Send send, Watch watch) : send_(std::move(send)), watch_(std::move(watch)) {}

    /// Between rounds. The lanes live as long as the world.
    void use(std::shared_ptr<const Snapshot> world);
    /// Says what is new of this gateway's deployments, and asks what is of the others'.
    void round();
    /// Is some deployment so near to its limit that the next round should come soon?
    bool hurries() const;

    std::uint64_t rests_told() const { return rests_told_; }
    std::uint64_t rests_heard() const { return rests_heard_; }

  private:
    void add_count(std::optional<MinuteShare>& share, MinuteCount& count, const Now& now);
    bool tell_rest(SharedLane& lane, const Now& now);
    void read_sums(const RedisReply& reply);
    void look_at_rests();
    void read_rests(const RedisReply& reply);
    void hear_rest(SharedLane& lane, const std::string& text);
    void note_refusal(const RedisReply& reply);
    LaneTable& table() const { return *world_->lanes; }

    struct Asked {
        MinuteShare* share;
        MinuteCount* count;
    };

    Send send_;
    Watch watch_;
    std::shared_ptr<const Snapshot> world_;
    std::vector<SharedLane> lanes_;
    std::vector<Asked> asked_;       ///< whose sums this round reads
    std::vector<std::string> read_;  ///< the command that does
    std::string version_;            ///< of the rests at the server, as last seen
    std::chrono::steady_clock::time_point looked_{};
    std::string refusal_;  ///< the last that was logged
    std::uint64_t rests_told_ = 0, rests_heard_ = 0;
};

}  // namespace patchbay
