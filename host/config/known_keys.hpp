// Which section a known key belongs into: for keys that stand in the wrong one.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "config/section.hpp"

namespace patchbay {

/// The keys of one section. The tables live as long as the program.
struct SectionKeys {
    std::string_view section;  ///< empty = the top level of the file
    std::span<const std::string_view> done;
    std::span<const std::string_view> not_done;
};

SectionKeys general_settings_keys();
SectionKeys litellm_settings_keys();
SectionKeys router_settings_keys();
SectionKeys top_level_keys();
SectionKeys litellm_params_keys();
SectionKeys guardrail_params_keys();

/// "`litellm_settings`", or several with "or" between them: where a key that does not belong into
/// `section` has its place. Sections that do something with it go before those that do not yet.
/// Empty if no section knows it, and for sections that are not LiteLLM's.
std::string home_of(std::string_view key, std::string_view section);

}  // namespace patchbay
