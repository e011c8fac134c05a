// The built-in patterns, by LiteLLM's names.
#pragma once

#include <span>
#include <string_view>

namespace patchbay::content_filter {

struct Prebuilt {
    std::string_view name;
    std::string_view regex;  ///< RE2
    bool luhn = false;       ///< the digits of a match must pass ISO/IEC 7812's check
};

std::span<const Prebuilt> prebuilt();
/// nullptr if there is none of this name.
const Prebuilt* find_prebuilt(std::string_view name);

/// True if the digits in `text` pass the Luhn check.
bool passes_luhn(std::string_view text);

}  // namespace patchbay::content_filter
