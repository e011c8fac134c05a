// The most that a call can cost, before anybody knows what it does.
#pragma once

#include "engine/call/call.hpp"
#include "engine/call/call_size.hpp"
#include "engine/router/router.hpp"

namespace patchbay {

CallSize size_of(const Call& call);

/// The most that one attempt can cost at a deployment that is asked for the model `called`; 0 where nobody knows the
/// price.
meter::Amount most_of(const Deployment& deployment, std::string_view called, const CallSize& size);
/// At the dearest of the deployments that may serve the route.
meter::Amount most_of(const ModelRoute& route, const CallSize& size);

}  // namespace patchbay
