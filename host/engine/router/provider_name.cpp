#include "engine/router/provider_name.hpp"

#include <array>
#include <cctype>

namespace patchbay {

namespace {

// The providers' own naming schemes; a bare name that starts so needs no provider in front.
constexpr std::array kBareNames{
    BareName{"gpt-", "openai"},       BareName{"chatgpt-", "openai"}, BareName{"o1", "openai"},
    BareName{"o3", "openai"},         BareName{"o4-", "openai"},      BareName{"ft:gpt-", "openai"},
    BareName{"claude-", "anthropic"},
};

}  // namespace

std::span<const BareName> bare_names() {
    return kBareNames;
}

std::optional<ProviderModel> provider_of(std::string_view model, std::string_view explicit_provider,
                                         const PluginSet& plugins) {
    if (!explicit_provider.empty()) {
        const ProviderRow* row = plugins.provider(explicit_provider);
        if (!row) return std::nullopt;
        std::string_view rest = model;
        if (rest.size() > explicit_provider.size() && rest.starts_with(explicit_provider) &&
            rest[explicit_provider.size()] == '/') {
            rest.remove_prefix(explicit_provider.size() + 1);
        }
        return ProviderModel{row, std::string(rest)};
    }
    if (const std::size_t slash = model.find('/'); slash != std::string_view::npos) {
        if (const ProviderRow* row = plugins.provider(model.substr(0, slash))) {
            return ProviderModel{row, std::string(model.substr(slash + 1))};
        }
        return std::nullopt;
    }
    for (const BareName& name : kBareNames) {
        if (!model.starts_with(name.prefix)) continue;
        if (const ProviderRow* row = plugins.provider(name.provider)) {
            return ProviderModel{row, std::string(model)};
        }
    }
    return std::nullopt;
}

std::string exception_provider(std::string_view prefix) {
    if (prefix == "openai") return "OpenAIException";
    std::string name(prefix);
    if (!name.empty())
        name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
    return name + "Exception";
}

}  // namespace patchbay
