// Which provider a LiteLLM model string means.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "engine/plugins/plugin_set.hpp"

namespace patchbay {

struct ProviderModel {
    const ProviderRow* row = nullptr;
    std::string model;  ///< without the provider's prefix
};

/// LiteLLM's get_llm_provider, as far as names tell: an explicit provider wins; then the prefix
/// before the first '/'; then well-known bare names ("gpt-4o" is OpenAI's, "claude-..."
/// Anthropic's). nullopt if no loaded plugin serves it.
std::optional<ProviderModel> provider_of(std::string_view model, std::string_view explicit_provider,
                                         const PluginSet& plugins);

/// The start of bare model names ("gpt-") and the provider they belong to.
struct BareName {
    std::string_view prefix;
    std::string_view provider;
};
std::span<const BareName> bare_names();

/// The name in LiteLLM's error texts: "OpenAIException", "AnthropicException", "GroqException".
std::string exception_provider(std::string_view prefix);

}  // namespace patchbay
