#include "gateway/call_line.hpp"

#include <spdlog/spdlog.h>

#include "gateway/auth.hpp"

namespace patchbay::gateway {

namespace {

constexpr std::size_t kShortId = 8;
constexpr int kClientLeft = 499;

std::string_view method_of(const Request& request) {
    const auto method = request.head.method_string();
    return {method.data(), method.size()};
}

bool is_probe(Route route) {
    return route == Route::liveness || route == Route::readiness || route == Route::metrics;
}

std::string_view upstream_of(const Call& call) {
    if (!call.logged.upstream.empty()) return call.logged.upstream;
    return call.deployment ? std::string_view(call.deployment->configured) : std::string_view();
}

/// "openai/gpt-4o at http://10.0.0.1/v1"
std::string place_of(const Call& call) {
    std::string place(upstream_of(call));
    const std::string& address = call.deployment->api_base_shown;
    return address.empty() ? place : place + " at " + address;
}

std::string_view short_id(const Call& call) {
    return std::string_view(call.deployment->id).substr(0, kShortId);
}

}  // namespace

LineWhenDone::~LineWhenDone() {
    const auto& logged = call_.logged;
    const Config& config = call_.world.snapshot->config;
    LoggedRequest line;
    line.client = call_.connection.peer();
    line.method = method_of(call_.request);
    line.path = call_.request.path;
    line.status = logged.complete ? logged.status : kClientLeft;
    line.model = logged.model;
    line.upstream = upstream_of(call_);
    line.duration = Call::Clock::now() - call_.started;
    if (call_.first_token != Call::Clock::time_point{}) {
        line.first_token = call_.first_token - call_.started;
    }
    line.prompt_tokens = call_.usage.last().usage.prompt;
    line.completion_tokens = call_.usage.last().usage.completion;
    line.attempts = call_.deployment ? call_.retries + 1 : 0;
    line.key = logged.key;
    const bool let_in = match_.needs_key && logged.status != 401;
    if (logged.key.empty() && let_in && !config.general.master_key.empty()) {
        line.key = "master";
    }
    line.call = call_.id;
    line.reason = logged.reason;
    if (!logged.complete && logged.reason.empty()) {
        line.reason = "The client closed the connection.";
    }
    line.probe = is_probe(match_.route);
    call_.world.lines.write(line, config.litellm.json_logs);
}

void log_unanswered(World& world, Connection& connection, const Request& request, int status,
                    std::string_view why) {
    const std::string key = status == 401 ? short_key_hash(presented_key(request)) : std::string();
    LoggedRequest line;
    line.client = connection.peer();
    line.method = method_of(request);
    line.path = request.path;
    line.status = status;
    line.key = key;
    line.reason = why;
    world.lines.write(line, world.snapshot->config.litellm.json_logs);
}

void begin_attempt_log(Call& call, const ExchangeRequest& request) {
    const Deployment& deployment = *call.deployment;
    if (deployment.configured.find('*') != std::string::npos) {
        call.logged.upstream = deployment.provider + "/" + std::string(request.model);
    }
    if (!spdlog::default_logger_raw()->should_log(spdlog::level::debug)) return;
    spdlog::debug("call {}: attempt {} at {}, deployment {}, {} bytes{}, user-agent '{}'", call.id,
                  call.retries + 1, place_of(call), short_id(call), request.body.size(),
                  (request.flags & BAY_REQ_STREAM) != 0 ? ", streamed" : "",
                  call.request.header(boost::beast::http::field::user_agent));
}

void log_attempt(const Call& call, const Error* failed) {
    constexpr std::size_t kMaxBody = 2000;
    const auto took = std::chrono::duration_cast<std::chrono::milliseconds>(call.upstream_ended -
                                                                            call.upstream_started);
    if (!failed) {
        if (!spdlog::default_logger_raw()->should_log(spdlog::level::debug)) return;
        spdlog::debug("call {}: attempt {} at {} was answered, {} ms", call.id, call.retries + 1,
                      place_of(call), took.count());
        return;
    }
    spdlog::warn(
        "call {}: attempt {} at {} failed after {} ms: {} (status {}, upstream status {}, "
        "deployment {}): {}{}{}",
        call.id, call.retries + 1, place_of(call), took.count(), failed->exception_name(),
        failed->status(), failed->upstream_status, short_id(call), failed->message,
        failed->upstream_body.empty() ? "" : "; upstream body: ",
        std::string_view(failed->upstream_body).substr(0, kMaxBody));
}

}  // namespace patchbay::gateway
