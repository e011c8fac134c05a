// Test support: gateways that share limits, in virtual time.
#pragma once

#include <deque>
#include <string>
#include <utility>
#include <vector>

#include "engine/access/subject.hpp"
#include "engine/shared/lease_book.hpp"
#include "engine/shared/lease_server_reference.hpp"
#include "engine/shared/leased_counts.hpp"

namespace patchbay::test {

// Virtual time, one server, and the network between.
struct World {
    LeaseServer server;
    std::int64_t ms = 1'000'000;
    bool frozen = false;  ///< takes commands, and answers when it goes on

    static constexpr std::int64_t kStep = 10;  ///< ms
    void pass() {
        ms += kStep;
        server.now += kStep;
    }
    LeaseNow now() const { return {ms, static_cast<std::uint32_t>(ms / 1000), server.now * 1000}; }
};

// One gateway: its book, and a subject whose limits it shares.
class Gateway {
  public:
    Gateway(World& world, const std::string& name)
        : world_(world),
          book_(
              name,
              [this](auto words, auto answered) { send(std::move(words), std::move(answered)); },
              [&world] { return world.now(); }) {}
    Gateway(World& world, const std::string& name, const store::LimitsRecord& limits)
        : Gateway(world, name) {
        read_again(limits);
    }
    void share(const Capacities& capacities) {
        for (const auto& capacity : capacities.limited()) {
            unsigned have = 0;
            for (auto& count : leased_counts(capacity, have)) book_.add(std::move(count));
        }
    }
    // Whose limits they were is forgotten.
    void read_again(const store::LimitsRecord& limits) {
        subject = std::make_shared<access::Subject>("api_key", "k");
        subject->budget.load(limits);
        subject->limit_rates(limits);
        unsigned have = 0;
        for (auto& count : leased_counts(subject, false, have)) book_.add(std::move(count));
    }

    // A round, if one is due; and the answers that have come.
    void run() {
        for (auto& one : std::exchange(on_way_, {})) {
            if (cut) {
                one.answered({});
            } else if (world_.frozen) {
                on_way_.push_back(std::move(one));
            } else {
                one.answered(world_.server.answer(one.words));
            }
        }
        if (cut || late() || (lost && world_.frozen)) return book_.away();
        lost = false;
        if (world_.ms - round_at_ < (book_.hurries() ? 20 : 100)) return;
        round_at_ = world_.ms;
        book_.round();
    }
    void leave() {
        book_.leave();
        for (auto& one : on_way_) (void)world_.server.answer(one.words);
    }

    std::shared_ptr<access::Subject> subject;
    bool cut = false;  ///< off from the server
    const SharedFigures::Leases& figures() const { return book_.figures(); }

  private:
    struct OnWay {
        std::vector<std::string> words;
        RedisLink::Answered answered;
        std::int64_t since;
    };
    void send(std::vector<std::string> words, RedisLink::Answered answered) {
        on_way_.push_back({std::move(words), std::move(answered), world_.ms});
    }
    // As the link: who does not answer for 100 ms is left, and what was asked has no answer, but is done later.
    bool late() {
        if (on_way_.empty() || world_.ms - on_way_.front().since < 100) return false;
        for (auto& one : on_way_) {
            one.answered({});
            if (world_.frozen) undelivered.push_back(std::move(one.words));
        }
        on_way_.clear();
        return lost = true;
    }

  public:
    std::vector<std::vector<std::string>> undelivered;
    bool lost = false;  ///< the server did not answer in time

  private:
    World& world_;
    std::deque<OnWay> on_way_;
    std::int64_t round_at_ = 0;
    LeaseBook book_;
};

}  // namespace patchbay::test
