// How hard a model thinks, in the two ways that APIs say it.
#pragma once

#include <cstdint>
#include <string_view>

namespace patchbay::surface {

/// OpenAI's effort for a budget of tokens: the lowest one whose budget (LiteLLM's) holds it, up to
/// "high", which every model that thinks has.
std::string_view effort_of_budget(std::uint64_t tokens);

}  // namespace patchbay::surface
