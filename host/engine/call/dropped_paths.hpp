// Values inside of a request's members that are not sent: paths among `additional_drop_params`.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/surface/body_edit.hpp"
#include "patchbay/provider.h"

namespace patchbay {

/// Appends to `overrides` those of `members`, or of `defaults` where a member is not given, in which a path
/// names something, without it. A path is LiteLLM's: "metadata.user", "tools[*].input_examples",
/// "tools[0].function.strict"; names without a dot and a bracket are none. A value of a tool is left out of
/// the tool and of its function alike, as a path does not know in whose words tools are sent. What is not
/// there, or no path, changes nothing; elements of lists stay. Members of which `unsent` is true are not
/// sent as they are, and so not changed. Any bytes are safe; any thread.
void drop_paths(const std::vector<std::string>& paths, std::span<const bay_member> members,
                std::span<const BodyMember> defaults,
                const std::function<bool(std::string_view name)>& unsent,
                std::vector<BodyMember>& overrides);

}  // namespace patchbay
