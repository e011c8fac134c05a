#include "shared/outcome.hpp"

#include <algorithm>

#include "patchbay/sdk/host.hpp"
#include "patchbay/sdk/records.hpp"
#include "patchbay/sdk/retry_after.hpp"
#include "patchbay/sdk/upstream.hpp"

namespace patchbay::sink {

std::uint32_t class_of(std::int32_t status) {
    switch (status) {
        case 400:
        case 413:
        case 422:
            return BAY_ERR_BAD_REQUEST;
        case 425:
            return BAY_ERR_OVERLOADED;
        default: {
            const std::uint32_t cls = bay::class_of_status(status);
            return cls == BAY_ERR_BAD_REQUEST ? std::uint32_t{BAY_ERR_UPSTREAM} : cls;
        }
    }
}

Refusal refusal_of_status(std::int32_t status) {
    return {class_of(status), status, 0, "the sink answered " + std::to_string(status)};
}

std::optional<Refusal> refusal_of(const bay_ev_http& answer) {
    if (answer.failure != BAY_FAIL_NONE) {
        std::string message = "the sink could not be reached";
        if (answer.error.len) (message += ": ") += bay::sv(answer.error);
        return Refusal{bay::class_of_failure(answer.failure), answer.status, 0, std::move(message)};
    }
    if (answer.status / 100 == 2) return std::nullopt;
    Refusal why = refusal_of_status(answer.status);
    why.retry_after_ms =
        bay::retry_after_ms(answer.headers, answer.header_count, bay::Host::unix_ms());
    return why;
}

bay_status fail(bay::Out out, const Refusal& why) {
    bay::Error error;
    error.cls = why.cls;
    error.message = why.message;
    error.upstream_status = why.status;
    error.retry_after_ms = why.retry_after_ms;
    return out.fail(error);
}

void Tally::add(std::uint32_t index, std::string_view id) {
    sent_.push_back({index, std::string(id), std::nullopt});
}

void Tally::refused(std::uint32_t index, const Refusal& why) {
    const auto found = std::lower_bound(
        sent_.begin(), sent_.end(), index,
        [](const Sent& sent, std::uint32_t wanted) { return sent.index < wanted; });
    if (found == sent_.end() || found->index != index) return;
    if (!found->why || (found->why->final() && !why.final())) found->why = why;
}

bay_status Tally::finish(bay::Out out) const {
    std::vector<std::uint32_t> again;
    const Refusal* first = nullptr;
    for (const Sent& sent : sent_) {
        if (!sent.why || sent.why->final()) continue;
        if (!first) first = &*sent.why;
        again.push_back(sent.index);
    }
    if (first && again.size() == sent_.size()) return fail(out, *first);
    if (sent_.size() == 1 && sent_.front().why) return fail(out, *sent_.front().why);
    for (const Sent& sent : sent_) {
        if (!sent.why || !sent.why->final()) continue;
        bay::Host::log(BAY_LOG_WARN, "record " + sent.id + " is refused by the sink with status " +
                                         std::to_string(sent.why->status) + " and dropped");
    }
    return bay::retry(out, again);
}

}  // namespace patchbay::sink
