// The names that may stand in litellm_params, as tables.
#pragma once

#include <span>
#include <string_view>

namespace patchbay {

/// A parameter of OpenAI's requests; as a deployment's setting it is the default for its requests.
struct RequestParam {
    std::string_view name;
    /// Text from an environment variable becomes a number.
    bool number = false;
};
std::span<const RequestParam> request_params();

/// What LiteLLM's gateway itself does with a deployment and Patchbay does not do yet.
std::span<const std::string_view> litellm_params_not_done();

/// Names of a provider's own request parameters. They go to the provider like any unknown name;
/// they are listed so that none of them is taken for a typing mistake.
std::span<const std::string_view> provider_params();

/// Names, and families of names (aws_*, vertex_*, *_cost_*, ...), of what LiteLLM or a provider's
/// plugin is told of a deployment: where it is, who may use it, what it costs. They go to the
/// plugin and never into a request.
std::span<const std::string_view> deployment_settings();
bool is_deployment_setting(std::string_view name);

/// What a provider takes as a header or in one, under names of LiteLLM's.
bool becomes_header(std::string_view name);

}  // namespace patchbay
