#include "engine/shared/state_sync.hpp"

#include <algorithm>
#include <condition_variable>
#include <random>
#include <utility>

#include "contract/unix_time.hpp"
#include "engine/meter/rate_window.hpp"
#include "engine/shared/leased_counts.hpp"

namespace patchbay {

namespace {

constexpr std::chrono::milliseconds kLeaving{100};

LeaseNow lease_now() {
    const Now now = Now::read();
    using namespace std::chrono;
    const auto ms = duration_cast<milliseconds>(now.steady.time_since_epoch());
    return {ms.count(), access::RateWindow::clock(), unix_us()};
}

// Another one for each process: a gateway that starts again has used nothing yet.
std::string node_name() {
    std::random_device chance;
    constexpr char kDigits[] = "0123456789abcdef";
    std::string name;
    for (int i = 0; i < 16; ++i) name += kDigits[chance() % 16];
    return name;
}

// Opens when it was told so often as it was held.
class Latch {
  public:
    void hold() { ++held_; }
    void tell() {
        const std::lock_guard lock(mutex_);
        if (--held_ == 0) open_.notify_all();
    }
    bool wait(std::chrono::milliseconds most) {
        std::unique_lock lock(mutex_);
        return open_.wait_for(lock, most, [this] { return held_ == 0; });
    }

  private:
    std::atomic<int> held_{1};  // by who holds it for others
    std::mutex mutex_;
    std::condition_variable open_;
};

}  // namespace

StateSync::StateSync(RedisAddress address)
    : talk_([this](std::vector<std::string> words,
                   RedisLink::Answered answered) { send(std::move(words), std::move(answered)); },
            Now::read),
      leases_(
          node_name(),
          [this](std::vector<std::string> words, RedisLink::Answered answered) {
              if (!link_.send(std::move(words), answered)) answered({});
          },
          lease_now),
      link_(std::move(address)) {
    link_.after({}, [this] { lease_round(); });
}

StateSync::~StateSync() {
    stop();
}

void StateSync::stop() {
    if (std::exchange(stopped_, true)) return;
    const auto left = std::make_shared<Latch>();
    link_.after({}, [this, left] {
        if (link_.ready()) leases_.leave();
        // Answers come in the order of the commands.
        if (!link_.send({"PING"}, [left](const RedisReply&) { left->tell(); })) left->tell();
    });
    left->wait(kLeaving);
    link_.stop();
}

void StateSync::use(std::shared_ptr<const Snapshot> snapshot) {
    link_.after({}, [this, snapshot = std::move(snapshot)]() mutable {
        add_route_budgets(*snapshot->route_budgets);
        add_capacities(*snapshot->capacities);
        next_ = std::move(snapshot);
        if (std::exchange(begun_, true)) return;
        round();
    });
}

void StateSync::share(const access::Limits& limits) {
    if (limits.limits.empty()) return;
    const auto latch = std::make_shared<Latch>();
    link_.after({}, [this, latch, limited = limits.limits] {
        add(
            limited, [latch] { latch->tell(); }, [latch] { latch->hold(); });
        latch->tell();
    });
    if (!link_.ready()) return;
    if (!latch->wait(kFirstShare)) waited_.fetch_add(1, std::memory_order_relaxed);
}

// Whoever has the same words for it before it in the list has the first budget.
void StateSync::add(const std::vector<access::Limited>& limits, const std::function<void()>& told,
                    const std::function<void()>& hold) {
    for (std::size_t i = 0; i < limits.size(); ++i) {
        const auto& subject = limits[i].subject;
        const bool further = std::any_of(
            limits.begin(), limits.begin() + static_cast<long>(i), [&](const access::Limited& one) {
                return one.subject->descriptor == subject->descriptor &&
                       one.subject->value == subject->value;
            });
        Known& known = known_of(subject);
        for (auto& count : leased_counts(subject, further, known.have)) {
            hold();
            leases_.add(std::move(count), told);
        }
    }
    drop_unknown();
}

StateSync::Known& StateSync::known_of(const std::shared_ptr<const void>& owner) {
    Known& known = known_[owner.get()];
    if (known.owner.expired()) known = {owner, 0};
    return known;
}

void StateSync::add_route_budgets(RouteBudgets& budgets) {
    budgets.settle();
    std::vector<std::string> counters;
    budgets.each([&](const RouteBudget& budget, const RouteBudgets::Limit&) {
        counters.push_back(budget.counter);
    });
    for (const std::string& counter : counters) {
        const auto budget = budgets.hold(counter);
        Known& known = known_of(budget);
        if (std::exchange(known.have, kLeasedBudget) == 0) leases_.add(leased_count(budget));
    }
}

void StateSync::add_capacities(const Capacities& capacities) {
    for (const auto& capacity : capacities.limited()) {
        for (auto& count : leased_counts(capacity, known_of(capacity).have)) {
            leases_.add(std::move(count));
        }
    }
}

void StateSync::drop_unknown() {
    if (known_.size() < drop_at_) return;
    std::erase_if(known_, [](const auto& one) { return one.second.owner.expired(); });
    drop_at_ = std::max<std::size_t>(2 * known_.size(), 4096);
}

void StateSync::lease_round() {
    if (link_.ready()) {
        leases_.round();
    } else {
        leases_.away();
    }
    {
        const std::lock_guard lock(mutex_);
        lease_figures_ = leases_.figures();
    }
    link_.after(leases_.hurries() ? kShortLeasePause : kLeasePause, [this] { lease_round(); });
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
    const std::lock_guard lock(mutex_);
    figures.leases = lease_figures_;
    figures.leases.waited = waited_.load(std::memory_order_relaxed);
    return figures;
}

}  // namespace patchbay
