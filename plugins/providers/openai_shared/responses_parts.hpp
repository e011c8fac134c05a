// The content of chat messages as parts of the Responses API.
#pragma once

#include <string>

#include "responses_text.hpp"

namespace patchbay::openai {

/// Whose words the parts are: a user's, system's, developer's or tool's, or the model's own.
enum class Speaker : std::uint8_t { input, output };

/// Appends the parts of `content`, a string or a list, to `parts`. Cache marks are left out, and of
/// the model's own words those that are empty, thoughts (they are in items of their own) and images.
/// Parts in the words of the Responses API go as they are.
Result<void> append_parts(const json::value& content, Speaker speaker, const std::string& place,
                          ListText& parts);

}  // namespace patchbay::openai
