// The state of one running exchange; private to this folder.
#pragma once

#include <chrono>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>

#include "contract/actions/recorder.hpp"
#include "engine/exchange/exchange.hpp"
#include "engine/exchange/sockets.hpp"
#include "engine/isolation/plugin_child.hpp"
#include "engine/plugins/workload.hpp"

namespace patchbay {

/// Shared between the driving coroutine and those it started, one per action, which may outlive the
/// driver's frame by a moment; after end() they touch nothing but this object.
class Run : public std::enable_shared_from_this<Run> {
  public:
    Run(ExchangeContext context, ComponentInstance component, Role role, Sink* sink,
        std::string_view blob, bool stream, http::Timeouts timeouts, bool verify_tls,
        std::string_view request_id, std::string_view base_url = {},
        const Shape& shape = kChatShape);

    /// Opens the machine, unless its component rests (breaker.hpp). False: fault() says why.
    bool open(const bay_open_info& info);
    /// Feeds one event; false if the exchange is over (finished or a fault). Not if isolated().
    bool feed(const bay_event& event, std::uint32_t call = 0, bool live = false);
    /// The machine runs in another process: feeding it takes deliver().
    bool isolated() const { return remote_ != nullptr; }
    /// Feeds one event, wherever the machine runs, and returns when its actions are recorded;
    /// over() tells if the exchange goes on. The event's views must live until then.
    boost::asio::awaitable<void> deliver(const bay_event& event, std::uint32_t call = 0,
                                         bool live = false);
    /// Opens a question to a guardrail; its time begins here. An INSPECT is fed next.
    void ask(const Question& question);
    /// Before the first event: where a provider's exchange goes, for refreshes that it causes. It
    /// must live as long as the exchange's coroutine.
    void set_target(const bay_target& target) { target_ = &target; }
    /// Before the first event: ExchangeRequest::max_answer.
    void set_max_answer(std::uint64_t bytes) { max_answer_ = bytes; }
    /// Performs actions until the machine has finished, or has answered the question. However it is
    /// left, the sink is not used any more then.
    boost::asio::awaitable<void> drive();
    /// Before the first event: the client of a realtime exchange. It must outlive end().
    void set_client(RealtimeClient& client) { sockets_.set_client(client); }
    /// After drive(): what the machine sent last goes out, then its sockets and the client's are
    /// closed. Ends in bounded time.
    boost::asio::awaitable<void> finish_sockets();
    bool has_sockets() const { return !sockets_.none(); }
    /// No more feeding; cancels everything that is still under way. A machine that owes an answer
    /// and wants to know (BAY_WANT_CANCEL) is told first, and may make detached calls; `reason` is
    /// that of bay_ev_cancel.
    void end(std::uint32_t reason = kClientGone);
    static constexpr std::uint32_t kClientGone = 1;
    static constexpr std::uint32_t kDeadline = 2;
    static constexpr std::uint32_t kGuardrail = 3;
    static constexpr std::uint32_t kShutdown = 4;

    bool over() const { return ended_ || fault_ || gone_ || expired_ || recorder_.finished(); }
    Recorder& recorder() { return recorder_; }
    Failed& fault() { return fault_; }
    /// fault() is that of too_large().
    bool was_too_large() const { return too_large_; }
    /// The client went away while results were sent to it.
    bool gone() const { return gone_; }
    /// The time of the whole exchange was over before it ended.
    bool expired() const { return expired_; }

  private:
    friend class UpstreamCall;
    friend class Sockets;

    /// Something under way that will feed the machine: a coroutine of its own.
    struct Pending {
        boost::asio::cancellation_signal cancel;
        std::uint32_t call = 0;  ///< of an HTTP call
        int status = 0;          ///< of its response, once there is one
        bool aborted = false;    ///< by the machine; it is owed an HTTP_DONE
    };

