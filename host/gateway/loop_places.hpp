// How many requests one event loop serves at once, where the configuration says so (LoopBounds): a few more
// wait for their turn, in the order in which they came, and the others are refused. The bounds of the whole
// process are Admission's.
#pragma once

#include <cstdint>
#include <list>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>

#include "config/config.hpp"
#include "contract/error.hpp"
#include "engine/records/metrics.hpp"

namespace patchbay::gateway {

/// Of one loop, on its thread; what `load` says is for any. Outlives its places.
class LoopPlaces {
  public:
    explicit LoopPlaces(LoopLoad& load) : load_(load) {}
    LoopPlaces(const LoopPlaces&) = delete;
    LoopPlaces& operator=(const LoopPlaces&) = delete;

    /// What a request is told that finds no place, in LiteLLM's words.
    Error refusal() const;

  private:
    friend class LoopPlace;

    struct Waiter {
        boost::asio::steady_timer timer;
        bool admitted = false;
    };
    using Waiters = std::list<Waiter*>;

    bool enter(const LoopBounds& bounds);
    void leave();

    LoopLoad& load_;
    Waiters waiters_;         ///< who came first stands first
    std::int64_t bound_ = 0;  ///< as the last request had it
    std::int64_t served_ = 0;
};

/// One request's place; given back on destruction, to who waits longest. Lives on the request's loop.
class LoopPlace {
  public:
    explicit LoopPlace(LoopPlaces& places) : places_(places) {}
    ~LoopPlace() {
        if (entered_) places_.leave();
    }
    LoopPlace(const LoopPlace&) = delete;
    LoopPlace& operator=(const LoopPlace&) = delete;

    /// Is there room at once?
    bool enter(const LoopBounds& bounds) { return entered_ = places_.enter(bounds); }
    /// After that was false: waits for a turn. False: as many wait as may, or it did not come in time. Throws
    /// system_error(operation_aborted) if the client leaves meanwhile.
    boost::asio::awaitable<bool> wait(const LoopBounds& bounds);

  private:
    LoopPlaces& places_;
    bool entered_ = false;
};

}  // namespace patchbay::gateway
