#include "claude_exchange.hpp"

#include <patchbay/sdk.hpp>

#include "anthropic/count_exchange.hpp"
#include "anthropic/headers.hpp"
#include "anthropic/unsigned_thoughts.hpp"

namespace patchbay::azure {

bay_status ClaudeExchange::on_request(const bay_ev_request& request, bay::Out out) {
    if (const auto failed = settle(request, out)) return *failed;
    auto call = machine_.begin(request, settings());
    if (!call) return anthropic::report(call.error(), out);
    call->dropped.tell(out);
    body_ = std::move(call->body);
    return start(request, std::move(call->betas), out);
}

bay_status ClaudeCountExchange::on_request(const bay_ev_request& request, bay::Out out) {
    if (const auto failed = settle(request, out)) return *failed;
    auto call = chat_.begin(request, settings());
    if (!call) return anthropic::report(call.error(), out);
    call->dropped.tell(out);
    body_ = anthropic::counted_body(call->body);
    return start(request, std::move(call->betas), out);
}

bay_status ClaudeMessagesExchange::on_request(const bay_ev_request& request, bay::Out out) {
    if (const auto failed = settle(request, out)) return *failed;
    answer_.emplace(anthropic::kMessagesApi, "Azure", streamed());
    body_.emplace(request);
    anthropic::leave_out_unsigned(bay::sv(request.json), *body_);
    body_->set("model", bay::json_quote(bay::sv(request.target->model)));
    segments_ = body_->segments();
    return start(request, anthropic::named_betas(settings(), request.headers, request.header_count),
                 out);
}

}  // namespace patchbay::azure
