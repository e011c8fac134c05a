#include "config/callback_names.hpp"

#include <algorithm>
#include <array>
#include <cctype>

namespace patchbay {
namespace {

constexpr std::string_view kService =
    "texts would pass that it was to stop; a guardrail `generic_guardrail_api` can ask a service";
constexpr std::string_view kInjection =
    "prompt injections would pass; a guardrail `lakera_v2` or `generic_guardrail_api` looks for "
    "them";
constexpr std::string_view kUnsafe =
    "unsafe texts would pass; a guardrail `openai_moderation` or `generic_guardrail_api` looks for "
    "them";

constexpr auto kGuards = std::to_array<GuardCallback>({
    // Callbacks of LiteLLM's that run here as guardrails.
    {"presidio", "presidio", {}},
    {"hide_secrets", "hide-secrets", {}},
    {"openai_moderations", "openai_moderation", {}},
    {"lakera_prompt_injection", "lakera_v2", {}},
    // Those that are not there.
    {"detect_prompt_injection", {}, kInjection},
    {"llamaguard_moderations", {}, kUnsafe},
    {"llmguard_moderations", {}, kUnsafe},
    {"google_text_moderation", {}, kUnsafe},
    {"azure_content_safety", {}, kUnsafe},
    {"aporia_prompt_injection", {}, kInjection},
    {"banned_keywords",
     {},
     "banned words would pass; a guardrail `litellm_content_filter` with `blocked_words` blocks "
     "them"},
    {"blocked_user_check",
     {},
     "blocked users would be served; refuse them before the gateway, or write a guardrail of your "
     "own (docs/writing-a-plugin.md)"},
    // Integrations that stand among the guardrails, named as callbacks.
    {"hide-secrets", {}, "secrets would pass; write it as one of the `guardrails`"},
    {"litellm_content_filter", {}, "texts would pass; write it as one of the `guardrails`"},
    {"generic_guardrail_api", {}, "texts would pass; write it as one of the `guardrails`"},
    {"openai_moderation", {}, kUnsafe},
    {"lakera", {}, kInjection},
    {"lakera_v2", {}, kInjection},
    {"aporia", {}, kService},
    {"bedrock", {}, kService},
    {"guardrails_ai", {}, kService},
    {"hiddenlayer", {}, kService},
    {"aim", {}, kService},
    {"pangea", {}, kService},
    {"lasso", {}, kService},
    {"pillar", {}, kService},
    {"grayswan", {}, kService},
    {"panw_prisma_airs", {}, kService},
    {"azure/prompt_shield", {}, kInjection},
    {"azure/text_moderations", {}, kUnsafe},
    {"model_armor", {}, kService},
    {"noma", {}, kService},
    {"tool_permission", {}, "tools would be called that it was to refuse"},
    {"zscaler_ai_guard", {}, kService},
    {"javelin", {}, kService},
    {"enkryptai", {}, kService},
    {"ibm_guardrails", {}, kService},
    {"onyx", {}, kService},
    {"prompt_security", {}, kService},
    {"dynamoai", {}, kService},
});

struct Hook {
    std::string_view name;
    std::string_view lost;
};
constexpr auto kHooks = std::to_array<Hook>({
    {"parallel_request_limiter", "load is not limited by it"},
    {"max_budget_limiter", "spend is not capped"},
    {"cache_control_check", "there is no cache to control"},
    {"batch_redis_requests", "there is no cache to write"},
    {"managed_files", "there is no route it is for"},
    {"anthropic_cache_control_hook", "prompts are sent without its marks"},
    {"vector_store_pre_call_hook", "requests get nothing from vector stores"},
    {"websearch_interception", "searches are left to the provider"},
    {"code_interpreter_interception", "code is left to the provider"},
    {"dotprompt", "prompts are not taken from it"},
    {"gitlab", "prompts are not taken from it"},
    {"bitbucket", "prompts are not taken from it"},
});

}  // namespace

const GuardCallback* guard_callback(std::string_view name) {
    const auto found = std::find_if(kGuards.begin(), kGuards.end(),
                                    [&](const GuardCallback& one) { return one.name == name; });
    return found == kGuards.end() ? nullptr : &*found;
}

std::string_view control_hook(std::string_view name) {
    const auto found = std::find_if(kHooks.begin(), kHooks.end(),
                                    [&](const Hook& one) { return one.name == name; });
    return found == kHooks.end() ? std::string_view() : found->lost;
}

bool is_python(std::string_view name) {
    const auto in_path = [](unsigned char c) { return std::isalnum(c) || c == '_' || c == '.'; };
    const std::size_t dot = name.find('.');
    return dot != std::string_view::npos && dot > 0 && name.back() != '.' &&
           std::all_of(name.begin(), name.end(), in_path);
}

bool names_guard_callback(const Entry& entry) {
    const std::string_view key = entry.name();
    if (key != "callbacks" && key != "success_callback" && key != "failure_callback") return false;
    const auto is_guard = [](const yaml::Node* node) {
        return node->kind == yaml::Node::Kind::scalar && guard_callback(node->text) != nullptr;
    };
    const auto& items = entry.value->items;
    return is_guard(entry.value) || std::any_of(items.begin(), items.end(), is_guard);
}

}  // namespace patchbay
