#include "errors.hpp"

#include <algorithm>
#include <charconv>
#include <patchbay/sdk.hpp>

#include "failure/error_class.hpp"
#include "failure/told_failure.hpp"
#include "json.hpp"

namespace patchbay::google {

namespace {

constexpr double kMaxDelayMs = 3600e3;

// Google tells quotas of a minute and of a day in the same words, "exceeded your current quota".
constexpr shared::StatusRule kOwnRules[] = {
    {429, 429, BAY_ERR_RATE_LIMIT, 429, shared::kNoRefinement, shared::kNoRefinement},
};

Failure failure_of(int status, std::string_view body) {
    const shared::ErrorText error = shared::read_error(body);
    const shared::ErrorClass cls = shared::classify(status, error, kOwnRules);
    Failure failure = shared::told_failure(status, body, error, cls);
    failure.retry_after_ms = retry_delay_ms(body);
    return failure;
}

const json::array* details_of(const json::value& document) {
    const auto* list = document.if_array();
    const auto* object = (list && !list->empty() ? list->front() : document).if_object();
    const auto* error = object ? find_object(*object, "error") : nullptr;
    return error ? find_array(*error, "details") : nullptr;
}

}  // namespace

// A protobuf Duration: seconds with a fraction and "s".
std::uint32_t retry_delay_ms(std::string_view body) {
    if (!shared::mentions(body, "RetryInfo")) return 0;
    const auto parsed = parse_json(body);
    const auto* details = parsed ? details_of(*parsed) : nullptr;
    if (!details) return 0;
    for (const auto& value : *details) {
        const auto* detail = value.if_object();
        const auto delay = detail ? text(*detail, "retryDelay") : std::string_view();
        double seconds = 0;
        const auto [stop, error] =
            std::from_chars(delay.data(), delay.data() + delay.size(), seconds);
        if (error != std::errc() || stop == delay.data() || seconds <= 0) continue;
        return static_cast<std::uint32_t>(std::min(seconds * 1000, kMaxDelayMs));
    }
    return 0;
}

Failure failure_of_answer(const bay_ev_http& done) {
    Failure failure = failure_of(done.status, bay::sv(done.data));
    const auto told = bay::retry_after_ms(done.headers, done.header_count, bay::Host::unix_ms());
    if (told > 0) failure.retry_after_ms = told;
    return failure;
}

Failure failure_of_event(std::string_view data) {
    return failure_of(0, data);
}

}  // namespace patchbay::google
