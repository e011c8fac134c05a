#include "unsupported.hpp"

#include <string>

namespace patchbay::shared {

Failure unsupported(std::string_view provider, std::string_view model,
                    const std::vector<Unsupported>& parameters) {
    Failure failure;
    failure.cls = BAY_ERR_UNSUPPORTED;
    failure.message.append(provider).append(" does not support parameters: [");
    std::string reasons;
    for (const auto& parameter : parameters) {
        failure.message += &parameter == &parameters.front() ? "'" : ", '";
        failure.message.append(parameter.name).append("'");
        if (parameter.why.empty()) continue;
        reasons.append(reasons.empty() ? " (" : "; ").append(parameter.name).append(": ");
        reasons.append(parameter.why);
    }
    failure.message.append("], for model=").append(model);
    if (!reasons.empty()) failure.message.append(reasons).append(")");
    failure.message +=
        ". To drop these, set `drop_params: true` under `litellm_settings`; to send them as they "
        "are, name them in `allowed_openai_params`.";
    failure.type = "invalid_request_error";
    failure.param = parameters.front().name;
    return failure;
}

}  // namespace patchbay::shared
