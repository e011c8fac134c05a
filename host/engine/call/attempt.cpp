#include "engine/call/attempt.hpp"

#include "config/routing_group.hpp"
#include "engine/call/attempt_log.hpp"
#include "engine/call/attempt_request.hpp"
#include "engine/call/call_cache.hpp"
#include "engine/call/client_headers.hpp"
#include "engine/call/fetched_links.hpp"
#include "engine/call/rewriting_sink.hpp"
#include "engine/router/strategies.hpp"
#include "engine/surface/hub/count_tokens.hpp"
#include "engine/surface/hub/hints.hpp"
#include "engine/surface/openai/custom_tools.hpp"
#include "engine/surface/openai/merged_thoughts.hpp"

namespace patchbay {

namespace asio = boost::asio;

namespace {

ServiceTier asked_tier(const Ask& ask) {
    const bay_member* const member = find_member(ask.members(), "service_tier");
    if (!member || member->value.len < 2) return ServiceTier::untold;
    return service_tier({member->value.ptr + 1, member->value.len - 2});
}

// Where a strategy goes by what providers say of their limits.
LaneLoad* load_of(const Call& call, const Deployment& deployment) {
    const bool asked = any_strategy(call.world->config.router, learns);
    return asked && deployment.lane ? &call.world->lanes->load(deployment.lane->index()) : nullptr;
}

// A request as it is for a provider that has functions only, with functions for its custom tools.
struct FunctionAsk {
    Ask ask;
    std::vector<std::string> names;    ///< of the custom tools
    std::vector<std::string> dropped;  ///< by its place
};

bool needs_functions(const Ask& ask, const AttemptState& state) {
    const bool chat = state.operation == &kChatCompletions || state.operation == &kCountChat;
    return chat && !state.deployment->custom_tools && surface::may_have_custom_tools(ask.members());
}

// `own` stays null if it has no custom tools after all.
Failed with_functions(const Ask& ask, std::unique_ptr<FunctionAsk>& own) {
    auto made = surface::functions_of_custom(ask.body, ask.members());
    if (!made) return made.error();
    if (made->names.empty()) return {};
    own = std::make_unique<FunctionAsk>();
    if (auto wrong = replace_body(own->ask, kMessagesForm, std::move(made->json))) return wrong;
    own->ask.options = ask.options;
    own->ask.model = ask.model;
    own->ask.own_metadata = ask.own_metadata;
    own->names = std::move(made->names);
    own->dropped = std::move(made->dropped);
    return {};
}

// `merge_reasoning_content_in_choices`, for who speaks chat's API; null: thoughts stay where they are.
std::unique_ptr<Sink> merged_thoughts(const Call& call, const AttemptState& state, Sink& next) {
    const bool chat = state.operation == &kChatCompletions && !state.translated(call);
    if (!chat || !call.ask.options.merge_thoughts.value_or(state.deployment->merge_thoughts)) {
        return nullptr;
    }
    return std::make_unique<RewritingSink<surface::MergedThoughts>>(surface::MergedThoughts(),
                                                                    next);
}

}  // namespace

AttemptState AttemptState::of(Call& call) {
    return {call.deployment, call.operation, call.attempts,
            &call.usage,     &call.left_out, &call.upstream_model};
}

asio::awaitable<Failed> run_attempt(Call& call, const ModelRoute& route, const AttemptState& state,
                                    Sink& sink, FirstWord* first, Answer& answer,
                                    AttemptSink** told) {
    const bool translated = state.translated(call);
    const Ask& given = translated ? *call.hub : call.ask;
    std::unique_ptr<LinkedAsk> linked;
    const RequestForm* const form = translated ? &kMessagesForm : call.surface.form;
    if (form && may_need_links(given, *state.deployment, route.model_for(*state.deployment))) {
        Failed wrong = co_await fetch_links(call, given, *state.deployment, *form, linked);
        if (wrong) co_return wrong;
    }
    const Ask& asked = linked ? linked->ask : given;
    std::unique_ptr<FunctionAsk> functions;
    if (needs_functions(asked, state)) {
        if (Failed wrong = with_functions(asked, functions)) co_return wrong;
    }
    const Ask& ask = functions ? functions->ask : asked;
    const ComponentInstance& instance = state.deployment->instance;
    AttemptRequest attempt(ask, *state.operation, route, *state.deployment);
    ExchangeRequest& request = attempt.request();
    request.request_id = call.id;
    request.traceparent = call.caller.header("traceparent");
    request.attempt = static_cast<std::uint32_t>(state.number);
    const ClientHeaders headers(call.caller, *state.operation,
                                call.world->config.general.forward_client_headers,
                                call.ask.anthropic_beta, call.world->config.general.key_header);
    request.headers = headers.list();
    request.content_type = call.caller.header("content-type");
    if (translated) request.hint_params = surface::kHintParams;
    request.max_answer = call.world->config.general.max_response_size;
    request.stopped_by_guardrail = &call.stopped_by_guardrail;
    request.client = answer.socket();
    begin_attempt_log(call, state, request);
    state.left_out->clear();
    if (functions) *state.left_out = functions->dropped;
    state.usage->begin(*state.deployment, *state.operation->shape, asked.scan.content);
    state.usage->priced_by(asked_tier(ask), request.model);
    if (!route.captures.empty()) state.usage->one_of_many(route.requested, request.model);
    std::optional<RecordingSink> recording;
    if (call.cache && call.cache->records() && !state.recorded)
        recording.emplace(*call.cache, sink);
    Sink& taker = recording ? static_cast<Sink&>(*recording) : sink;
    const std::unique_ptr<Sink> merged = merged_thoughts(call, state, taker);
    Sink& next = merged ? *merged : taker;
    std::unique_ptr<Sink> custom;
    if (functions) {
        custom = std::make_unique<RewritingSink<surface::CustomCalls>>(
            surface::CustomCalls(std::move(functions->names)), next);
    }
    AttemptSink metered(*state.usage, *state.left_out, custom ? *custom : next,
                        state.operation->shape, first, load_of(call, *state.deployment));
    if (told) *told = &metered;
    auto failed = co_await run_exchange(call.engine.context(), instance, request, metered);
    if (told) *told = nullptr;
    if (!failed && request.client != nullptr && !answer.committed()) {
        failed = plugin_fault(*instance.instance, "ended a realtime session without its client");
    }
    co_return failed;
}

}  // namespace patchbay
