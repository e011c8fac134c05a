#include <array>

#include "config/sections.hpp"

namespace patchbay {
namespace {

constexpr auto kNotDone = std::to_array<std::string_view>({
    "policies",
    "policy_attachments",
    "mcp_servers",
    "mcp_tools",
    "vector_store_registry",
    "search_tools",
    "prompts",
    "assistant_settings",
    "files_settings",
    "finetune_settings",
    "default_vertex_config",
    "agent_list",
});

}  // namespace

std::span<const std::string_view> top_level_not_done() {
    return kNotDone;
}

}  // namespace patchbay
