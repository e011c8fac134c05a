// SPDX-License-Identifier: Apache-2.0
// Names of tools that Anthropic does not take, and the way back.
//
// Anthropic takes ^[a-zA-Z0-9_-]{1,128}$, Bedrock 64 of them; names of OpenAI's tools come from anywhere (MCP servers
// use slashes and dots). A name that is valid goes as it is. In others every character that is not
// taken becomes "_"; a name that is then another's gets a suffix made of its own text. So the same
// request always gives the same names, and no two tools share one. Nothing is kept beyond the call.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "json.hpp"

namespace patchbay::anthropic {

/// Anthropic, "Tool use": names of tools.
inline constexpr std::size_t kLongestToolName = 128;

/// The names of one call. Moves with the call; small: only renamed tools are in it.
class ToolNames {
  public:
    /// Renames in `body`, a Messages API request: the client's tools, tool_choice, the calls in
    /// messages and the references to tools in their results. Anthropic's own tools keep their
    /// names. `reserved` (may be empty) is a name that the client's tools must not have, and no name
    /// may be longer than `longest`, at least 16.
    static ToolNames rename(json::object& body, std::string_view reserved,
                            std::size_t longest = kLongestToolName);

    /// The client's name for the upstream's. A view into this, or `upstream` itself.
    std::string_view original(std::string_view upstream) const;

    /// Gives the tool_reference blocks anywhere in `block` their original names.
    void restore_references(json::value& block) const;

  private:
    std::vector<std::pair<std::string, std::string>> renamed_;  ///< upstream's, client's
};

}  // namespace patchbay::anthropic
