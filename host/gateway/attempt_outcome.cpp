#include "gateway/attempt_outcome.hpp"

#include <spdlog/spdlog.h>

namespace patchbay::gateway {

namespace {

// A text from outside must not be able to write log lines of its own.
std::string one_line(std::string text) {
    for (char& c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    }
    return text;
}

}  // namespace

void log_failure(const Call& call, const Error& error) {
    constexpr std::size_t kMaxLogged = 2000;
    spdlog::warn(
        "call {}: model group '{}', deployment {}: {} (status {}, upstream status {}): {}{}{}",
        call.id, call.group, call.deployment->id, error.exception_name(), error.status(),
        error.upstream_status, one_line(error.message),
        error.upstream_body.empty() ? "" : "; upstream body: ",
        one_line(error.upstream_body.substr(0, kMaxLogged)));
}

void count_for_trial(const Deployment& chosen, const Deployment& version,
                     const std::optional<Error>& failed) {
    constexpr int kClientClosedRequest = 499;
    if (!chosen.trial || (failed && failed->http_status == kClientClosedRequest)) return;
    if (&version == chosen.canary.get()) {
        chosen.trial->count_new(failed.has_value());
    } else {
        chosen.trial->count_old(failed.has_value());
    }
}

}  // namespace patchbay::gateway
