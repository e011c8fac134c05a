#include "engine/world/deployment_tokens.hpp"

#include <algorithm>

namespace patchbay {

namespace {

std::optional<std::int64_t> count_in(const boost::json::object& members, std::string_view name) {
    const boost::json::value* const found = members.if_contains(name);
    const std::int64_t* const count = found ? found->if_int64() : nullptr;
    return count && *count >= 0 ? std::optional(*count) : std::nullopt;
}

// LiteLLM's: what the model can answer, but at most a quarter of the minute, and what the deployment asks for.
std::int64_t usual_answer(const DeploymentConfig& entry, const Deployment& d) {
    constexpr std::int64_t kUnknown = 4096;
    constexpr std::int64_t kParts = 4;
    std::int64_t most = d.info.max_output_tokens > 0 ? d.info.max_output_tokens : kUnknown;
    most = std::min(most, std::max<std::int64_t>(*d.otpm / kParts, 1));
    for (const char* name : {"max_tokens", "max_completion_tokens", "max_output_tokens"}) {
        if (const auto asked = count_in(entry.defaults, name)) return std::min(most, *asked);
    }
    return most;
}

}  // namespace

void set_token_limits(const DeploymentConfig& entry, Deployment& deployment) {
    deployment.itpm = entry.itpm ? entry.itpm : count_in(entry.model_info, "itpm");
    deployment.otpm = entry.otpm ? entry.otpm : count_in(entry.model_info, "otpm");
    if (deployment.otpm) deployment.usual_answer = usual_answer(entry, deployment);
}

}  // namespace patchbay
