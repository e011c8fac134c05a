// Who of a set of deployments takes calls now.
//
// To look at each of a thousand costs more than to choose one of them, and mostly whoever is chosen
// takes calls. So each is looked at when somebody wants it, and all of them once that has failed
// for some.
#pragma once

#include <cstddef>
#include <optional>

#include "config/routing.hpp"
#include "engine/lanes/group_tables.hpp"
#include "engine/router/token_limits.hpp"

namespace patchbay {

/// What is asked of a lane, as it is at `now`. Of one choice, on the call's loop; the group and the
/// settings outlive it. The answer to one question stands, whatever others do meanwhile.
class OpenLanes {
  public:
    /// Everybody of the set takes calls.
    OpenLanes(const GroupTables& group, LaneSet all);
    /// Who rests takes none, nor without `probes` who waits for its probe; nor, if `healthy`, whose
    /// health check failed; nor who has used up its rates, as keep_within_rates() has it, or has
    /// no slot free.
    OpenLanes(const GroupTables& group, const RoutingSettings& settings, const Now& now,
              LaneSet from, bool healthy, bool probes, const TokenNeed& need = {});

    /// All but those that were found to take no calls, or taken out.
    const LaneSet& set() const { return set_; }
    /// The same, of which each takes calls.
    const LaneSet& settled() {
        if (!settled_) settle();
        return set_;
    }
    bool is_settled() const { return settled_; }
    /// Whoever is in the set takes calls, whatever it is like.
    void take_all() { settled_ = true; }
    /// Does anybody? Then takes() says so of one at least until that is taken out.
    bool any();
    bool takes(std::size_t place);
    /// Does it neither rest nor fail its health check?
    bool is_up(std::size_t place) const;
    void take_out(std::size_t place);
    void take_out(const LaneSet& places);
    /// Did slots keep somebody from taking calls?
    bool missed_slots() const { return missed_slots_; }

  private:
    enum class Looked { takes, takes_none, has_no_slot };

    bool is_within_rates(std::size_t place) const;
    bool rates_hold();
    Looked look(std::size_t place);
    void settle();

    const GroupTables& group_;
    const Now now_;
    const TokenNeed need_{};
    LaneSet set_;
    bool settled_ = false;
    bool rests_ = false;  ///< somebody, somewhere, does
    bool healthy_ = false;
    bool probes_ = false;
    bool rates_ = false;  ///< some have any
    bool hard_ = false;   ///< nobody is asked beyond its rates, though nobody else be left
    std::optional<bool> rates_hold_;  ///< if not hard: is somebody within them? nullopt: not known
    bool missed_slots_ = false;
    int misses_ = 0;
    std::optional<std::size_t> sure_;  ///< it takes calls
};

}  // namespace patchbay
