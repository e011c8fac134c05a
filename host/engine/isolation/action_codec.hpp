// The actions of the plugin ABI as bytes: written in the child while the plugin acts, replayed in
// the gateway into the recorder of the exchange.
//
// An action's status is known to the plugin at the call, so the child keeps a recorder of its own,
// the very class the gateway uses, that sees the same events and actions and so comes to the same
// answers. The gateway's has the last word: it is replayed everything, and believes nothing.
#pragma once

#include "engine/isolation/wire.hpp"
#include "patchbay/guardrail.h"

namespace patchbay::isolation {

/// A bay_out that asks another for the status of each action and writes down those that are taken.
class ActionWriter {
  public:
    /// `judge` must outlive this object.
    explicit ActionWriter(bay_out& judge);
    ActionWriter(const ActionWriter&) = delete;
    ActionWriter& operator=(const ActionWriter&) = delete;

    /// Valid for one feed(), whose actions go to `to`.
    bay_out& begin(Writer& to) {
        to_ = &to;
        return out_;
    }

  private:
    struct Slots;
    bay_out& judge_;
    Writer* to_ = nullptr;
    bay_out out_{};
};

/// Calls `out` for every action that was written. False if the bytes make no sense, or if `out`
/// refuses an action for another reason than a limit or the egress list.
bool replay_actions(Reader& from, bay_out& out);

}  // namespace patchbay::isolation
