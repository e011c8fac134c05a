#include "gateway/routes.hpp"

#include <array>

#include <simdjson.h>

#include "engine/http/percent.hpp"

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

constexpr std::array kEntries{
    Entry{"/chat/completions", Route::chat_completions, true, true, true},
    Entry{"/realtime", Route::realtime, false, true, true},
    Entry{"/openai/v1/realtime", Route::realtime, false, true},
    Entry{"/models", Route::models, false, true, true},
    Entry{"/guardrails/list", Route::guardrails_list, false, true, true},
    Entry{"/v2/guardrails/list", Route::guardrails_list, false, true, true},
    Entry{"/guardrails/apply_guardrail", Route::apply_guardrail, true, true, true},
    Entry{"/apply_guardrail", Route::apply_guardrail, true, true, true},
    Entry{"/health/liveliness", Route::liveness, false, false},
    Entry{"/health/liveness", Route::liveness, false, false},
    Entry{"/health/readiness", Route::readiness, false, false},
    Entry{"/metrics", Route::metrics, false, false},
    Entry{"/", Route::root, false, false},
    Entry{"/admin/plugins", Route::plugins, false, true},
    Entry{"/admin/plugins/reload", Route::plugin_reload, true, true},
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

Match find_route(verb method, std::string_view path) {
    if (path.size() > 1 && path.ends_with('/')) path.remove_suffix(1);
    std::string_view plain = path;
    if (plain.starts_with("/v1/")) plain.remove_prefix(3);
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
    // Gemini's API has its actions there: POST /models/{model}:generateContent.
    const bool action = method == verb::post && plain.find(':') != std::string_view::npos;
    if (plain.starts_with(kModelPath) && !action) {
        std::string model = http::percent_decoded(plain.substr(kModelPath.size()));
        if (!simdjson::validate_utf8(model.data(), model.size())) return {};
        return checked(kModelEntry, method, std::move(model));
    }
    // The model may hold slashes ("openai/gpt-4o"), so it is what lies between the two ends.
    constexpr std::string_view kEnd = "/chat/completions";
    for (const std::string_view start : {"/openai/deployments/", "/engines/"}) {
        const std::string_view p = start == "/engines/" ? plain : path;
        if (p.starts_with(start) && p.ends_with(kEnd) && p.size() > start.size() + kEnd.size()) {
            std::string model = http::percent_decoded(
                p.substr(start.size(), p.size() - start.size() - kEnd.size()));
            if (!simdjson::validate_utf8(model.data(), model.size())) return {};
            return checked(kEntries[0], method, std::move(model));
        }
    }
    return {};
}

}  // namespace

Match match_route(verb method, std::string_view path) {
    Match match = find_route(method, path);
    if (method == verb::options) match.route = Route::preflight;
    return match;
}

}  // namespace patchbay::gateway
