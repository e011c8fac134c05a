#include "gateway/capacity_headers.hpp"

#include <algorithm>
#include <cstdio>

#include "engine/access/rate_headers.hpp"
#include "engine/call/capacity_grant.hpp"

namespace patchbay::gateway {

namespace {

void add_rate(ResponseHead& head, const std::string& limit_name, const std::string& left_name,
              std::int64_t limit, const meter::RateWindow& window, std::uint32_t now) {
    if (limit == Capacity::kNone) return;
    const std::int64_t left = std::max<std::int64_t>(limit - window.used_by_all(now), 0);
    head.add(limit_name, static_cast<std::uint64_t>(limit));
    head.add(left_name, static_cast<std::uint64_t>(left));
}

void add_rates(ResponseHead& head, const access::RateHeaders& names, const Capacity& capacity,
               std::uint32_t now) {
    add_rate(head, names.limit_requests, names.left_requests, capacity.rpm, capacity.requests, now);
    add_rate(head, names.limit_tokens, names.left_tokens, capacity.tpm, capacity.tokens, now);
}

}  // namespace

void add_capacity_headers(ResponseHead& head, const CapacityGrant& grant) {
    static const access::RateHeaders kWhole("model_saturation_check"), kShare("priority_model");
    const GroupCapacity* const group = grant.asked();
    if (!group) return;
    using Limit = CapacityGrant::Limit;
    const std::uint32_t now = meter::RateWindow::clock();
    head.add("x-litellm-priority", grant.share());
    head.add("x-litellm-rate-limiter-version", "v3");
    if (const Limit limit = grant.refused(); limit != Limit::none) {
        head.add("rate_limit_type", limit == Limit::tokens ? "tokens" : "requests");
    }
    if (grant.refused_by_share()) {
        char text[32];
        std::snprintf(text, sizeof text, "%.2f%%", grant.saturation() * 100);
        head.add("x-litellm-saturation", std::string_view(text));
    }
    add_rates(head, kWhole, *group->whole, now);
    if (grant.part()) add_rates(head, kShare, *grant.part(), now);
}

}  // namespace patchbay::gateway
