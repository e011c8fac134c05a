#include "engine/models/cache_rules.hpp"

#include <array>

namespace patchbay {

namespace {

// From the providers' own pages on prompt caching, in autumn 2026. Minima and times change now and
// then; a row that is out of date costs cache hits, never an answer.
constexpr auto kRules = std::to_array<CacheRule>({
    // provider         model         tokens seconds marked
    {"anthropic", "*haiku", 4096, 300, true},
    {"anthropic", "*opus-4-5", 4096, 300, true},
    {"anthropic", "", 1024, 300, true},
    {"bedrock", "*claude", 1024, 300, true},
    {"bedrock", "*nova", 1000, 300, true},
    {"vertex_ai", "claude", 1024, 300, true},
    {"vertex_ai", "", 2048, 300, false},
    {"gemini", "", 2048, 300, false},
    {"azure_ai", "claude", 1024, 300, true},
    {"openai", "", 1024, 600, false},
    {"azure", "", 1024, 600, false},
    {"azure_ai", "", 1024, 600, false},
    {"groq", "", 128, 7200, false},
    {"deepseek", "", 64, 3600, false},
    {"xai", "", 128, 600, false},
    {"mistral", "", 128, 600, false},
    {"", "", 0, 600, false},
});

bool fits(std::string_view pattern, std::string_view model) {
    if (!pattern.starts_with('*')) return model.starts_with(pattern);
    return model.find(pattern.substr(1)) != std::string_view::npos;
}

}  // namespace

const CacheRule& cache_rule(std::string_view provider, std::string_view model) {
    for (const CacheRule& rule : kRules) {
        if (rule.provider.empty()) return rule;
        if (rule.provider == provider && fits(rule.model, model)) return rule;
    }
    return kRules.back();
}

}  // namespace patchbay
