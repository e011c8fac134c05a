// Reads `fallbacks` and its kin, which litellm_settings and router_settings both may have.
#pragma once

#include "config/routing.hpp"
#include "config/section.hpp"

namespace patchbay {

/// A list of mappings with one key each, `[{"gpt-4o": ["claude", "mistral"]}]`. An entry of another
/// form is an error, as in LiteLLM; a target that is given as a mapping of parameters is left out
/// with a warning.
void read_fallbacks(Reader& reader, const Entry& entry, FallbackMap& fallbacks);
/// `default_fallbacks`: a list of names, or one.
void read_default_fallbacks(Reader& reader, const Entry& entry, FallbackMap& fallbacks);

/// Rows for a section's table, whose Target holds the FallbackSettings in `Member`.
template <class Target, FallbackSettings& (*Of)(Target&)>
inline constexpr std::array kFallbackFields = {
    Field<Target>{"fallbacks",
                  [](Reader& reader, const Entry& entry, Target& target) {
                      read_fallbacks(reader, entry, Of(target).general);
                  }},
    Field<Target>{"context_window_fallbacks",
                  [](Reader& reader, const Entry& entry, Target& target) {
                      read_fallbacks(reader, entry, Of(target).context_window);
                  }},
    Field<Target>{"content_policy_fallbacks",
                  [](Reader& reader, const Entry& entry, Target& target) {
                      read_fallbacks(reader, entry, Of(target).content_policy);
                  }},
    Field<Target>{"default_fallbacks",
                  [](Reader& reader, const Entry& entry, Target& target) {
                      read_default_fallbacks(reader, entry, Of(target).general);
                  }},
    Field<Target>{"max_fallbacks", [](Reader& reader, const Entry& entry,
                                      Target& target) { reader.read(entry, Of(target).max); }},
    Field<Target>{"allowed_fails",
                  [](Reader& reader, const Entry& entry, Target& target) {
                      reader.read(entry, Of(target).allowed_fails);
                  }},
};

/// Two tables as one.
template <class Target, std::size_t A, std::size_t B>
constexpr std::array<Field<Target>, A + B> joined(const std::array<Field<Target>, A>& a,
                                                  const std::array<Field<Target>, B>& b) {
    std::array<Field<Target>, A + B> all{};
    for (std::size_t i = 0; i < A; ++i) all[i] = a[i];
    for (std::size_t i = 0; i < B; ++i) all[A + i] = b[i];
    return all;
}

}  // namespace patchbay
