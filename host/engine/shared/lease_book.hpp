// All limits that this gateway shares with others: who is asked about next, and what is made of the answers.
//
// It does no I/O: who drives it sends the commands and brings the answers. What it sets are atomics that calls read, so
// no call knows of it or waits for it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "engine/records/metrics.hpp"
#include "engine/redis/link.hpp"
#include "engine/shared/lease.hpp"

namespace patchbay {

/// Used on one thread.
class LeaseBook {
  public:
    /// Sends a command; `answered` is called once, later or at once.
    using Send = std::function<void(std::vector<std::string> words, RedisLink::Answered answered)>;
    using Watch = std::function<LeaseNow()>;

    static constexpr std::size_t kMostLooks = 8'192;  ///< of one round
    static constexpr std::size_t kMostAsks = 256;     ///< likewise
    static constexpr std::int64_t kBeat = 250;        ///< ms between two signs of life

    /// `node`: this gateway's name, another one for each process, without a full stop.
    LeaseBook(std::string node, Send send, Watch watch)
        : node_(std::move(node)), send_(std::move(send)), watch_(std::move(watch)) {}

    /// Shares a count from now on. `first`, if given, is called when the server has answered of it for the first time, or
    /// there is nothing to ask.
    void add(std::unique_ptr<SharedCount> count, std::function<void()> first = {});

    /// The server answers: says what is due and asks for what runs out. One round after the other.
    void round();
    /// The server is away: what of a limit is used here is this gateway's part, until it is back.
    void away();
    /// Gives everything back. The last round.
    void leave();

    /// Were shares so small, or calls refused, that the next round should come soon?
    bool hurries() const { return hurries_; }
    bool heard() const { return terms_.nodes > 0; }
    const SharedFigures::Leases& figures() const { return figures_; }

  private:
    struct Entry {
        std::uint64_t number =
            0;  ///< another one for each: a count that begins anew is another one's
        std::unique_ptr<SharedCount> count;
        Lease lease;
        std::function<void()> first;
        bool dropped = false;
    };
    void beat(const LeaseNow& now, bool leaves);
    void hear_beat(const RedisReply& reply);
    void load(std::string_view script, std::string& digest);
    void ask(const std::shared_ptr<Entry>& entry, const LeaseAsk& ask);
    void hear(Entry& entry, std::uint64_t window, const RedisReply& reply);
    void note_age(const Entry& entry, const LeaseNow& now);
    static void tell_first(Entry& entry);
    bool note_refusal(const RedisReply& reply);

    std::string node_;
    Send send_;
    Watch watch_;
    LeaseTerms terms_;
    std::string epoch_;
    std::string beat_digest_, grant_digest_;  ///< of the scripts, once the server has them
    std::int64_t beat_at_ = 0;
    bool beating_ = false, hurries_ = false;
    std::vector<std::shared_ptr<Entry>> entries_;
    std::size_t next_ = 0;  ///< whose turn it is
    std::uint64_t last_entry_ = 0;
    std::string refusal_;  ///< the last that was logged
    SharedFigures::Leases figures_;
};

}  // namespace patchbay
