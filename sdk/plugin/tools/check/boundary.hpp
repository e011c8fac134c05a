// Stands between the transcript player and a plugin, and changes how calls cross: sizes of structs,
// the thread, the order of several exchanges. Because a kind is a table of seven functions, the
// player drives this table in place of the plugin's and need not know.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <mutex>
#include <vector>

#include "action.hpp"
#include "patchbay/exchange.h"

namespace patchbay::check {

/// Lets several threads take turns, always in the same order. [any]
class Turns {
  public:
    explicit Turns(std::size_t threads) : alive_(threads, true) {}
    /// Waits until it is the turn of `me`.
    void enter(std::size_t me);
    /// Ends the turn.
    void leave();
    /// `me` takes no more turns.
    void quit(std::size_t me);

  private:
    void advance();
    std::mutex mutex_;
    std::condition_variable changed_;
    std::vector<bool> alive_;
    std::size_t next_ = 0;
};

struct Boundary {
    static constexpr std::size_t kNever = static_cast<std::size_t>(-1);

    /// So many bytes 0xFF after every struct with a size, counted in its size.
    std::size_t pad = 0;
    /// Every struct with a size ends where readable memory ends.
    bool exact = false;
    /// With `exact`: structs are as long as a host of this minor has them.
    std::uint32_t minor = BAY_ABI_MINOR;
    /// Every call comes from a new thread, to which the host bound to the player's thread goes
    /// along.
    bool migrate = false;
    /// One instance for all runs with the same settings.
    bool share = false;
    /// Not null: feed() waits for the turn of this thread (`turn`).
    Turns* turns = nullptr;
    static thread_local std::size_t turn;

    /// In place of this event of an exchange (counted from 0) `intruder` is fed, and the run ends.
    /// A CANCEL is fed only to a machine that asked for it, and the recorder is told, as by the
    /// gateway.
    std::size_t intrude_at = kNever;
    std::uint32_t intruder = 0;
    bool intruded = false;                         ///< it was fed
    bay_status intruder_status = BAY_OK;           ///< what feed() returned
    std::vector<transcript::Action> intruder_did;  ///< and did

    /// Time in feed() by number of the event, of the last run. Not with threads.
    std::vector<double> feed_ms;
};

/// Of this process. Changed only while nothing is played.
Boundary& boundary();

/// For PluginFile: the table to drive in place of `kind`. At most 8 kinds per process.
const bay_kind* across_boundary(const bay_kind* kind);

}  // namespace patchbay::check
