// The strategy `p2c-ewma`: of two deployments drawn by weight, the one that would answer sooner.
//
// The power of two choices: who looks at two does nearly as well as who looks at all, and calls
// that know the same do not all run to the same deployment. Each is judged by
//
//     (time to the first token + tokens of the answer x time for one) x load / (share that succeeds)²
//
// where the time to the first token is the group's for prompts of such a size by how much slower
// the deployment was lately (peak EWMA of ten seconds), and at least the time for which it has been
// silent while calls wait for it; load is 1 + its tokens under way by those of a mean call and by
// its weight. What was learned fades to the group's in the same time. Where two are alike the first
// one drawn is taken, so alike deployments get their weights exactly.
//
// By such figures alone who was never measured would starve beside one that is always a little better
// than the group, whose mean that one makes. So it is taken as soon as it is drawn, and who was
// measured long ago as soon as it is drawn first, which it is by its weight; either only while it has
// nothing under way. Until it is measured each attempt there is a load of several, so that who is new
// in a busy group is not flooded before it has answered.
#pragma once

#include "engine/router/choice.hpp"

namespace patchbay {

/// A place of `usable`. Looks at two: constant time, no allocation.
std::size_t p2c_ewma(const Choice& choice, Draw& draw);

/// The figure by which two are compared; lower is better, infinity for weight 0.
double lane_cost(const Choice& choice, std::size_t place);

/// Tokens of the call: its prompt and the answer that is to be expected.
std::int64_t expected_tokens(const GroupMeans& means, std::int64_t prompt,
                             std::int64_t most_answer);

}  // namespace patchbay
