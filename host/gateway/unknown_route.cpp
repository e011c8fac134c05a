#include "gateway/unknown_route.hpp"

#include <algorithm>
#include <array>
#include <string>

#include "contract/json/utf8_text.hpp"
#include "gateway/routes.hpp"

namespace patchbay::gateway {

namespace {

struct Family {
    std::string_view first;  ///< the path's first part, behind a version
    std::string_view what;
};

constexpr std::string_view kPassThrough = "a provider's own API, passed through";
constexpr std::string_view kSettings = "settings";
constexpr std::string_view kLogin = "logging in";
constexpr std::string_view kMcp = "MCP servers";

// The routes of LiteLLM's proxy (its OpenAPI document at 1.108, and the routes hidden from it), by
// what they begin with.
constexpr auto kFamilies = std::to_array<Family>({
    // APIs of models.
    {"responses", "the Responses API"},
    {"messages", "Anthropic's Messages API"},
    {"audio", "speech and transcription"},
    {"images", "images"},
    {"videos", "videos"},
    {"batches", "batches"},
    {"files", "files"},
    {"fine_tuning", "fine-tuning"},
    {"assistants", "assistants"},
    {"threads", "assistants' threads"},
    {"vector_stores", "vector stores"},
    {"vector_store", "vector stores"},
    {"indexes", "vector stores"},
    {"containers", "containers"},
    {"evals", "evals"},
    {"skills", "skills"},
    {"ocr", "OCR"},
    {"search", "search"},
    {"search_tools", "search"},
    {"rag", "retrieval"},
    {"realtime", "realtime sessions over WebRTC"},
    {"live", "live sessions"},
    {"interactions", "Google's Interactions API"},
    {"models", "embeddings and more of Gemini's API"},
    {"engines", "the routes of Azure's first API"},
    {"a2a", "agents"},
    {"agents", "agents"},
    {"mcp", kMcp},
    {"mcp-rest", kMcp},
    {"toolset", kMcp},
    {"sse", kMcp},
    {"claude-code", "plugins for Claude Code"},
    {"memory", "memory"},
    // Providers' own APIs.
    {"anthropic", kPassThrough},
    {"assemblyai", kPassThrough},
    {"eu.assemblyai", kPassThrough},
    {"azure", kPassThrough},
    {"azure_ai", kPassThrough},
    {"azure_speech", kPassThrough},
    {"bedrock", kPassThrough},
    {"cohere", kPassThrough},
    {"cursor", kPassThrough},
    {"fal_ai", kPassThrough},
    {"gemini", kPassThrough},
    {"gigachat", kPassThrough},
    {"langfuse", kPassThrough},
    {"milvus", kPassThrough},
    {"mistral", kPassThrough},
    {"nvidia_nim", kPassThrough},
    {"openai", kPassThrough},
    {"openai_passthrough", kPassThrough},
    {"openrouter", kPassThrough},
    {"tinyfish", kPassThrough},
    {"vertex-ai", kPassThrough},
    {"vertex_ai", kPassThrough},
    {"vllm", kPassThrough},
    {"watsonx", kPassThrough},
    // Managing the gateway.
    {"key", "managing keys"},
    {"jwt", "managing keys"},
    {"user", "managing users"},
    {"team", "managing teams"},
    {"organization", "managing organizations"},
    {"project", "managing projects"},
    {"customer", "managing end users"},
    {"end_user", "managing end users"},
    {"budget", "budgets"},
    {"provider", "budgets"},
    {"tag", "tags"},
    {"access_group", "access groups"},
    {"unified_access_group", "access groups"},
    {"credentials", "credentials"},
    {"model", "managing models"},
    {"model_group", "managing models"},
    {"model_hub", "managing models"},
    {"spend", "spend"},
    {"global", "spend"},
    {"cost", "cost"},
    {"audit", "the audit log"},
    {"cache", "the cache"},
    {"guardrails", "managing guardrails"},
    {"policies", "policies"},
    {"policy", "policies"},
    {"prompts", "prompts"},
    {"fallback", "fallbacks"},
    {"router", "the router's settings"},
    {"config", kSettings},
    {"config_overrides", kSettings},
    {"callbacks", kSettings},
    {"active", kSettings},
    {"settings", kSettings},
    {"get", kSettings},
    {"update", kSettings},
    {"email", kSettings},
    {"alerting", kSettings},
    {"reload", "the table of prices"},
    {"schedule", "the table of prices"},
    {"cloudzero", "exports of spend"},
    {"vantage", "exports of spend"},
    {"invitation", "invitations"},
    {"onboarding", kLogin},
    {"login", kLogin},
    {"sso", kLogin},
    {"scim", "SCIM"},
    {"health", "health checks of models"},
    {"utils", "tools for developers"},
    {"debug", "debugging"},
    {"routes", "the list of its routes"},
    {"test", "a test of the connection"},
    {"public", "the public model hub"},
    {"ui", "the web interface"},
    {"openapi.json", "the description of its routes"},
    {"docs", "the description of its routes"},
    {"redoc", "the description of its routes"},
});

std::string_view without_version(std::string_view path) {
    for (const std::string_view version : {"/v1/", "/v2/", "/v1beta/"}) {
        if (path.starts_with(version)) return path.substr(version.size() - 1);
    }
    return path;
}

// What the path would be without what base addresses that were joined carelessly leave in it.
std::string tidied(std::string_view path) {
    std::string tidy;
    for (const char c : path) {
        if (c != '/' || !tidy.ends_with('/')) tidy += c;
    }
    while (tidy.starts_with("/v1/v1/")) tidy.erase(0, 3);
    return tidy;
}

}  // namespace

std::string_view litellm_serves(std::string_view path) {
    path = without_version(path);
    if (!path.starts_with('/')) return {};
    path.remove_prefix(1);
    const std::string_view first = path.substr(0, path.find('/'));
    const auto* const found = std::find_if(kFamilies.begin(), kFamilies.end(),
                                           [&](const Family& f) { return f.first == first; });
    return found == kFamilies.end() ? std::string_view() : found->what;
}

Error no_such_route(std::string_view method, std::string_view path) {
    constexpr std::size_t kMaxShown = 256;
    using boost::beast::http::verb;
    Error error;
    error.cls = ErrorClass::not_found;
    error.http_status = 404;
    error.type = "not_found_error";
    error.message = "Not Found: there is no route " + as_utf8(method, 32) + " " +
                    as_utf8(path, kMaxShown) + ".";
    const std::string tidy = tidied(path.substr(0, kMaxShown));
    if (tidy != path && match_route(verb::get, tidy).route != Route::not_found) {
        error.message += " Is " + as_utf8(tidy, kMaxShown) + " meant? Check the base URL.";
    } else if (const std::string_view what = litellm_serves(path); !what.empty()) {
        error.message +=
            " LiteLLM has routes for this (" + std::string(what) + "), Patchbay does not yet.";
    }
    return error;
}

}  // namespace patchbay::gateway
