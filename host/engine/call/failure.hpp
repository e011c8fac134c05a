// What follows from the failure of an attempt: another one, or an error for the client.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "contract/error.hpp"
#include "engine/call/call.hpp"
#include "engine/router/candidates.hpp"

namespace patchbay {

/// How often a request is tried again after its first try (LiteLLM's precedence: request,
/// deployment, router, litellm_settings, 2).
int retries_allowed(const RequestOptions& options, const Deployment& deployment,
                    const Config& config);

/// May this failure be tried again among so many candidates? Refused keys only where another
/// deployment may have a better one.
bool may_retry(const Error& error, std::size_t candidates);

/// LiteLLM's wait before another try: none while a deployment is left that was not tried, else what
/// the provider asked for (up to 60 s), else exponential from 0.5 s to 8 s with jitter; `random` in
/// [0, 1).
std::chrono::milliseconds retry_delay(const Error& error, bool untried_left, int retry,
                                      std::chrono::milliseconds least, double random);

/// Foreign text made fit to be shown and logged: valid UTF-8, of bounded length, without the
/// gateway's secrets (`known`) or others that the upstream repeats (redact_secrets()).
void clean(Error& error, std::span<const Secret> known);

/// LiteLLM's words around a provider's own: "litellm.RateLimitError: OpenAIException - ...".
Error for_client(Error error, const Deployment& deployment, std::string_view group, int retries,
                 int max_retries);

/// After the attempt at call.deployment failed: logs it, and waits as long as another try must.
/// nullopt: try again; call.retries is counted, and `chosen`, what was picked, counts as tried.
/// Else the error for the client; so always if something is `committed` already.
boost::asio::awaitable<std::optional<Error>> prepare_retry(Call& call, Candidates& candidates,
                                                           const Deployment& chosen, Error failed,
                                                           bool committed);

/// What became of an attempt tells how good its version of the plugin is, unless it is the client's
/// own doing: it left, sent more than can be handled, or set a timeout that was too short.
/// `chosen` is the deployment, `version` what it was sent to: `chosen` itself or its canary.
void count_for_trial(const Deployment& chosen, const Deployment& version,
                     const RequestOptions& options, const std::optional<Error>& failed);

}  // namespace patchbay
