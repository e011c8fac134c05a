#include "app/spend_retention.hpp"

#include <algorithm>

#include <spdlog/spdlog.h>

#include "contract/unix_time.hpp"
#include "store/period.hpp"
#include "store/retention.hpp"

namespace patchbay::app {

namespace {

// Between pieces of it, so that those who post find the store free.
constexpr std::chrono::milliseconds kPause{20};
constexpr std::chrono::minutes kAgain{10};  ///< when the store was away

}  // namespace

std::int64_t last_day_to_forget(std::int64_t now_us, std::chrono::seconds kept) {
    constexpr std::int64_t kDay = 86'400'000'000;
    const std::int64_t oldest = now_us - std::chrono::microseconds(kept).count();
    return std::min(oldest / kDay - 1, now_us / kDay - 2);
}

SpendRetention::SpendRetention(store::Address books) : books_(std::move(books)) {
    thread_ = std::thread([this] { run(); });
}

SpendRetention::~SpendRetention() {
    stop();
}

void SpendRetention::use(std::chrono::seconds kept, std::chrono::seconds interval) {
    const std::lock_guard lock(mutex_);
    if (kept == kept_ && interval == interval_) return;
    kept_ = kept;
    interval_ = std::max(interval, std::chrono::seconds(1));
    due_ = Clock::now();
    wake_.notify_all();
}

void SpendRetention::stop() {
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    if (thread_.joinable()) thread_.join();
}

void SpendRetention::run() {
    std::unique_lock lock(mutex_);
    while (!stopping_) {
        if (kept_.count() == 0) {
            wake_.wait(lock);
        } else if (Clock::now() < due_) {
            wake_.wait_until(lock, due_);
        } else {
            due_ = Clock::now() + interval_;
            const std::int64_t last = last_day_to_forget(unix_us(), kept_);
            lock.unlock();
            forget(last);
            lock.lock();
        }
    }
}

void SpendRetention::forget(std::int64_t last) {
    const auto failed = [this](const store::Failure& failure) {
        spdlog::warn("old entries of the books are not forgotten: {}", failure.text);
        const std::lock_guard lock(mutex_);
        due_ = std::min<Clock::time_point>(due_, Clock::now() + kAgain);
    };
    auto database = store::Database::open(books_);
    if (!database) return failed(database.error());
    const auto closed = store::last_closed_day(*database);
    if (!closed) return failed(closed.error());
    if (auto done = store::close_days(*database, last); !done) return failed(done.error());
    if (*closed < last) {
        spdlog::info("entries of the books up to {} are forgotten; their sums stay",
                     store::date_of(last));
    }
    while (true) {
        const auto more = store::forget_entries(*database);
        if (!more) return failed(more.error());
        if (!*more) return;
        std::unique_lock lock(mutex_);
        if (wake_.wait_for(lock, kPause, [this] { return stopping_; })) return;
    }
}

}  // namespace patchbay::app
