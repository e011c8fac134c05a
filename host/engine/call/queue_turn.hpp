// A call that waits on its loop until a time, or until its turn in a queue comes.
#pragma once

#include <chrono>
#include <memory>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "engine/lanes/gate.hpp"
#include "engine/router/plan.hpp"

namespace patchbay {

/// Of one call, on its loop's thread, but for come(). Takes the plan out of its queue when it is
/// destroyed. Costs nothing until it is needed.
class QueueTurn final : public Gate::Turn {
  public:
    QueueTurn(boost::asio::io_context& io, Plan& plan) : io_(io), plan_(plan) {}
    ~QueueTurn() override { plan_.leave_queue(); }
    QueueTurn(const QueueTurn&) = delete;
    QueueTurn& operator=(const QueueTurn&) = delete;

    /// For Plan::queue(): from now on its turn is noticed.
    Gate::Turn* begin();
    /// Once the plan has left the queue: a turn that was told before, and is noticed only now, ends no
    /// wait that is begun from now on.
    void forget() { state_.reset(); }
    /// Throws system_error(operation_aborted) if the call is left.
    boost::asio::awaitable<void> until(std::chrono::steady_clock::time_point at);
    void come() noexcept override;

  private:
    struct State;

    boost::asio::io_context& io_;
    Plan& plan_;
    std::shared_ptr<State> state_;  ///< null until it is needed; handlers that are posted keep it
};

}  // namespace patchbay
