#include "engine/call/worst_case.hpp"

#include <algorithm>
#include <charconv>

#include "contract/shape/text_size.hpp"
#include "engine/surface/body_edit.hpp"

namespace patchbay {

namespace {

// Up to this many bytes a prompt's size is that of its JSON; larger ones are looked through, as they may hold
// pictures.
constexpr std::size_t kLooked = 16u << 10;
// LiteLLM's DEFAULT_MAX_TOKENS stands in where neither the client nor the price map says what a model may write.
constexpr std::int64_t kUnknownOutput = 4096;

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

}  // namespace

CallSize size_of(const Call& call) {
    const Ask& ask = call.ask;
    const std::string_view content = ask.scan.content;
    CallSize size;
    size.prompt =
        static_cast<std::int64_t>(content.size() <= kLooked ? content.size() : text_size(content));
    size.choices = std::clamp<std::int64_t>(number(ask, {"n"}).value_or(1), 1, 128);
    size.output = number(ask, {"max_completion_tokens", "max_tokens", "max_output_tokens"});
    const std::int64_t expected = call.principal ? call.principal->expected_output_tokens : 0;
    if (!size.output && expected > 0) size.output = expected;
    return size;
}

meter::Amount most_of(const Deployment& deployment, std::string_view called, const CallSize& size) {
    const meter::Pricing& pricing = deployment.pricing;
    const auto card = pricing.card_for(called, {});
    if (!card) return 0;
    const std::int64_t known = deployment.info_of(called).max_output_tokens;
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

meter::Amount most_of(const ModelRoute& route, const CallSize& size) {
    meter::Amount most = 0;
    for (const Deployment* deployment : route.group->deployments) {
        const std::string called =
            deployment->is_pattern() ? route.model_for(*deployment) : std::string();
        const std::string_view model =
            called.empty() ? std::string_view(deployment->model) : called;
        most = std::max(most, most_of(*deployment, model, size));
    }
    return most;
}

}  // namespace patchbay
