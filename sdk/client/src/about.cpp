#include "about.hpp"

#include <boost/json.hpp>

#include "engine/call/call_cache.hpp"
#include "engine/world/provider_name.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::client {

namespace json = boost::json;

namespace {

void add_if(json::object& object, std::string_view name, std::string_view value) {
    if (!value.empty()) object[name] = value;
}

// "name: value\r\n" for each.
json::object headers_of(std::string_view lines) {
    json::object headers;
    while (!lines.empty()) {
        const std::size_t end = std::min(lines.find("\r\n"), lines.size());
        const std::string_view line = lines.substr(0, end);
        lines.remove_prefix(std::min(end + 2, lines.size()));
        const std::size_t colon = line.find(": ");
        if (colon != std::string_view::npos)
            headers[line.substr(0, colon)] = line.substr(colon + 2);
    }
    return headers;
}

json::object usage_of(const Usage& usage) {
    return {{"prompt_tokens", usage.prompt},
            {"completion_tokens", usage.completion},
            {"total_tokens", usage.total},
            {"cached_tokens", usage.cached},
            {"cache_creation_tokens", usage.cache_creation},
            {"reasoning_tokens", usage.reasoning}};
}

json::object failure(const Error& error) {
    json::object object{{"message", error.message},
                        {"status", error.status()},
                        {"exception", error.exception_name()}};
    add_if(object, "type", error.type);
    add_if(object, "param", error.param);
    add_if(object, "code", error.code);
    if (error.retry_after) {
        object["retry_after"] = std::chrono::duration<double>(*error.retry_after).count();
    }
    if (error.upstream_status != 0) object["upstream_status"] = error.upstream_status;
    add_if(object, "upstream_body", error.upstream_body);
    return object;
}

std::string_view provider_of(const Deployment& deployment) {
    const auto* meant = deployment.info_given.if_contains(kMockedProvider);
    return meant && meant->is_string() ? std::string_view(meant->get_string())
                                       : std::string_view(deployment.provider);
}

// Known once the call has come to its end.
void add_bill(json::object& about, const Call& call) {
    if (!call.settled) return;
    const bool known = (call.bill.flags & (meter::Cost::kUnpriced | meter::Cost::kAbsurd)) == 0;
    if (known) about["cost"] = meter::as_double(call.bill.charge);
    if (!call.cache) return;
    about["cache_hit"] = call.cache->use() == CacheUse::hit;
    about["cache_key"] = call.cache->name();
}

// `text` with the first `before` in it replaced.
std::string renamed(std::string text, std::string_view before, std::string_view after) {
    if (const std::size_t at = text.find(before); at != text.npos)
        text.replace(at, before.size(), after);
    return text;
}

std::string text_of(json::object object) {
    json::value value(std::move(object));
    json_tree::make_utf8(value);
    return json_tree::write(value);
}

}  // namespace

std::string about_call(const Call& call) {
    json::object about{{"call_id", call.id}};
    add_if(about, "model_group", call.group);
    if (call.deployment) {
        about["model_id"] = call.deployment->id;
        about["provider"] = provider_of(*call.deployment);
        about["model"] = call.upstream();
        add_if(about, "api_base", call.deployment->api_base_shown);
        about["attempts"] = call.attempts;
        about["retries"] = call.retries;
        about["fallbacks"] = call.fallbacks;
        const Usage& usage = call.usage.last().usage;
        if (usage.total != 0) about["usage"] = usage_of(usage);
        add_bill(about, call);
    }
    add_if(about, "dropped", call.lost());
    const auto so_far = Call::Clock::now() - call.started;
    about["duration_ms"] = std::chrono::duration<double, std::milli>(so_far).count();
    const std::string_view lines = call.upstream_headers.lines();
    if (!lines.empty()) about["headers"] = headers_of(lines);
    return text_of(std::move(about));
}

std::string failure_json(const Call& call, const Error& error) {
    json::object object = failure(error);
    if (call.deployment) {
        const std::string_view provider = provider_of(*call.deployment);
        object["provider"] = provider;
        if (provider != call.deployment->provider) {  // a mock's failure is the one that is played
            object["message"] =
                renamed(error.message, exception_provider(call.deployment->provider),
                        exception_provider(provider));
        }
        object["model"] = call.deployment->model;
    } else {
        add_if(object, "model", call.ask.model);
    }
    return text_of(std::move(object));
}

std::string failure_json(const Error& error) {
    return text_of(failure(error));
}

}  // namespace patchbay::client
