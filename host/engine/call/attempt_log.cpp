#include "engine/call/attempt_log.hpp"

#include <spdlog/spdlog.h>

namespace patchbay {

namespace {

constexpr std::size_t kShortId = 8;

/// "openai/gpt-4o at http://10.0.0.1/v1"
std::string place_of(const Call& call) {
    std::string place(call.upstream());
    const std::string& address = call.deployment->api_base_shown;
    return address.empty() ? place : place + " at " + address;
}

std::string_view short_id(const Call& call) {
    return std::string_view(call.deployment->id).substr(0, kShortId);
}

}  // namespace

void begin_attempt_log(Call& call, const ExchangeRequest& request) {
    const Deployment& deployment = *call.deployment;
    call.upstream_model.clear();
    if (deployment.configured.find('*') != std::string::npos) {
        call.upstream_model = deployment.provider + "/" + std::string(request.model);
    }
    if (!spdlog::default_logger_raw()->should_log(spdlog::level::debug)) return;
    spdlog::debug("call {}: attempt {} at {}, deployment {}, {} bytes{}, user-agent '{}'", call.id,
                  call.attempts, place_of(call), short_id(call), request.body.size(),
                  (request.flags & BAY_REQ_STREAM) != 0 ? ", streamed" : "",
                  call.caller.header("user-agent"));
}

void log_attempt(const Call& call, const Error* failed) {
    constexpr std::size_t kMaxBody = 2000;
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(call.upstream_time());
    if (!failed) {
        if (!spdlog::default_logger_raw()->should_log(spdlog::level::debug)) return;
        spdlog::debug("call {}: attempt {} at {} was answered, {} ms", call.id, call.attempts,
                      place_of(call), took.count());
        return;
    }
    spdlog::warn(
        "call {}: attempt {} at {} failed after {} ms: {} (status {}, upstream status {}, "
        "deployment {}): {}{}{}",
        call.id, call.attempts, place_of(call), took.count(), failed->exception_name(),
        failed->status(), failed->upstream_status, short_id(call), failed->message,
        failed->upstream_body.empty() ? "" : "; upstream body: ",
        std::string_view(failed->upstream_body).substr(0, kMaxBody));
}

}  // namespace patchbay
