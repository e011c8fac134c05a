#include "engine/call/stream_cost.hpp"

#include <algorithm>
#include <array>

#include "contract/http/header.hpp"
#include "contract/json/member_walker.hpp"
#include "engine/call/call.hpp"
#include "engine/meter/amount.hpp"

namespace patchbay {

namespace {

constexpr std::array kWithCost = {&kChatCompletions, &kCompletions, &kMessages, &kResponses};
constexpr std::string_view kAskHeader = "x-litellm-include-cost-in-streaming-usage";

}  // namespace

StreamCost::StreamCost(const Call& call) : call_(call) {
    const Operation* op = call.surface.operation;
    const bool has = std::find(kWithCost.begin(), kWithCost.end(), op) != kWithCost.end();
    if (!has || !call.ask.scan.stream) return;
    const std::optional<bool> setting = call.world->config.litellm.cost_in_streams;
    asked_ = setting.value_or(false) || http::iequals(call.caller.header(kAskHeader), "true");
    told_ = asked_ || (!setting && op != &kMessages);
}

Restamped::Stamp StreamCost::stamp(std::string_view json, const AnswerFacts& facts) {
    if (!told_ || !facts.usage) return {};
    // What a message's first event tells is an estimate of the prompt, and not yet what it costs.
    const bool first =
        call_.surface.operation == &kMessages && member_of(json, "type") != R"("message_delta")";
    if (first) return {};
    const meter::Cost cost = call_.usage.cost_so_far();
    if ((cost.flags & meter::Cost::kUnpriced) != 0) return {};
    if (!asked_ && cost.charge == 0) return {};
    const std::string_view usage = json.substr(facts.usage.off, facts.usage.len);
    const meter::DecimalText dollars = meter::dollars(cost.charge);
    if (const std::string_view own = member_of(usage, "cost"); !own.empty()) {
        text_ = dollars.view();
        return {TextRange{static_cast<std::size_t>(own.data() - json.data()), own.size()}, text_};
    }
    const bool more = usage.find('"') != std::string_view::npos;
    text_ = R"({"cost":)" + std::string(dollars.view()) + (more ? "," : "");
    return {TextRange{facts.usage.off, 1}, text_};
}

}  // namespace patchbay
