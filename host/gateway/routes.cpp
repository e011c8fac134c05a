#include "gateway/routes.hpp"

#include <array>
#include <optional>

#include <simdjson.h>

#include "contract/http/percent.hpp"
#include "contract/http/query.hpp"
#include "engine/surface/openai/response_actions.hpp"

namespace patchbay::gateway {

namespace {

using boost::beast::http::verb;

struct Entry {
    std::string_view path;
    Route route;
    bool post;
    bool needs_key;
    bool versioned = false;  ///< also under /v1
};

/// A call to a model.
struct CallEntry {
    std::string_view path;
    const Surface* surface;
    bool post = true;
    bool versioned = true;
    /// Azure's form is there, too, and that of the old engines: the model stands in the path.
    bool deployments = false;
};

constexpr std::array kCallEntries{
    CallEntry{.path = "/chat/completions", .surface = &kChatSurface, .deployments = true},
    // LiteLLM's: the same, of requests that say a `priority`.
    CallEntry{.path = "/queue/chat/completions", .surface = &kChatSurface},
    CallEntry{.path = "/embeddings", .surface = &kEmbeddingsSurface, .deployments = true},
    CallEntry{.path = "/audio/speech", .surface = &kSpeechSurface},
    CallEntry{.path = "/completions", .surface = &kCompletionsSurface, .deployments = true},
    CallEntry{.path = "/moderations", .surface = &kModerationsSurface},
    CallEntry{.path = "/images/generations", .surface = &kImagesSurface, .deployments = true},
    CallEntry{.path = "/rerank", .surface = &kRerankSurface},
    CallEntry{.path = "/v2/rerank", .surface = &kRerankSurface, .versioned = false},
    CallEntry{
        .path = "/v1/messages/count_tokens", .surface = &kCountTokensSurface, .versioned = false},
    CallEntry{.path = "/anthropic/v1/messages/count_tokens",
              .surface = &kCountTokensSurface,
              .versioned = false},
    CallEntry{.path = "/v1/messages", .surface = &kMessagesSurface, .versioned = false},
    CallEntry{.path = "/anthropic/v1/messages", .surface = &kMessagesSurface, .versioned = false},
    CallEntry{.path = "/responses", .surface = &kResponsesSurface},
    CallEntry{.path = "/openai/v1/responses", .surface = &kResponsesSurface, .versioned = false},
    CallEntry{.path = "/responses/compact", .surface = &kCompactResponseSurface},
    CallEntry{.path = "/openai/v1/responses/compact",
              .surface = &kCompactResponseSurface,
              .versioned = false},
    CallEntry{.path = "/responses/input_tokens", .surface = &kCountResponseSurface},
    CallEntry{.path = "/openai/v1/responses/input_tokens",
              .surface = &kCountResponseSurface,
              .versioned = false},
    CallEntry{.path = "/realtime", .surface = &kRealtimeSurface, .post = false},
    CallEntry{.path = "/openai/v1/realtime",
              .surface = &kRealtimeSurface,
              .post = false,
              .versioned = false},
};

constexpr std::array kEntries{
    Entry{"/models", Route::models, false, true, true},
    Entry{"/guardrails/list", Route::guardrails_list, false, true, true},
    Entry{"/v2/guardrails/list", Route::guardrails_list, false, true, true},
    Entry{"/guardrails/apply_guardrail", Route::apply_guardrail, true, true, true},
    Entry{"/apply_guardrail", Route::apply_guardrail, true, true, true},
    Entry{"/cost/estimate", Route::cost_estimate, true, true},
    Entry{"/spend/calculate", Route::spend_calculate, true, true},
    Entry{"/cache/ping", Route::cache_ping, false, true},
    Entry{"/cache/redis/info", Route::cache_redis_info, false, true},
    Entry{"/cache/delete", Route::cache_delete, true, true},
    Entry{"/cache/flushall", Route::cache_flush, true, true},
    Entry{"/model/info", Route::model_info, false, true, true},
    Entry{"/model_group/info", Route::model_group_info, false, true},
    Entry{"/provider/budgets", Route::provider_budgets, false, true},
    Entry{"/health", Route::health, false, true},
    Entry{"/health/backlog", Route::health_backlog, false, true},
    Entry{"/health/shared-status", Route::health_shared, false, true},
    Entry{"/health/liveliness", Route::liveness, false, false},
    Entry{"/health/liveness", Route::liveness, false, false},
    Entry{"/health/readiness", Route::readiness, false, false},
    Entry{"/metrics", Route::metrics, false, false},
    Entry{"/", Route::root, false, false},
    Entry{"/admin/plugins", Route::plugins, false, true},
    Entry{"/admin/plugins/reload", Route::plugin_reload, true, true},
};

/// What was made before, named in the place of the hole.
struct ResourceEntry {
    std::string_view start;
    std::string_view end;
    verb method;  ///< GET is HEAD, too
    const Surface* surface;
};
constexpr std::array kResourceEntries{
    ResourceEntry{"/responses/", "/cancel", verb::post, &kCancelResponseSurface},
    ResourceEntry{"/responses/", "/input_items", verb::get, &kResponseInputSurface},
    ResourceEntry{"/responses/", "", verb::get, &kGetResponseSurface},
    ResourceEntry{"/responses/", "", verb::delete_, &kDeleteResponseSurface},
};

/// Gemini's API: a model, and what it is asked to do.
struct ActionEntry {
    std::string_view action;
    const Surface* surface;
};
constexpr std::array kActionEntries{
    ActionEntry{":generateContent", &kGenerateSurface},
    ActionEntry{":streamGenerateContent", &kStreamGenerateSurface},
    ActionEntry{":countTokens", &kCountGenerateSurface},
};

/// Bedrock Runtime's API: the same with a path behind the model.
constexpr std::array kBedrockEntries{
    ActionEntry{"/converse", &kConverseSurface},
    ActionEntry{"/converse-stream", &kConverseStreamSurface},
    ActionEntry{"/invoke", &kInvokeSurface},
    ActionEntry{"/invoke-with-response-stream", &kInvokeStreamSurface},
};

/// What follows is a model's name, which may hold slashes.
constexpr std::string_view kModelPath = "/models/";
constexpr Entry kModelEntry{"/models/{model_id}", Route::model, false, true, true};

/// What may be done to one plugin: /admin/plugins/{id}/promote. The names are those of metrics.
constexpr std::array kPluginEntries{
    Entry{"/admin/plugins/{id}/promote", Route::plugin_promote, true, true},
    Entry{"/admin/plugins/{id}/rollback", Route::plugin_rollback, true, true},
};

Match checked(const Entry& entry, verb method, std::string model) {
    Match match;
    match.name = entry.path;
    match.model = std::move(model);
    const bool fits =
        entry.post ? method == verb::post : method == verb::get || method == verb::head;
    match.route = fits ? entry.route : Route::method_not_allowed;
    if (!fits) match.allow = entry.post ? "POST" : "GET, HEAD";
    match.needs_key = fits && entry.needs_key;
    return match;
}

Match checked(const CallEntry& entry, verb method, std::string model) {
    const Entry plain{entry.surface->route, Route::call, entry.post, true};
    Match match = checked(plain, method, std::move(model));
    match.surface = entry.surface;
    return match;
}

// The model that stands in a path between its two ends. It may hold slashes ("openai/gpt-4o").
std::optional<std::string> model_in(std::string_view path, std::string_view start,
                                    std::string_view end) {
    if (!path.starts_with(start) || !path.ends_with(end)) return std::nullopt;
    if (path.size() <= start.size() + end.size()) return std::nullopt;
    std::string model =
        http::percent_decoded(path.substr(start.size(), path.size() - start.size() - end.size()));
    if (model.starts_with('/')) return std::nullopt;
    if (!simdjson::validate_utf8(model.data(), model.size())) return std::nullopt;
    return model;
}

// "/responses/{response_id}/cancel", also under /v1 and /openai/v1. The longest end of a path
// counts; where its method does not fit, all that would do.
std::optional<Match> find_resource(verb method, std::string_view path, std::string_view plain) {
    if (path.starts_with("/openai/v1/")) plain = path.substr(10);
    const ResourceEntry* found = nullptr;
    for (const ResourceEntry& entry : kResourceEntries) {
        if (found && entry.surface->route != found->surface->route) break;
        auto id = model_in(plain, entry.start, entry.end);
        if (!id || id->find('/') != std::string::npos) continue;
        found = &entry;
        const bool fits =
            entry.method == method || (entry.method == verb::get && method == verb::head);
        if (!fits) continue;
        Match match;
        match.route = Route::call;
        match.surface = entry.surface;
        match.resource = std::move(*id);
        match.name = entry.surface->route;
        match.needs_key = true;
        return match;
    }
    if (found == nullptr) return std::nullopt;
    Match match;
    match.route = Route::method_not_allowed;
    match.name = found->surface->route;
    match.allow = found->method == verb::post ? "POST"
                  : found->end.empty()        ? "GET, HEAD, DELETE"
                                              : "GET, HEAD";
    return match;
}

// "/models/{model}:generateContent", also under /v1 and /v1beta. A path that is asked for with GET
// names a model, which may have a colon in it.
std::optional<Match> find_action(verb method, std::string_view path, std::string_view plain) {
    if (path.starts_with("/v1beta/")) plain = path.substr(7);
    if (!plain.starts_with(kModelPath) || method == verb::get || method == verb::head) {
        return std::nullopt;
    }
    for (const ActionEntry& entry : kActionEntries) {
        auto model = model_in(plain, kModelPath, entry.action);
        const CallEntry call{.path = {}, .surface = entry.surface};
        if (model) return checked(call, method, std::move(*model));
    }
    return std::nullopt;
}

// "/bedrock/model/{modelId}/converse", and the same without "/bedrock", as AWS's SDKs ask it of a
// bare address.
std::optional<Match> find_bedrock(verb method, std::string_view path) {
    constexpr std::string_view kModel = "/model/";
    constexpr std::string_view kBedrock = "/bedrock";
    if (path.starts_with(kBedrock)) path.remove_prefix(kBedrock.size());
    if (!path.starts_with(kModel)) return std::nullopt;
    for (const ActionEntry& entry : kBedrockEntries) {
        auto model = model_in(path, kModel, entry.action);
        const CallEntry call{.path = {}, .surface = entry.surface};
        if (model) return checked(call, method, std::move(*model));
    }
    return std::nullopt;
}

Match find_route(verb method, std::string_view path) {
    if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
    std::string_view plain = path;
    if (plain.starts_with("/v1/")) plain.remove_prefix(3);
    const bool reads = method == verb::get || method == verb::head;
    if (reads && plain.starts_with("/v1beta/models")) plain.remove_prefix(7);
    for (const CallEntry& entry : kCallEntries) {
        if ((entry.versioned ? plain : path) == entry.path) return checked(entry, method, {});
    }
    for (const Entry& entry : kEntries) {
        if ((entry.versioned ? plain : path) == entry.path) return checked(entry, method, {});
    }
    for (const Entry& entry : kPluginEntries) {
        const std::size_t hole = entry.path.find("{id}");
        const std::string_view start = entry.path.substr(0, hole);
        const std::string_view end = entry.path.substr(hole + 4);
        if (!path.starts_with(start) || !path.ends_with(end)) continue;
        if (path.size() <= start.size() + end.size()) continue;
        Match match = checked(entry, method, {});
        match.plugin = http::percent_decoded(
            path.substr(start.size(), path.size() - start.size() - end.size()));
        return match;
    }
    if (auto resource = find_resource(method, path, plain)) return std::move(*resource);
    if (auto action = find_action(method, path, plain)) return std::move(*action);
    if (auto bedrock = find_bedrock(method, path)) return std::move(*bedrock);
    // An action of Gemini's that is not served.
    const bool action = method == verb::post && plain.find(':') != std::string_view::npos;
    if (plain.starts_with(kModelPath) && !action) {
        std::string model = http::percent_decoded(plain.substr(kModelPath.size()));
        if (!simdjson::validate_utf8(model.data(), model.size())) return {};
        return checked(kModelEntry, method, std::move(model));
    }
    for (const CallEntry& entry : kCallEntries) {
        if (!entry.deployments) continue;
        auto model = model_in(path, "/openai/deployments/", entry.path);
        if (!model) model = model_in(plain, "/engines/", entry.path);
        if (model) return checked(entry, method, std::move(*model));
    }
    return {};
}

}  // namespace

Match match_route(verb method, std::string_view path, std::string_view query) {
    Match match = find_route(method, path);
    const Surface* with_sse = match.surface != nullptr ? match.surface->with_sse : nullptr;
    if (with_sse != nullptr && http::query_value(query, "alt") == "sse") match.surface = with_sse;
    if (method == verb::options) match.route = Route::preflight;
    return match;
}

}  // namespace patchbay::gateway
