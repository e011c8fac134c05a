// What is noted of an attempt when it has ended.
#pragma once

#include <optional>
#include <vector>

#include <boost/asio/awaitable.hpp>

#include "engine/error.hpp"
#include "engine/router/deployment.hpp"
#include "gateway/attempt.hpp"
#include "gateway/call.hpp"

namespace patchbay::gateway {

/// After the attempt at call.deployment failed: logs it, and waits as long as another try must.
/// nullopt: try again, call.retries is counted and `chosen`, what the router picked, stands in
/// `tried`. Else the error for the client; so always if something was `sent` already.
boost::asio::awaitable<std::optional<Error>> prepare_retry(Call& call, const ChatRequest& chat,
                                                           const ModelGroup& group,
                                                           const Deployment& chosen,
                                                           std::vector<const Deployment*>& tried,
                                                           Error failed, bool sent);

/// What became of an attempt tells how good its version of the plugin is, unless it is the client's
/// own doing: it left, sent more than can be handled, or set a timeout that was too short.
/// `chosen` is the deployment, `version` what it was sent to: `chosen` itself or its canary.
void count_for_trial(const Deployment& chosen, const Deployment& version,
                     const RequestOptions& options, const std::optional<Error>& failed);

}  // namespace patchbay::gateway
