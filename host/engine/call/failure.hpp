// What an error may tell, and what it tells of a version on trial.
#pragma once

#include <optional>
#include <span>

#include "config/secret.hpp"
#include "contract/error.hpp"
#include "contract/failed.hpp"
#include "engine/surface/request_options.hpp"
#include "engine/world/deployment.hpp"

namespace patchbay {

/// Foreign text made fit to be shown and logged: valid UTF-8, of bounded length, without the
/// gateway's secrets (`known`) or others that the upstream repeats (redact_secrets()).
void clean(Error& error, std::span<const Secret> known);

/// What became of an attempt tells how good its version of the plugin is, unless it is the client's
/// own doing: it left, sent more than can be handled, or set a timeout that was too short.
/// `chosen` is the deployment, `version` what it was sent to: `chosen` itself or its canary.
void count_for_trial(const Deployment& chosen, const Deployment& version,
                     const RequestOptions& options, const Failed& failed);

}  // namespace patchbay
