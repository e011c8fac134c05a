#include "call_state.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <limits>
#include <poll.h>
#include <sys/eventfd.h>
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
        {
            const std::lock_guard lock(mutex_);
            for (Event& event : events) {
                bytes_ += event.bytes();
                queue_.push_back(std::move(event));
            }
            over_ = over_ || last;
            if (!events.empty() && !readable_) readable = descriptor_;
            readable_ = readable_ || readable >= 0;
        }
        // Without the lock: who wakes up wants it at once.
        if (readable >= 0) make_readable(readable);
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

// Under the lock, so that the loop is there as long as it is told.
void CallState::tell_room() {
    if (on_room_) std::exchange(on_room_, nullptr)();
}

bay_status CallState::take(bay_call_event& event) {
    const std::lock_guard lock(mutex_);
    if (queue_.empty()) {
        if (!over_) mark_empty();
        return over_ ? BAY_CLIENT_E_CLOSED : BAY_CLIENT_E_AGAIN;
    }
    taken_ = std::move(queue_.front());
    queue_.pop_front();
    bytes_ -= taken_.bytes();
    if (queue_.empty() && !over_) mark_empty();
    if (bytes_ < kFull / 2) tell_room();
    show(taken_, event);
    return BAY_OK;
}

bay_status CallState::next(std::int64_t timeout_ms, bay_call_event& event) {
    using Clock = std::chrono::steady_clock;
    if (callback_) return BAY_E_STATE;
    bay_status status = take(event);
    if (status != BAY_CLIENT_E_AGAIN || timeout_ms == 0) return status;
    if (descriptor() < 0) return BAY_E_LIMIT;
    const bool forever = timeout_ms < 0;
    constexpr std::int64_t kMost = std::numeric_limits<int>::max();
    const auto end =
        Clock::now() + std::chrono::milliseconds(forever ? 0 : std::min(timeout_ms, kMost));
    for (;;) {
        int wait = -1;
        if (!forever) {
            const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now());
            wait = static_cast<int>(std::max<std::int64_t>(left.count(), 0));
        }
        pollfd readable{descriptor_, POLLIN, 0};
        const int ready = ::poll(&readable, 1, wait);
        if (ready < 0 && errno == EINTR) return BAY_CLIENT_E_INTERRUPTED;
        status = take(event);
        if (status != BAY_CLIENT_E_AGAIN || ready == 0) return status;
    }
}

int CallState::descriptor() {
    const std::lock_guard lock(mutex_);
    if (descriptor_ < 0) {
        descriptor_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
        readable_ = descriptor_ >= 0 && (!queue_.empty() || over_);
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
    queue_.clear();
    bytes_ = 0;
    tell_room();
}

}  // namespace patchbay::client
