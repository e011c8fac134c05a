// Two attempts of one call at once: hedging.
//
// The first is asked; when it has said nothing for as long as nearly all do (Plan::hedge_at), a
// second one is, at another deployment. Both are metered, and both are held back: of neither has
// the client seen anything. Who says the first word has the call: what it said until then goes to
// the answer, and from then on it is the call's attempt like any other. The other is cancelled,
// which closes its connection, and stays in the call's account as an attempt that was lost.
#pragma once

#include <optional>

#include <boost/asio/awaitable.hpp>

#include "contract/failed.hpp"
#include "engine/call/answer.hpp"
#include "engine/call/call.hpp"
#include "engine/exchange/sink.hpp"
#include "engine/router/plan.hpp"

namespace patchbay {

/// Where the winner's results go.
class RaceGoal {
  public:
    virtual ~RaceGoal() = default;
    virtual Sink& sink() = 0;
    /// The second attempt has the call: begins anew, of what the first one said nothing went there.
    virtual void begin() = 0;
};

/// The attempt that `plan` has started, with a second one where it must be. After it the plan's
/// attempt, and that of `call`, is the one that has the answer or failed last; failures before that
/// are told and logged. nullopt: `goal`, which has begun, has all of a good answer. `call.deployment`
/// and what goes with it, retries and attempts are up to date. What the cache keeps is the winner's.
boost::asio::awaitable<Failed> run_raced_attempt(Call& call, Plan& plan, RaceGoal& goal,
                                                 Answer& answer);

}  // namespace patchbay
