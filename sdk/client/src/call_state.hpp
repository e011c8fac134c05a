// One call between the thread that made it and the client's loop.
//
// The loop puts events into a queue and the program takes them out; either side may go first. The
// queue is bounded by bytes: when it is full the loop stops reading from the provider until the
// program has caught up. A call with a callback has no queue.
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include <boost/asio/cancellation_signal.hpp>

#include "patchbay/client.h"

namespace patchbay::client {

/// An event that is its own.
struct Event {
    std::uint32_t type = 0;
    std::string name;
    std::string data;
    std::string about;

    std::size_t bytes() const { return name.size() + data.size() + about.size() + sizeof *this; }
};

/// Shared by the program's handle and the coroutine that runs the call.
class CallState {
  public:
    /// Waiting bytes from which the loop reads no further.
    static constexpr std::size_t kFull = std::size_t{1} << 20;

    using Callback = void(BAY_CALL*)(void*, const bay_call_event*) BAY_NOEXCEPT;
    using Ready = void(BAY_CALL*)(void*) BAY_NOEXCEPT;

    /// bay_call_options: on_event, on_ready and ctx.
    CallState(Callback callback, Ready ready, void* ctx)
        : callback_(callback), ready_(ready), ctx_(ctx) {}
    ~CallState();
    CallState(const CallState&) = delete;
    CallState& operator=(const CallState&) = delete;

    // The loop's side.

    /// Hands events over, or calls the callback with each. `last`: they end the call.
    void deliver(std::vector<Event>& events, bool last);
    /// May the loop go on reading? If not, `on_room` is called once, on the program's thread and under
    /// the state's lock, when it may, or when the program has let go.
    bool has_room(std::function<void()> on_room);
    bool has_room();
    /// That call is not wanted any more, and is not under way either.
    void forget_room();
    /// The program has let go: nobody takes what comes.
    bool abandoned() const { return abandoned_.load(std::memory_order_acquire); }

    // The program's side.

    /// bay_call_next().
    bay_status next(std::int64_t timeout_ms, bay_call_event* event);
    /// bay_call_descriptor().
    int descriptor();
    /// The last event is in the queue, or was; not told of a call with a callback.
    bool over();
    /// Nobody will ask any more. Waits for a callback that runs on another thread.
    void abandon();

    /// For cancelling: emitted on the loop's thread only.
    boost::asio::cancellation_signal cancelled;
    /// Asked for before the loop began with the call.
    std::atomic<bool> cancel_asked{false};

  private:
    bay_status look(bay_call_event* event, std::uint32_t* turn);
    bool empty() const { return first_ == queue_.size(); }
    void clear();
    void tell_room();
    void mark_empty();

    const Callback callback_;
    const Ready ready_;
    void* const ctx_;
    std::atomic<bool> abandoned_{false};
    std::mutex callback_mutex_;  ///< held while the callback runs
    std::atomic<std::thread::id> callback_thread_{};

    std::mutex mutex_;
    std::vector<Event> queue_;  ///< from first_ on; those before were taken
    std::size_t first_ = 0;
    Event taken_;  ///< what the program looks at
    std::size_t bytes_ = 0;
    int descriptor_ = -1;
    bool readable_ = false;  ///< the descriptor is, or will be as soon as the loop has written
    bool over_ = false;      ///< the last event is in the queue, or was
    bool to_tell_ = false;   ///< that an event has come, to ready_
    bool awaited_ = false;   ///< threads wait for turn_ to change
    std::atomic<std::uint32_t> turn_{0};  ///< deliveries; written under the lock
    std::function<void()> on_room_;
};

}  // namespace patchbay::client
