// What a state machine was given to work on: how long it may take for it, and whether it is to
// blame if that was too much.
//
// The gateway lets in what it lets in, up to 100 MiB a request, and work grows with the size of its
// input. So the time that an event may take does, too; and what goes wrong with a large input fails
// its own call and counts for nothing: else a client could take a component away from all the
// others (breaker.hpp) by what it sends. A component that hangs or breaks the contract does so with
// small inputs, too, and those count. Tested by workload_test.cpp.
#pragma once

#include <chrono>
#include <cstdint>

#include "patchbay/entry.h"

namespace patchbay {

class Workload {
  public:
    /// More is large, bytes.
    static constexpr std::uint64_t kLarge = 1u << 20;
    /// For so many bytes, and once more for each as many, an event may take the component's
    /// `feed_budget`.
    static constexpr std::uint64_t kBytesPerBudget = 8u << 20;

    /// The event that is fed next.
    void add(const bay_event& event);

    /// Bytes that the machine may have to look at for this event: the largest question so far (a
    /// request, an inspection, a batch), what HTTP calls brought since the beginning, and the event
    /// itself. Frames of sockets are not added up: a session may last for hours.
    std::uint64_t bytes() const { return question_ + answers_ + event_; }
    bool large() const { return bytes() > kLarge; }
    /// The client's request is.
    bool large_request() const { return request_ > kLarge; }
    /// How long this event may take a component that may take `budget` for a small one.
    std::chrono::nanoseconds budget(std::chrono::nanoseconds budget) const;

  private:
    std::uint64_t question_ = 0;
    std::uint64_t request_ = 0;
    std::uint64_t answers_ = 0;
    std::uint64_t event_ = 0;
};

}  // namespace patchbay
