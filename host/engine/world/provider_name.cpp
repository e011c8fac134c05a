#include "engine/world/provider_name.hpp"

#include <array>
#include <cctype>

#include "contract/http/url.hpp"
#include "engine/models/catalogue.hpp"

namespace patchbay {

namespace {

// The providers' own naming schemes: what a model that the catalogue does not have yet is called.
constexpr std::array kBareNames{
    BareName{"gpt-", "openai"},
    BareName{"chatgpt-", "openai"},
    BareName{"o1", "openai"},
    BareName{"o3", "openai"},
    BareName{"o4-", "openai"},
    BareName{"ft:gpt-", "openai"},
    BareName{"claude-", "anthropic"},
    BareName{"dall-e-", "openai"},
    BareName{"whisper-", "openai"},
    BareName{"tts-", "openai"},
    BareName{"sora-", "openai"},
    BareName{"text-embedding-3-", "openai"},
    BareName{"omni-moderation-", "openai"},
    BareName{"text-moderation-", "openai"},
    BareName{"gemini-", "vertex_ai"},
};

/// `provider` and what is known of it.
ProviderModel judged(std::string_view provider, std::string_view model, const PluginSet& plugins) {
    using Found = ProviderModel::Found;
    ProviderModel result{Found::served, plugins.provider(provider), std::string(provider),
                         std::string(model)};
    if (result.row == nullptr) {
        result.found = is_known_provider(provider) ? Found::not_done : Found::not_known;
    }
    return result;
}

std::string_view provider_by_beginning(std::string_view model) {
    for (const BareName& name : kBareNames) {
        if (model.starts_with(name.prefix)) return name.provider;
    }
    return {};
}

/// The prefix of the row whose own address has the host of `api_base`; empty = none has.
std::string_view provider_at(std::string_view api_base, const PluginSet& plugins) {
    const auto url = http::parse_url(api_base);
    if (!url) return {};
    for (const auto& [prefix, row] : plugins.providers()) {
        const auto own = http::parse_url(row.base_url);
        if (own && own->tls && own->host == url->host) return prefix;
    }
    return {};
}

}  // namespace

std::span<const BareName> bare_names() {
    return kBareNames;
}

std::string_view provider_of_bare(std::string_view model) {
    if (model.find('/') != std::string_view::npos) return {};
    const auto known = find_model(model);
    return known ? known->provider : provider_by_beginning(model);
}

ProviderModel provider_of(std::string_view model, std::string_view explicit_provider,
                          std::string_view api_base, const PluginSet& plugins) {
    if (!explicit_provider.empty()) {
        std::string_view rest = model;
        if (rest.size() > explicit_provider.size() && rest.starts_with(explicit_provider) &&
            rest[explicit_provider.size()] == '/') {
            rest.remove_prefix(explicit_provider.size() + 1);
        }
        return judged(explicit_provider, rest, plugins);
    }
    const std::size_t slash = model.find('/');
    const bool prefixed = slash != std::string_view::npos;
    ProviderModel by_prefix;
    if (prefixed) {
        by_prefix = judged(model.substr(0, slash), model.substr(slash + 1), plugins);
        if (by_prefix.found != ProviderModel::Found::not_known) return by_prefix;
    }
    if (const auto known = find_model(model)) return judged(known->provider, model, plugins);
    if (prefixed && !is_model_maker(model.substr(0, slash))) return by_prefix;
    if (const auto provider = provider_by_beginning(model); !provider.empty()) {
        return judged(provider, model, plugins);
    }
    if (const auto provider = provider_at(api_base, plugins); !provider.empty()) {
        return judged(provider, model, plugins);
    }
    ProviderModel none;
    none.model = model;
    return none;
}

std::string exception_provider(std::string_view prefix) {
    if (prefix == "openai") return "OpenAIException";
    std::string name(prefix);
    if (!name.empty())
        name[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(name[0])));
    return name + "Exception";
}

}  // namespace patchbay
