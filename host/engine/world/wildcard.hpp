// Model names with '*': LiteLLM's pattern router.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay {

/// What each '*' of `pattern` stands for in `text`, or nullopt if it does not match. Every '*' but
/// the last takes as much as it can; the pattern must cover the whole text. Time grows with the
/// text, not with the ways to divide it: clients write texts, and users who make keys write patterns.
std::optional<std::vector<std::string_view>> match_wildcard(std::string_view pattern,
                                                            std::string_view text);

/// The same of a name without its provider, as if that stood before it: "gpt-4o" of "openai" matches "openai/*". The
/// pattern must begin with the provider as it is; an empty provider matches nothing.
std::optional<std::vector<std::string_view>> match_wildcard_of(std::string_view provider,
                                                               std::string_view pattern,
                                                               std::string_view name);

/// Puts the captures in place of the '*' of `model`, in order. If there are more captures than '*',
/// the answer is `requested` as it is (LiteLLM does so).
std::string fill_wildcard(std::string_view model, const std::vector<std::string_view>& captures,
                          std::string_view requested);

/// More specific patterns sort first: the longer one, then the one with fewer '*'.
bool more_specific(std::string_view a, std::string_view b);

}  // namespace patchbay
