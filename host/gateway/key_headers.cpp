#include "gateway/key_headers.hpp"

#include <algorithm>

#include "engine/access/principal.hpp"
#include "engine/coarse_clock.hpp"

namespace patchbay::gateway {

namespace {

using access::Subject;

void add_left(ResponseHead& head, std::string_view name, std::int64_t limit, std::int64_t used) {
    if (limit == Subject::kNone) return;
    head.add(name, static_cast<std::uint64_t>(std::max<std::int64_t>(limit - used, 0)));
}

void add_left(ResponseHead& head, const access::RateHeaders& names, const Subject& subject,
              std::uint32_t now) {
    add_left(head, names.left_requests, subject.rpm, subject.requests.used_by_all(now));
    add_left(head, names.left_tokens, subject.tpm, subject.tokens.used_by_all(now));
}

void add_budget(ResponseHead& head, const meter::Allowance& budget) {
    if (!budget.counts()) return;
    const std::int64_t now = coarse_unix_us();
    if (budget.hard()) {
        head.add("x-litellm-key-max-budget", meter::dollars(budget.limit(now)).view());
    }
    head.add("x-litellm-key-spend", meter::dollars(budget.spent()).view());
}

void add_upstream(ResponseHead& head, std::string_view lines, bool without_rates) {
    while (!lines.empty()) {
        const std::size_t end = std::min(lines.find('\n'), lines.size() - 1) + 1;
        const std::string_view line = lines.substr(0, end);
        if (!without_rates || !line.starts_with("x-ratelimit-")) head.add_lines(line);
        lines.remove_prefix(end);
    }
}

}  // namespace

void add_key_headers(ResponseHead& head, const access::Principal& principal,
                     std::string_view upstream) {
    const std::uint32_t now = access::RateWindow::clock();
    const Subject& key = principal.key();
    const bool own = key.rpm != Subject::kNone || key.tpm != Subject::kNone;
    add_upstream(head, upstream, own);
    head.add_lines(principal.limit_lines);
    add_budget(head, key.budget);
    add_left(head, access::RateHeaders::of_key(), key, now);
    for (const auto& limited : principal.limits) {
        if (!limited.model.empty()) continue;
        add_left(head, limited.subject->headers, *limited.subject, now);
    }
}

}  // namespace patchbay::gateway
