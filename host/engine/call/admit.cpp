#include "engine/call/admit.hpp"

#include <algorithm>
#include <charconv>

#include <spdlog/spdlog.h>

#include "contract/shape/text_size.hpp"
#include "engine/access/model_access.hpp"
#include "engine/surface/request_fallbacks.hpp"

namespace patchbay {

namespace {

using access::GrantAsk;

// Up to this many bytes a prompt's size is that of its JSON; larger ones are looked through, as they may hold
// pictures.
constexpr std::size_t kLooked = 16u << 10;
// LiteLLM's DEFAULT_MAX_TOKENS stands in where neither the client nor the price map says what a model may write.
constexpr std::int64_t kUnknownOutput = 4096;
// What a call without max_tokens takes of a limit of tokens until it is over.
constexpr std::int64_t kExpectedTokens = 1024;

std::int64_t now_us() {
    using namespace std::chrono;
    return duration_cast<microseconds>(system_clock::now().time_since_epoch()).count();
}

// The first of these members that is a number.
std::optional<std::int64_t> number(const Ask& ask, std::initializer_list<std::string_view> names) {
    for (const std::string_view name : names) {
        const bay_member* const member = find_member(ask.members(), name);
        if (!member) continue;
        std::int64_t value = 0;
        const char* const end = member->value.ptr + member->value.len;
        const auto read = std::from_chars(member->value.ptr, end, value);
        if (read.ec == std::errc() && read.ptr == end && value >= 0) return value;
    }
    return std::nullopt;
}

// Tokens: of the prompt at most, as one has at least a byte; of all answers, as far as the client says.
struct Size {
    std::int64_t prompt = 0;
    std::int64_t choices = 1;
    std::optional<std::int64_t> output;
};

Size size_of(const Call& call) {
    const Ask& ask = call.ask;
    const std::string_view content = ask.scan.content;
    Size size;
    size.prompt =
        static_cast<std::int64_t>(content.size() <= kLooked ? content.size() : text_size(content));
    size.choices = std::clamp<std::int64_t>(number(ask, {"n"}).value_or(1), 1, 128);
    size.output = number(ask, {"max_completion_tokens", "max_tokens", "max_output_tokens"});
    const std::int64_t expected = call.principal->expected_output_tokens;
    if (!size.output && expected > 0) size.output = expected;
    return size;
}

meter::Amount most_of(const Deployment& deployment, const Size& size) {
    const meter::Pricing& pricing = deployment.pricing;
    const auto card = pricing.card_for(deployment.model, {});
    if (!card) return 0;
    const std::int64_t known = deployment.info.max_output_tokens;
    const std::int64_t output = size.output.value_or(known > 0 ? known : kUnknownOutput);
    Usage usage;
    usage.prompt = static_cast<std::uint64_t>(size.prompt);
    constexpr std::int64_t kAbsurd = 100'000'000;
    usage.completion = static_cast<std::uint64_t>(std::min(output, kAbsurd)) *
                       static_cast<std::uint64_t>(size.choices);
    meter::Circumstances how;
    how.size = usage.prompt;
    return meter::cost_of(*card, meter::counts_of(usage, true).list(), how, pricing.terms).charge;
}

// The most that one attempt can cost: by the dearest of the deployments that may serve it.
meter::Amount most_of(const ModelRoute& route, const Size& size) {
    meter::Amount most = 0;
    for (const Deployment* deployment : route.group->deployments) {
        most = std::max(most, most_of(*deployment, size));
    }
    return most;
}

std::optional<Error> check_fallbacks(const Call& call) {
    const auto& fallbacks = call.ask.options.fallbacks;
    if (!fallbacks) return std::nullopt;
    const auto check = [&](const std::string& name) -> std::optional<Error> {
        const auto found = resolve_model(*call.world, name, call.surface.route);
        if (!found) return access::check_unknown_model(*call.principal, name);
        return access::check_model(*call.principal, *found->group, name);
    };
    for (const std::string& name : fallbacks->list) {
        if (auto refused = check(name)) return refused;
    }
    const FallbackSettings& groups = fallbacks->by_group;
    for (const FallbackMap* map :
         {&groups.general, &groups.context_window, &groups.content_policy}) {
        for (const auto& [group, names] : *map) {
            for (const std::string& name : names) {
                if (auto refused = check(name)) return refused;
            }
        }
    }
    return std::nullopt;
}

// LiteLLM does not count what was read from a provider's cache.
std::int64_t counted_tokens(const UsageAccount& account) {
    const auto of = [](const UsageAccount::Attempt& attempt) {
        const Usage& usage = attempt.usage;
        return static_cast<std::int64_t>(usage.total - std::min(usage.total, usage.cached));
    };
    std::int64_t tokens = of(account.last());
    for (const auto& attempt : account.earlier()) tokens += attempt.lost ? 0 : of(attempt);
    return tokens;
}

}  // namespace

void use_alias(Call& call) {
    if (!call.principal || call.within) return;
    const std::string_view real = call.principal->unaliased(call.ask.model);
    if (real != call.ask.model) call.ask.model = std::string(real);
}

Error unknown_model(const Call& call, Error unknown) {
    if (!call.principal) return unknown;
    auto denied = access::check_unknown_model(*call.principal, call.ask.model);
    return denied ? std::move(*denied) : std::move(unknown);
}

std::optional<Error> admit(Call& call, const ModelRoute& route) {
    if (!call.principal || call.within) return std::nullopt;
    const access::Principal& principal = *call.principal;
    const std::string_view asked =
        call.ask.model.empty() ? std::string_view(route.group->name) : call.ask.model;
    if (auto refused = access::check_model(principal, *route.group, asked)) return refused;
    if (auto refused = check_fallbacks(call)) return refused;
    GrantAsk ask;
    ask.model = asked;
    ask.now = now_us();
    ask.seconds = access::RateWindow::clock();
    const bool budget = access::has_budget(principal);
    const bool tokens = access::has_token_limit(principal);
    if (budget || tokens) {
        const Size size = size_of(call);
        if (budget) ask.most = most_of(route, size);
        const std::int64_t output =
            std::min(size.output.value_or(kExpectedTokens), kExpectedTokens);
        const auto prompt =
            static_cast<std::int64_t>(estimated_tokens(static_cast<std::size_t>(size.prompt)));
        constexpr std::int64_t kMostTokens = 1'000'000'000;
        ask.tokens = static_cast<std::uint32_t>(std::min(prompt + output, kMostTokens));
    }
    return call.grant.take(call.principal, ask);
}

void settle_grant(Call& call) {
    if (!call.principal) return;
    const access::Subject* const passed =
        call.grant.settle(call.bill.charge + call.asked_within, counted_tokens(call.usage),
                          now_us(), access::RateWindow::clock());
    if (!passed) return;
    spdlog::warn("the soft budget of {} {} is passed: {} $ of {} $", passed->descriptor,
                 passed->value, meter::dollars(passed->budget.spent()).view(),
                 meter::dollars(passed->budget.soft()).view());
}

}  // namespace patchbay
