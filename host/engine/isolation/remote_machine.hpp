// A plugin state machine that lives in a process of its own: Machine's counterpart.
//
// Tested by isolated_test.cpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "engine/plugins/instance.hpp"

namespace patchbay::isolation {

class PluginChild;

/// Opened by PluginChild::open(). Loop thread only.
class RemoteMachine {
  public:
    /// What a machine answered to an event. `actions` is valid until the next feed().
    struct Fed {
        bool lost = false;    ///< the process died, or the machine was closed: nothing else is set
        bool opened = false;  ///< false: the plugin's open() failed
        bay_status status = BAY_OK;
        std::string_view actions{};
    };
    /// What the child's recorder must know of an event; see Recorder::begin_event() and ask().
    struct Context {
        std::uint32_t call = 0;
        bool live = false;
        bool idle = false;
        std::uint32_t pending = 0;
        std::uint64_t body_size = 0;                                ///< bytes of blob 0
        std::chrono::nanoseconds budget = std::chrono::seconds(1);  ///< what the event may take
        bool large = false;  ///< the input was (Workload): what goes wrong is no fault
    };

    RemoteMachine(std::shared_ptr<PluginChild> child, const Instance& instance, std::uint32_t id,
                  std::string open_frame);
    ~RemoteMachine();
    RemoteMachine(const RemoteMachine&) = delete;
    RemoteMachine& operator=(const RemoteMachine&) = delete;

    /// Called at most once, from the loop and outside of any call to this object, if the process
    /// dies with this machine in it. `culprit`: by this machine's event.
    void when_lost(std::function<void(bool culprit)> lost) { lost_handler_ = std::move(lost); }

    /// Feeds one event; the event's views are not used after the first suspension. One call after
    /// the other: take the turn first. If the awaiting coroutine is cancelled the machine is
    /// closed.
    boost::asio::awaitable<void> feed(const bay_event& event, Context context, Fed& fed);
    /// Waits until no event is under way. An await in a condition is miscompiled by gcc 12, so this
    /// has no result.
    boost::asio::awaitable<void> take_turn();
    /// Ends it in the process. What is waiting wakes up with `lost`. May be called twice.
    void close();

  private:
    friend class PluginChild;
    enum class State { idle, waiting, answered };

    void wake() { wake_.cancel(); }

    std::shared_ptr<PluginChild> child_;
    const Instance& instance_;
    const std::uint32_t id_;
    State state_ = State::idle;
    bool closed_ = false;
    bool sent_ = false;  ///< the first event
    /// The frames of open and the first event, until that is answered: to start over with.
    std::string first_;
    std::string answer_;
    std::function<void(bool)> lost_handler_;
    boost::asio::steady_timer wake_;
};

}  // namespace patchbay::isolation