    boost::asio::awaitable<void> perform(Action action, Pending& pending);
    boost::asio::awaitable<void> perform_timer(TimerAction action);
    boost::asio::awaitable<void> perform_shared_get(SharedGetAction action);
    boost::asio::awaitable<SharedValue> wait_for_shared(std::string key);
    void start_refresh(const std::string& key);
    void start(Action action);
    /// Does what is done at once; false if the action takes a coroutine.
    bool perform_now(Action& action);
    /// What precedes every feed().
    void begin_event(const bay_event& event, std::uint32_t call, bool live);
    /// Starts what the machine has recorded since this was last called.
    void start_pending();
    void take_aborts();
    boost::asio::awaitable<void> feed_aborted(std::uint32_t call, int status);
    void start_detached();
    void tell_cancelled(std::uint32_t reason);
    static boost::asio::awaitable<void> tell_cancelled_remote(
        std::shared_ptr<Run> self, std::shared_ptr<isolation::RemoteMachine> machine,
        std::uint32_t reason);
    /// The time of the whole exchange is over while the machine waits.
    void expire();
    /// When that is; the end of all time if there is none.
    std::chrono::steady_clock::time_point deadline() const;
    /// It is over, and no call is under way, which would end with it and be told to the machine.
    bool out_of_time() const;
    boost::asio::awaitable<void> deliver_remote(const bay_event& event, std::uint32_t call,
                                                bool live);
    /// What follows the plugin's return from feed().
    bool fed(const bay_event& event, bay_status status);
    void finish(std::list<Pending>::iterator pending);
    void lost(bool culprit);
    void wake();
    /// Sends what the sink has; gone() tells if nobody takes it. An await in a condition is
    /// miscompiled by gcc 12, so nothing that is awaited here has a result.
    boost::asio::awaitable<void> flush_if_dirty();
    boost::asio::awaitable<void> drive_on(boost::asio::steady_timer& woken);
    void cancel_pending();
    std::chrono::milliseconds remaining() const;
    /// What the machine did wrong in a feed() with this status; sets fault().
    void judge(bay_status status, std::uint32_t event);
    /// The machine did this wrong: ends the exchange, and counts for its component unless it was
    /// given a large input (workload.hpp).
    void blame(const std::string& what);
    /// For the event that the workload was told last.
    std::chrono::nanoseconds budget() const;
    void take_denied();
    void end_probe();

    ExchangeContext context_;
    ComponentInstance component_;
    Sink* sink_;
    const Shape& shape_;  ///< of the results
    http::Timeouts timeouts_;
    bool verify_tls_;
    bool stream_;
    std::string request_id_;
    std::string kept_base_url_;  ///< of a refresh, which outlives the exchange that began it
    std::string_view base_url_;  ///< of the target, where calls may go
    const bay_target* target_ = nullptr;
    Role role_;
    Breaker::Pass pass_ = Breaker::Pass::normal;
    Workload workload_;
    bool counted_ = false;  ///< fault_ counts for the component
    bool too_large_ = false;
    std::string denied_;  ///< the last origin that was refused
    std::chrono::steady_clock::time_point started_;
    std::optional<Machine> machine_;
    std::shared_ptr<isolation::RemoteMachine> remote_;  ///< in place of machine_
    bool question_idle_ = false;                        ///< what the last ask() told the recorder
    Recorder recorder_;
    Failed fault_;
    std::uint64_t max_answer_ = 0;
    bool ended_ = false;
    bool gone_ = false;
    bool expired_ = false;
    bool flushing_ = false;
    bool leaving_ = false;  ///< drive() waits until nothing is being sent
    Sockets sockets_{*this};
    std::list<Pending> pending_;
    boost::asio::steady_timer* woken_ = nullptr;  ///< the driver's, while it waits
};

/// Ends the run however the driving coroutine is left. `stopped`, if given, tells then whether a
/// guardrail stopped it.
class EndGuard {
  public:
    explicit EndGuard(Run& run, const bool* stopped = nullptr) : run_(run), stopped_(stopped) {}
    ~EndGuard() { run_.end(stopped_ && *stopped_ ? Run::kGuardrail : Run::kClientGone); }
    EndGuard(const EndGuard&) = delete;
    EndGuard& operator=(const EndGuard&) = delete;

  private:
    Run& run_;
    const bool* stopped_;
};

}  // namespace patchbay
