#include "engine/call/attempt_log.hpp"

#include <spdlog/spdlog.h>

namespace patchbay {

namespace {

constexpr std::size_t kShortId = 8;

/// "openai/gpt-4o at http://10.0.0.1/v1"
std::string place_of(const AttemptState& state) {
    std::string place =
        state.upstream_model->empty() ? state.deployment->configured : *state.upstream_model;
    const std::string& address = state.deployment->api_base_shown;
    return address.empty() ? place : place + " at " + address;
}

std::string_view short_id(const AttemptState& state) {
    return std::string_view(state.deployment->id).substr(0, kShortId);
}

}  // namespace

void begin_attempt_log(const Call& call, const AttemptState& state,
                       const ExchangeRequest& request) {
    const Deployment& deployment = *state.deployment;
    state.upstream_model->clear();
    if (deployment.configured.find('*') != std::string::npos) {
        *state.upstream_model = deployment.provider + "/" + std::string(request.model);
    }
    if (!spdlog::default_logger_raw()->should_log(spdlog::level::debug)) return;
    spdlog::debug("call {}: attempt {} at {}, deployment {}, {} bytes{}, user-agent '{}'", call.id,
                  state.number, place_of(state), short_id(state), request.body.size(),
                  (request.flags & BAY_REQ_STREAM) != 0 ? ", streamed" : "",
                  call.caller.header("user-agent"));
}

void log_attempt(const Call& call, const AttemptState& state, const Error* failed) {
    constexpr std::size_t kMaxBody = 2000;
    const auto took =
        std::chrono::duration_cast<std::chrono::milliseconds>(upstream_time(*state.usage));
    if (!failed) {
        if (!spdlog::default_logger_raw()->should_log(spdlog::level::debug)) return;
        spdlog::debug("call {}: attempt {} at {} was answered, {} ms", call.id, state.number,
                      place_of(state), took.count());
        return;
    }
    spdlog::warn(
        "call {}: attempt {} at {} failed after {} ms: {} (status {}, upstream status {}, "
        "deployment {}): {}{}{}",
        call.id, state.number, place_of(state), took.count(), failed->exception_name(),
        failed->status(), failed->upstream_status, short_id(state), failed->message,
        failed->upstream_body.empty() ? "" : "; upstream body: ",
        std::string_view(failed->upstream_body).substr(0, kMaxBody));
}

}  // namespace patchbay
