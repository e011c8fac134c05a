// Which provider a LiteLLM model string means.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/plugins/plugin_set.hpp"

namespace patchbay {

/// Where a model string leads.
struct ProviderModel {
    enum class Found {
        served,       ///< `row` is set
        not_done,     ///< `provider` is LiteLLM's, and no loaded plugin serves it
        not_known,    ///< nobody knows `provider`
        no_provider,  ///< the string names none, and no list has the model
    };
    Found found = Found::no_provider;
    const ProviderRow* row = nullptr;  ///< lives as long as the plugin set
    std::string provider;              ///< empty with `no_provider`
    std::string model;                 ///< without the provider's prefix
};

/// LiteLLM's get_llm_provider: an explicit provider wins; then the prefix before the first '/',
/// unless it is a maker of models ("mistralai"), which names no provider; then the catalogue, by
/// the whole name; then well-known beginnings of bare names ("gpt-" is OpenAI's); then the provider
/// whose own host `api_base` names.
ProviderModel provider_of(std::string_view model, std::string_view explicit_provider,
                          std::string_view api_base, const PluginSet& plugins);

/// The provider of a model that is named without one ("gpt-4o" is OpenAI's): the catalogue's, else that of its
/// beginning. Empty: nobody knows it, or the name has a '/'.
std::string_view provider_of_bare(std::string_view model);

/// The start of bare model names ("gpt-") and the provider they belong to.
struct BareName {
    std::string_view prefix;
    std::string_view provider;
};
std::span<const BareName> bare_names();

/// The name in LiteLLM's error texts: "OpenAIException", "AnthropicException", "GroqException".
std::string exception_provider(std::string_view prefix);

}  // namespace patchbay
