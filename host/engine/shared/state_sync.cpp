#include "engine/shared/state_sync.hpp"

#include <utility>

namespace patchbay {

StateSync::StateSync(RedisAddress address)
    : talk_([this](std::vector<std::string> words,
                   RedisLink::Answered answered) { send(std::move(words), std::move(answered)); },
            Now::read),
      link_(std::move(address)) {}

StateSync::~StateSync() {
    stop();
}

void StateSync::stop() {
    link_.stop();
}

void StateSync::use(std::shared_ptr<const Snapshot> snapshot) {
    link_.after({}, [this, snapshot = std::move(snapshot)]() mutable {
        next_ = std::move(snapshot);
        if (std::exchange(begun_, true)) return;
        round();
    });
}

// What finds no room is given up at once; on_way_ is above 0 meanwhile.
void StateSync::send(std::vector<std::string> words, RedisLink::Answered answered) {
    const bool sent = link_.send(std::move(words), [this, answered](RedisReply reply) {
        answered(std::move(reply));
        answered_one();
    });
    if (sent) {
        ++on_way_;
    } else {
        answered({});
    }
}

void StateSync::answered_one() {
    if (--on_way_ == 0) end_round();
}

void StateSync::round() {
    if (next_) talk_.use(std::exchange(next_, nullptr));
    on_way_ = 1;
    if (link_.ready()) talk_.round();
    answered_one();
}

void StateSync::end_round() {
    rests_told_.store(talk_.rests_told(), std::memory_order_relaxed);
    rests_heard_.store(talk_.rests_heard(), std::memory_order_relaxed);
    const bool soon = link_.ready() && talk_.hurries();
    link_.after(soon ? kShortPause : kPause, [this] { round(); });
}

SharedFigures StateSync::figures() const {
    SharedFigures figures;
    figures.connected = link_.ready();
    figures.faults = link_.faults();
    figures.rests_told = rests_told_.load(std::memory_order_relaxed);
    figures.rests_heard = rests_heard_.load(std::memory_order_relaxed);
    return figures;
}

}  // namespace patchbay
