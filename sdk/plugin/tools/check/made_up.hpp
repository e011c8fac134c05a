// Exchanges for components that no transcript plays.
#pragma once

#include <vector>

#include <boost/json/object.hpp>

#include "contract/manifest/manifest.hpp"
#include "transcript.hpp"

namespace patchbay::check {

/// For a provider: chat completions, whole and as a stream, answered in OpenAI's form. For a
/// guardrail: a request, an answer and a stream; for a logger: a batch; calls answered with {}.
std::vector<transcript::Transcript> made_up(const ManifestComponent& component,
                                            transcript::Kind kind,
                                            const boost::json::object& settings);

}  // namespace patchbay::check
