// What a deployment is asked to see whether it answers.
#pragma once

#include <optional>
#include <string>

#include "engine/surface/surface.hpp"
#include "engine/world/deployment.hpp"

namespace patchbay {

struct HealthQuestion {
    const Surface* surface = nullptr;
    std::string body;
    std::string model;  ///< asked for in place of the deployment's own; empty: that
};

/// The shortest that its mode has, as `model_info` says it (docs/operating.md): a word for a word, without a retry, a
/// fallback or the response cache. nullopt: it has no model to ask for ('*' without `health_check_model`), or one
/// that nobody asks cheaply.
std::optional<HealthQuestion> health_question(const Deployment& deployment);

}  // namespace patchbay
