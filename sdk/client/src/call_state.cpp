#include "call_state.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <climits>
#include <ctime>
#include <iterator>
#include <linux/futex.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <utility>

namespace patchbay::client {

namespace {

bay_str view(const std::string& text) {
    return {text.data(), text.size()};
}

// Fills what the reader's struct has room for.
void show(const Event& event, bay_call_event& out) {
    out.type = event.type;
    out.name = view(event.name);
    out.data = view(event.data);
    if (BAY_HAS(out.size, bay_call_event, about)) out.about = view(event.about);
}

void make_readable(int descriptor) {
    const std::uint64_t one = 1;
    [[maybe_unused]] const auto written = ::write(descriptor, &one, sizeof one);
}

// futex(2), which a signal ends, as no lock of the C++ library is ended by one. `until` is a time of the
// monotonic clock; nullptr: none.
int wait_while(const std::atomic<std::uint32_t>& word, std::uint32_t value, const timespec* until) {
    static_assert(sizeof word == sizeof value);
    const long got = ::syscall(SYS_futex, &word, FUTEX_WAIT_BITSET | FUTEX_PRIVATE_FLAG, value,
                               until, nullptr, FUTEX_BITSET_MATCH_ANY);
    return got == 0 ? 0 : errno;
}

void wake_all(const std::atomic<std::uint32_t>& word) {
    ::syscall(SYS_futex, &word, FUTEX_WAKE | FUTEX_PRIVATE_FLAG, INT_MAX, nullptr, nullptr, 0);
}

timespec time_in(std::int64_t milliseconds) {
    constexpr std::int64_t kMost = INT_MAX;
    const auto at = std::chrono::steady_clock::now().time_since_epoch() +
                    std::chrono::milliseconds(std::min(milliseconds, kMost));
    const auto seconds = std::chrono::floor<std::chrono::seconds>(at);
    return {static_cast<std::time_t>(seconds.count()),
            static_cast<long>(std::chrono::nanoseconds(at - seconds).count())};
}

}  // namespace

CallState::~CallState() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

void CallState::deliver(std::vector<Event>& events, bool last) {
    if (callback_) {
        const std::lock_guard running(callback_mutex_);
        callback_thread_.store(std::this_thread::get_id(), std::memory_order_relaxed);
        for (const Event& event : events) {
            if (abandoned()) break;
            bay_call_event shown{};
            shown.size = sizeof shown;
            show(event, shown);
            callback_(ctx_, &shown);
        }
        callback_thread_.store({}, std::memory_order_relaxed);
    } else if (!abandoned()) {
        int readable = -1;
        bool awaited = false;
        {
            const std::lock_guard lock(mutex_);
            if (first_ > queue_.size() / 2) {  // a reader that is never quite done
                queue_.erase(queue_.begin(), queue_.begin() + static_cast<std::ptrdiff_t>(first_));
                first_ = 0;
            }
            const bool any = !events.empty();
            for (const Event& event : events) bytes_ += event.bytes();
            if (queue_.empty()) {
                queue_.swap(events);
            } else {
                std::move(events.begin(), events.end(), std::back_inserter(queue_));
            }
            over_ = over_ || last;
            if (any) {
                if (!readable_) readable = descriptor_;
                readable_ = readable_ || readable >= 0;
                awaited = std::exchange(awaited_, false);
                turn_.store(turn_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
                if (std::exchange(to_tell_, false)) ready_(ctx_);
            }
        }
        // Without the lock: who wakes up wants it at once.
        if (readable >= 0) make_readable(readable);
        if (awaited) wake_all(turn_);
    }
    events.clear();
}

bool CallState::has_room() {
    if (callback_) return true;
    const std::lock_guard lock(mutex_);
    return bytes_ < kFull || abandoned();
}

bool CallState::has_room(std::function<void()> on_room) {
    if (callback_) return true;
    const std::lock_guard lock(mutex_);
    if (bytes_ < kFull || abandoned()) return true;
    on_room_ = std::move(on_room);
    return false;
}

void CallState::forget_room() {
    const std::lock_guard lock(mutex_);
    on_room_ = nullptr;
}

// Under the lock. The room is given back: the next event brings its own.
void CallState::clear() {
    std::vector<Event>().swap(queue_);
    first_ = 0;
}

// Under the lock, so that the loop is there as long as it is told.
void CallState::tell_room() {
    if (on_room_) std::exchange(on_room_, nullptr)();
}

// `event` nullptr: what is there stays. `turn` nullptr: nobody will wait for what is not.
bay_status CallState::look(bay_call_event* event, std::uint32_t* turn) {
    const std::lock_guard lock(mutex_);
    if (empty()) {
        if (over_) return BAY_CLIENT_E_CLOSED;
        if (event != nullptr) {
            const Event seen = std::move(taken_);  // goes: the call may say nothing for long
            mark_empty();
            to_tell_ = ready_ != nullptr;
        }
        if (turn != nullptr) {
            awaited_ = true;
            *turn = turn_.load(std::memory_order_relaxed);
        }
        return BAY_CLIENT_E_AGAIN;
    }
    if (event == nullptr) return BAY_OK;
    taken_ = std::move(queue_[first_++]);
    bytes_ -= taken_.bytes();
    if (empty()) {
        clear();
        if (!over_) mark_empty();
    }
    if (bytes_ < kFull / 2) tell_room();
    show(taken_, *event);
    return BAY_OK;
}

bay_status CallState::next(std::int64_t timeout_ms, bay_call_event* event) {
    if (callback_) return BAY_E_STATE;
    if (timeout_ms == 0) return look(event, nullptr);
    const bool forever = timeout_ms < 0;
    const timespec until = time_in(forever ? 0 : timeout_ms);
    for (int ended = 0;;) {
        std::uint32_t turn = 0;
        const bay_status status = look(event, &turn);
        if (status != BAY_CLIENT_E_AGAIN || ended == ETIMEDOUT) return status;
        if (ended == EINTR) return BAY_CLIENT_E_INTERRUPTED;
        ended = wait_while(turn_, turn, forever ? nullptr : &until);
    }
}

int CallState::descriptor() {
    const std::lock_guard lock(mutex_);
    if (descriptor_ < 0) {
        descriptor_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        readable_ = descriptor_ >= 0 && (!empty() || over_);
        if (readable_) make_readable(descriptor_);
    }
    return descriptor_;
}

// Under the lock. The loop may yet write what it decided to write before: then the descriptor is
// readable once without an event, and the next take() comes here.
void CallState::mark_empty() {
    if (descriptor_ < 0) return;
    readable_ = false;
    std::uint64_t count = 0;
    [[maybe_unused]] const auto got = ::read(descriptor_, &count, sizeof count);
}

bool CallState::over() {
    const std::lock_guard lock(mutex_);
    return over_;
}

void CallState::abandon() {
    abandoned_.store(true, std::memory_order_release);
    if (callback_) {
        const bool within =
            callback_thread_.load(std::memory_order_relaxed) == std::this_thread::get_id();
        if (!within) const std::lock_guard wait(callback_mutex_);
        return;
    }
    const std::lock_guard lock(mutex_);
    to_tell_ = false;
    clear();
    bytes_ = 0;
    tell_room();
}

}  // namespace patchbay::client
