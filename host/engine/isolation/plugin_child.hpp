// One event loop's process of an isolated plugin, and the machines that live in it.
//
// Many exchanges share the process. Events go to it as they come, in one stream; it answers them in
// that order, so the oldest event without an answer is the one in hand. That is the culprit if the
// process dies, or if nothing has come back for the time an event may take.
//
// What becomes of the exchanges when it dies: those that were waiting behind the culprit with their
// very first event have not begun, nothing was done for them yet; they start over in the next
// process and never know. All others are lost: their state is gone, and an upstream call that was
// made for them must not be made again here (whether it may is for the retries of the router).
//
// A process that keeps dying is started again after a pause that doubles from 10 ms to 5 s, unless
// it lived for a while or did some work before. While it is down, exchanges wait for it if it is
// back within 100 ms, and fail at once if it is not.
//
// Tested by isolated_test.cpp.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <optional>
#include <string>

#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>

#include "contract/actions/recorder.hpp"
#include "engine/isolation/isolated_plugin.hpp"
#include "engine/isolation/remote_machine.hpp"
#include "engine/isolation/wire.hpp"
#include "engine/loop.hpp"
#include "engine/plugins/instance.hpp"

namespace patchbay::isolation {

/// Loop thread only, but for what it starts on the blocking pool itself.
class PluginChild : public std::enable_shared_from_this<PluginChild> {
  public:
    static constexpr std::chrono::milliseconds kFirstPause{10};
    /// After a process that could not be started.
    static constexpr std::chrono::milliseconds kLongestPause{5000};
    /// The longest after any other, and what a new call waits for a process.
    static constexpr std::chrono::milliseconds kWorthWaiting{100};

    PluginChild(Loop loop, std::shared_ptr<const ChildSpec> spec);
    ~PluginChild();

    /// Takes over a process that is ready.
    void adopt(IsolatedPlugin::Ready ready);

    /// A machine; nothing is sent before its first event. nullptr: the process is down and will not
    /// be back soon.
    std::shared_ptr<RemoteMachine> open(const Instance& instance, Role role, AnswerForm form,
                                        std::string_view base_url, const bay_open_info& info);

    /// Kills the process; every machine is lost. Nothing starts again.
    void stop();

  private:
    friend class RemoteMachine;
    using Clock = std::chrono::steady_clock;
    enum class State { down, starting, up, stopped };

    /// An event that owes an answer.
    struct Owed {
        std::uint32_t machine = 0;
        std::uint32_t event = 0;
        std::shared_ptr<const ComponentStats> stats;
        std::chrono::milliseconds budget{0};  ///< what it may take
        bool large = false;                   ///< see Workload
    };

    void start();
    void started(boost::system::result<ChildProcess, std::string> process);
    void use_socket(ChildProcess process);
    void read();
    bool read_some();
    bool take_frames();
    bool take_frame_of(const Frame& frame);
    bool take_answer(const Frame& frame);
    void send(std::string_view frames);
    void write();
    void watch();
    void no_answer();
    /// The process is dead or must die.
    void lost(const std::string& why);

    Loop loop_;
    std::shared_ptr<const ChildSpec> spec_;
    State state_ = State::down;
    std::optional<ChildProcess> process_;
    boost::asio::local::stream_protocol::socket socket_;
    std::uint32_t generation_ = 0;  ///< of the process; handlers of an older one do nothing
    std::uint32_t known_instances_ = 0;
    std::map<std::uint32_t, RemoteMachine*> machines_;
    std::uint32_t last_id_ = 0;
    std::deque<Owed> owed_;
    std::string out_;  ///< not sent yet, from out_begin_ on
    std::size_t out_begin_ = 0;
    bool writing_ = false;
    std::string in_;
    std::size_t in_begin_ = 0;
    Deadline watchdog_;
    boost::asio::steady_timer restart_;
    std::chrono::milliseconds pause_{0};
    int answers_ = 0;  ///< of this process so far
    Clock::time_point back_at_{};
    Clock::time_point up_since_{};
};

}  // namespace patchbay::isolation
