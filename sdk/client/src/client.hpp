// A client: worlds, and an event loop with a thread of its own that runs the calls.
#pragma once

#include <csignal>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>

#include "call_state.hpp"
#include "engine/cache/response_cache.hpp"
#include "engine/call/engine.hpp"
#include "operations.hpp"
#include "worlds.hpp"

namespace patchbay::client {

/// A call that was asked for, until its coroutine has it.
struct NewCall {
    std::shared_ptr<CallState> state;
    const Surface* surface = nullptr;
    RequestParts parts;
    std::string request;            ///< what `parts` views; empty if they have their own
    std::string_view path_model{};  ///< where the API names the model in its path
    std::string id;
    std::shared_ptr<const Snapshot> world;
};

/// While it lives, this thread and those it starts get no signals: they are the program's.
class WithoutSignals {
  public:
    WithoutSignals() {
        sigset_t all;
        sigfillset(&all);
        pthread_sigmask(SIG_SETMASK, &all, &before_);
    }
    ~WithoutSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    WithoutSignals(const WithoutSignals&) = delete;
    WithoutSignals& operator=(const WithoutSignals&) = delete;

  private:
    sigset_t before_;
};

class Client {
  public:
    /// Starts the loop's thread, and with log sinks or a cache at a server theirs. What of these cannot be
    /// had is told in `problems`, and the client goes without.
    Client(std::unique_ptr<Worlds> worlds, std::vector<Problem>& problems);
    ~Client();
    Client(const Client&) = delete;
    Client& operator=(const Client&) = delete;

    /// Cancels what is under way, waits for its end and joins the thread; then log records that wait
    /// are delivered, for LogServiceOptions::drain_time at most. Not on that thread.
    void close();

    Worlds& worlds() { return *worlds_; }

    /// Starts a call; false: the client is closing. Any thread.
    bool start(const CallOperation& operation, std::string_view request, std::string_view id,
               const std::shared_ptr<CallState>& state);
    /// Any thread; nothing if the call is over.
    void cancel(const std::shared_ptr<CallState>& state);

  private:
    void start_cache(std::vector<Problem>& problems);
    void start_logs(std::vector<Problem>& problems);
    void begin(std::shared_ptr<NewCall> call);
    void stop_when_left();

    std::optional<WithoutSignals> quiet_{std::in_place};  ///< while threads are started
    std::unique_ptr<Worlds> worlds_;
    boost::asio::io_context io_{1};
    Deadlines deadlines_{io_};
    boost::asio::thread_pool blocking_{1};
    http::Client http_;
    KeptResponses kept_{{}};
    std::optional<ResponseCache> cache_;  ///< of answers; nothing: the configuration wants none
    std::unique_ptr<LogService> logs_;    ///< nullptr: there are no log sinks
    Engine engine_;
    boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
    /// Calls that the loop has begun and not ended; on its thread.
    std::set<std::shared_ptr<CallState>> running_;
    bool stopping_ = false;  ///< on the loop's thread
    boost::asio::steady_timer stop_timer_{io_};
    std::atomic<bool> closing_{false};
    std::thread thread_;
};

}  // namespace patchbay::client
