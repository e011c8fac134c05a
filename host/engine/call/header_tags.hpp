// Tags that the operator makes of headers: `litellm_settings.extra_spend_tag_headers`.
#pragma once

#include <string>
#include <vector>

#include "engine/surface/caller.hpp"

namespace patchbay {

/// "name: value" for each of these headers that the client sends, in the order of the names, which are as the operator writes
/// them. Valid UTF-8.
std::vector<std::string> header_tags(const Caller& caller, const std::vector<std::string>& names);

}  // namespace patchbay
