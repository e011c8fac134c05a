// What follows from a health check for routing.
#pragma once

#include "engine/call/health_check.hpp"
#include "engine/lanes/clock.hpp"
#include "engine/world/snapshot.hpp"

namespace patchbay {

/// Does this configuration want the deployment checked in the background?
bool wants_check(const Config& config, const Deployment& deployment);

/// Where `enable_health_check_routing` is set: a deployment that did not answer is asked by nobody until it does or
/// the check is too old; with `allowed_fails_policy` its failure counts like that of a call instead, and it rests by
/// that policy. One that answered is asked again, and back from a rest that is over. A check that was not made says
/// nothing, and neither does one that was refused for what it asked (400, say): clients ask for other things. Any thread; the endpoint's deployment is of `world`.
void tell_routing(const Snapshot& world, const EndpointHealth& endpoint, const Now& now);

/// Forgets what checks said of all deployments that are not checked, or not for routing, in this configuration.
void forget_verdicts(const Snapshot& world);

}  // namespace patchbay
