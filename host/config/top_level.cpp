#include <array>

#include "config/known_keys.hpp"

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
    "sandbox_tools",
});

constexpr auto kDone =
    std::to_array<std::string_view>({"environment_variables", "model_list", "litellm_settings",
                                     "router_settings", "general_settings", "credential_list",
                                     "guardrails", "callback_settings", "plugins", "include"});

}  // namespace

SectionKeys top_level_keys() {
    return {{}, kDone, kNotDone};
}

}  // namespace patchbay
