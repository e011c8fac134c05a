#include "gateway/serve.hpp"

#include "contract/unix_time.hpp"
#include "engine/access/response_asker.hpp"
#include "engine/call/run_call.hpp"
#include "engine/call/settle.hpp"
#include "gateway/auth.hpp"
#include "gateway/cache_pages.hpp"
#include "gateway/guardrail_pages.hpp"
#include "gateway/health_page.hpp"
#include "gateway/http_answer.hpp"
#include "gateway/kept_pages.hpp"
#include "gateway/model_info_page.hpp"
#include "gateway/models_page.hpp"
#include "gateway/pages.hpp"
#include "gateway/plugin_admin.hpp"
#include "gateway/plugins_page.hpp"
#include "gateway/provider_budgets_page.hpp"
#include "gateway/socket_answer.hpp"
#include "gateway/spend_pages.hpp"
#include "gateway/unknown_route.hpp"

namespace patchbay::gateway {

namespace asio = boost::asio;

namespace {

asio::awaitable<void> send_page(Served& served, const Page& page) {
    co_await send_answer(served, served.page_head(page.status, page.content_type), page.body);
}

Error overloaded(std::string message) {
    Error error;
    error.cls = ErrorClass::overloaded;
    error.http_status = 503;
    error.type = "overloaded";
    error.message = std::move(message);
    return error;
}

// Why there is no room for one more request.
std::optional<Error> check_place(const Served& served, const RequestPlace& place) {
    const auto& bound = served.snapshot->config.general.global_max_parallel_requests;
    std::optional<Error> error;
    if (!place) {
        error = overloaded("The gateway has too many requests in flight.");
    } else if (bound && served.server.admission.in_flight() > *bound) {
        error.emplace();
        error->cls = ErrorClass::rate_limit;
        error->type = "throttling_error";
        error->message = "Max parallel request limit reached.";
    }
    if (error) error->retry_after = std::chrono::seconds(1);
    return error;
}

// Why a handshake is not taken.
std::optional<Error> check_handshake(const Served& served) {
    constexpr int kUpgradeRequired = 426;
    if (const auto problem = http::handshake_problem(served.request.head); !problem.empty()) {
        Error error = bad_request(problem);
        error.http_status = kUpgradeRequired;
        return error;
    }
    if (!served.request.body().empty()) return bad_request("A WebSocket handshake has no body.");
    if (served.server.admission.draining()) return overloaded("The gateway is shutting down.");
    return std::nullopt;
}

// Refuses in the words of the API that the client speaks.
asio::awaitable<void> refuse_call(Served& served, const Surface& surface, const Error& error) {
    count_request(served.server.engine, served.route, error.status(), error.exception_name(),
                  Served::Clock::now() - served.started);
    co_await send_error(served, error, &surface);
}

// Who asks matters where answers are named again.
ClientResponses kept_for(const Served& served, const Operation& operation) {
    if (operation.earlier.empty() && operation.resource.empty()) return {};
    const Request& request = served.request;
    return {served.server.engine.kept,
            access::response_asker(request.principal.get(), served.snapshot->config.general,
                                   presented_key(request))};
}

// The model that the operator has all requests of an API for; empty: the one that they name.
std::string_view configured_model(const GeneralSettings& general, const Surface& surface) {
    if (&surface == &kChatSurface || &surface == &kCompletionsSurface) {
        return general.completion_model;
    }
    if (&surface == &kEmbeddingsSurface) return general.embedding_model;
    if (&surface == &kImagesSurface) return general.image_generation_model;
    if (&surface == &kModerationsSurface) return general.moderation_model;
    return {};
}

asio::awaitable<void> serve_call(Served& served, const Match& match) {
    const Surface& surface =
        match.surface->of_body ? match.surface->of_body(served.request.body()) : *match.surface;
    const bool session = surface.operation->answer == AnswerAs::socket;
    const RequestPlace place(served.server.admission);
    auto refused = check_place(served, place);
    if (!refused && session) refused = check_handshake(served);
    if (refused) co_return co_await refuse_call(served, surface, *refused);
    const ClientResponses kept = kept_for(served, *surface.operation);
    if (!match.resource.empty()) {
        const auto page = kept_page(kept, surface, match.resource, served.request.query);
        if (page && *page) co_return co_await send_page(served, **page);
        if (page) co_return co_await refuse_call(served, surface, page->error());
    }
    Call& call = served.begin_call(surface);
    const std::string_view configured = configured_model(served.snapshot->config.general, surface);
    const AskParts parts{.body = served.request.body(),
                         .query = served.request.query,
                         .path_model = configured.empty() ? match.model : configured,
                         .caller = served.caller(),
                         .key = presented_key(served.request),
                         .kept = kept,
                         .path_resource = match.resource};
    if (session) {
        SocketAnswer answer(served);
        co_await run_call(call, parts, answer);
    } else {
        HttpAnswer answer(served);
        co_await run_call(call, parts, answer);
    }
}

asio::awaitable<void> serve_guardrail(Served& served) {
    const RequestPlace place(served.server.admission);
    if (const auto refused = check_place(served, place)) {
        co_await refuse(served, *refused);
    } else {
        co_await apply_guardrail(served);
    }
}

// One place for all of its calls.
asio::awaitable<void> serve_health_check(Served& served) {
    const RequestPlace place(served.server.admission);
    if (const auto refused = check_place(served, place)) {
        co_await refuse(served, *refused);
    } else {
        co_await serve_health(served);
    }
}

asio::awaitable<void> serve_result(Served& served, const Result<Page>& page) {
    if (page) {
        co_await send_page(served, *page);
    } else {
        co_await refuse(served, page.error());
    }
}

asio::awaitable<void> serve_models(Served& served, const Match& match) {
    const bool google = served.request.path.starts_with("/v1beta/") ||
                        !served.request.header("x-goog-api-key").empty();
    const bool anthropic = !google && !served.request.header("anthropic-version").empty();
    const ModelsOf words = google      ? ModelsOf::google
                           : anthropic ? ModelsOf::anthropic
                                       : ModelsOf::openai;
    const access::Principal* const principal = served.request.principal.get();
    if (match.route == Route::models) {
        co_return co_await send_page(
            served, models_page(*served.snapshot, served.request.query, words, principal));
    }
    const auto page = model_page(*served.snapshot, match.model, words, principal);
    if (page) co_return co_await send_page(served, *page);
    const Surface* const api = google ? &kGenerateSurface : anthropic ? &kMessagesSurface : nullptr;
    if (api == nullptr) co_return co_await refuse(served, page.error());
    co_await refuse_call(served, *api, page.error());
}

asio::awaitable<void> refuse_method(Served& served, const Match& match) {
    Error error;
    error.cls = ErrorClass::bad_request;
    error.http_status = 405;
    error.type = "invalid_request_error";
    error.message = "Method Not Allowed: " + std::string(match.name) + " takes " +
                    std::string(match.allow) + ".";
    served.allow = match.allow;
    co_await refuse(served, error);
}

asio::awaitable<void> serve_preflight(Served& served, const Match& match) {
    std::string_view body;
    ResponseHead head = served.server.cors.preflight(served.request, match.allow, body);
    co_await send_answer(served, std::move(head), body);
}

}  // namespace

Error no_route(const Request& request) {
    const auto method = request.head.method_string();
    return no_such_route({method.data(), method.size()}, request.path);
}

asio::awaitable<void> refuse_request(Served& served, const Match& match, const Error& error) {
    if (match.surface) co_return co_await refuse_call(served, *match.surface, error);
    co_await refuse(served, error);
}

asio::awaitable<void> serve(Served& served, const Match& match) {
    if (const auto& refused = served.request.refused) {
        if (match.needs_key) served.logged.key = short_key_hash(presented_key(served.request));
        co_return co_await refuse_request(served, match, *refused);
    }
    const ServerContext& server = served.server;
    switch (match.route) {
        case Route::call:
            co_return co_await serve_call(served, match);
        case Route::apply_guardrail:
            co_return co_await serve_guardrail(served);
        case Route::cost_estimate:
            co_return co_await serve_result(served,
                                            estimate_cost(*served.snapshot, served.request.body()));
        case Route::spend_calculate:
            co_return co_await serve_result(
                served, calculate_spend(*served.snapshot, served.request.body()));
        case Route::cache_ping: {
            const auto page = co_await ping_cache(server.engine, *served.snapshot);
            co_return co_await serve_result(served, page);
        }
        case Route::cache_redis_info: {
            const auto page = co_await redis_info(server.engine);
            co_return co_await serve_result(served, page);
        }
        case Route::cache_delete: {
            const auto page = co_await delete_cached(server.engine, served.request.body());
            co_return co_await serve_result(served, page);
        }
        case Route::cache_flush: {
            const auto page = co_await flush_cache(server.engine);
            co_return co_await serve_result(served, page);
        }
        case Route::health:
            co_return co_await serve_health_check(served);
        case Route::health_backlog:
            co_return co_await send_page(served, backlog_page(server));
        case Route::health_shared:
            co_return co_await send_page(served, shared_health_page());
        case Route::model_info:
            co_return co_await serve_result(served,
                                            model_info_page(*served.snapshot, served.request.query,
                                                            served.request.principal.get()));
        case Route::model_group_info:
            co_return co_await send_page(
                served, model_group_info_page(*served.snapshot, served.request.query,
                                              served.request.principal.get()));
        case Route::provider_budgets:
            co_return co_await serve_result(served,
                                            provider_budgets_page(*served.snapshot, unix_us()));
        case Route::guardrails_list:
            co_return co_await send_page(served, guardrails_page(*served.snapshot));
        case Route::models:
        case Route::model:
            co_return co_await serve_models(served, match);
        case Route::root:
            co_return co_await send_page(served, front_page());
        case Route::liveness:
            co_return co_await send_page(served, liveness_page());
        case Route::readiness:
            co_return co_await send_page(served, readiness_page(server));
        case Route::metrics:
            co_return co_await send_page(served, metrics_page(server));
        case Route::plugins: {
            const auto* failures = server.control ? &server.control->failures() : nullptr;
            co_return co_await send_page(served, plugins_page(*served.snapshot, failures));
        }
        case Route::plugin_reload:
        case Route::plugin_promote:
        case Route::plugin_rollback:
            co_return co_await handle_plugin_command(served, match);
        case Route::method_not_allowed:
            co_return co_await refuse_method(served, match);
        case Route::not_found:
            co_return co_await forward(served);  // what is nobody's was refused above
        case Route::preflight:
            co_return co_await serve_preflight(served, match);
    }
}

}  // namespace patchbay::gateway
