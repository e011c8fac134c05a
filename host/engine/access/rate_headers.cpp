#include "engine/access/rate_headers.hpp"

#include <cstdint>

#include "engine/access/principal.hpp"

namespace patchbay::access {

namespace {

void add_limit(std::string& lines, std::string_view name, std::int64_t limit) {
    if (limit < 0) return;
    lines.append(name).append(": ").append(std::to_string(limit)).append("\r\n");
}

void add_limits(std::string& lines, const RateHeaders& names, const Subject& subject) {
    add_limit(lines, names.limit_requests, subject.rpm);
    add_limit(lines, names.limit_tokens, subject.tpm);
}

}  // namespace

RateHeaders::RateHeaders(std::string_view of) {
    const std::string begin = "x-ratelimit-" + std::string(of) + (of.empty() ? "" : "-");
    limit_requests = begin + "limit-requests";
    left_requests = begin + "remaining-requests";
    limit_tokens = begin + "limit-tokens";
    left_tokens = begin + "remaining-tokens";
}

const RateHeaders& RateHeaders::of_key() {
    static const RateHeaders names("");
    return names;
}

std::string limit_lines(const Principal& principal) {
    std::string lines;
    const Subject& key = principal.key();
    add_limit(lines, "x-litellm-key-tpm-limit", key.tpm);
    add_limit(lines, "x-litellm-key-rpm-limit", key.rpm);
    add_limits(lines, RateHeaders::of_key(), key);
    for (const Limited& limited : principal.limits) {
        if (limited.model.empty()) add_limits(lines, limited.subject->headers, *limited.subject);
    }
    return lines;
}

}  // namespace patchbay::access
