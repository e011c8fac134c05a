#include "gateway/call_line.hpp"

#include "gateway/auth.hpp"

namespace patchbay::gateway {

namespace {

std::string_view method_of(const Request& request) {
    const auto method = request.head.method_string();
    return {method.data(), method.size()};
}

bool is_probe(Route route) {
    return route == Route::liveness || route == Route::readiness || route == Route::metrics;
}

// What the line tells of a call to a model.
void add_call(LoggedRequest& line, const Call& call) {
    line.model = call.ask.model;
    line.upstream = call.upstream();
    if (call.first_token != Call::Clock::time_point{}) {
        line.first_token = call.first_token - call.started;
    }
    line.prompt_tokens = call.usage.last().usage.prompt;
    line.completion_tokens = call.usage.last().usage.completion;
    line.attempts = call.attempts;
}

}  // namespace

LineWhenDone::~LineWhenDone() {
    const auto& logged = served_.logged;
    const Config& config = served_.server.snapshot().config;
    LoggedRequest line;
    line.client = served_.connection.peer();
    line.method = method_of(served_.request);
    line.path = served_.request.path;
    line.status = logged.complete ? logged.status : kClientLeft;
    line.duration = Served::Clock::now() - served_.started;
    if (const Call* call = served_.call()) add_call(line, *call);
    line.key = logged.key;
    const bool let_in = match_.needs_key && !served_.request.refused && logged.status != 401;
    if (logged.key.empty() && let_in && !config.general.master_key.empty()) {
        line.key = "master";
    }
    line.call = served_.id;
    line.reason = logged.reason;
    if (!logged.complete && logged.reason.empty()) {
        line.reason = "The client closed the connection.";
    }
    line.probe = is_probe(match_.route);
    served_.server.lines.write(line, config.litellm.json_logs);
}

void log_unanswered(ServerContext& server, Connection& connection, const Request& request,
                    int status, std::string_view why) {
    // 403: what AWS's APIs say where others say 401.
    const bool key_refused = status == 401 || status == 403;
    const std::string key = key_refused ? short_key_hash(presented_key(request)) : std::string();
    LoggedRequest line;
    line.client = connection.peer();
    line.method = method_of(request);
    line.path = request.path;
    line.status = status;
    line.key = key;
    line.reason = why;
    server.lines.write(line, server.snapshot().config.litellm.json_logs);
}

}  // namespace patchbay::gateway
