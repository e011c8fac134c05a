#include "gateway/attempt.hpp"

#include <algorithm>
#include <cmath>

#include <boost/json/array.hpp>
#include <boost/json/serialize.hpp>

#include "engine/router/provider_name.hpp"
#include "engine/surface/control_params.hpp"
#include "engine/surface/redaction.hpp"
#include "engine/surface/utf8_text.hpp"

namespace patchbay::gateway {

using std::chrono::milliseconds;

namespace {

// What must not be sent is also the plugin's to know, which adds members of its own. `params` is a
// JSON object or empty, and has no member of that name: the configuration keeps it apart.
std::string with_dropped(std::string_view params, const std::vector<std::string>& of_request,
                         const std::vector<std::string>& of_deployment) {
    boost::json::array names(of_request.begin(), of_request.end());
    names.insert(names.end(), of_deployment.begin(), of_deployment.end());
    const std::string member =
        "\"additional_drop_params\":" + boost::json::serialize(boost::json::value(names));
    const std::size_t brace = params.find('{');
    if (brace == std::string_view::npos) return "{" + member + "}";
    const std::string_view rest = params.substr(brace + 1);
    const bool alone = rest.substr(rest.find_first_not_of(" \t\r\n")).starts_with('}');
    return "{" + member + (alone ? "" : ",") + std::string(rest);
}

}  // namespace

Attempt::Attempt(const ChatRequest& chat, const ModelRoute& route, const Deployment& deployment,
                 AttemptBody kind)
    : model_(route.model_for(deployment, chat.model)) {
    const RequestOptions& options = chat.options;
    request_.body = chat.body;
    request_.members = {chat.scan.members.data(), chat.scan.members.size()};
    const bool add = kind == AttemptBody::with_defaults;
    const bool edit = options.any_control || !options.dropped_params.empty() ||
                      !deployment.dropped_params.empty() ||
                      (add && !(deployment.defaults.empty() && deployment.extra_body.empty()));
    const auto dropped = [&](std::string_view name) {
        const auto listed = [&](const std::vector<std::string>& names) {
            return std::find(names.begin(), names.end(), name) != names.end();
        };
        return listed(options.dropped_params) || listed(deployment.dropped_params);
    };
    if (edit) {
        BodyEdits edits;
        edits.drop = [&](std::string_view name) {
            if (is_control_param(name)) return !(deployment.simulated && is_mock_param(name));
            return dropped(name);
        };
        if (add) edits.defaults = deployment.defaults;
        if (add) edits.overrides = deployment.extra_body;
        edited_.emplace(IndexedBody{chat.body, request_.members}, edits);
        request_.body = edited_->view().json;
        request_.members = edited_->view().members;
    }
    if (const bay_member* model = find_member(request_.members, "model")) {
        request_.model_off = model->value_off;
        request_.model_len = model->value.len;
    }
    allowed_ = options.allowed_params;
    if (!deployment.allowed_params.empty()) {
        allowed_ += (allowed_.empty() ? "" : ",") + deployment.allowed_params;
    }
    request_.allowed_params = allowed_;
    request_.model = model_;
    request_.base_url = deployment.base_url;
    request_.api_key = deployment.api_key.reveal();
    request_.params = deployment.params;
    if (deployment.wants_info_at_call) {
        params_ = with_model_info(deployment.params, deployment.info_of(model_));
        request_.params = params_;
    }
    if (!options.dropped_params.empty() || !deployment.dropped_params.empty()) {
        params_ = with_dropped(request_.params, options.dropped_params, deployment.dropped_params);
        request_.params = params_;
    }
    request_.verify_tls = deployment.verify_tls;
    if (options.drop_params.value_or(deployment.drop_params)) request_.flags |= BAY_REQ_DROP_PARAMS;

    // As in LiteLLM, a stream's timeout bounds the waiting, not the length of the answer.
    const milliseconds whole = options.timeout.value_or(deployment.timeout);
    if (chat.scan.stream) {
        const milliseconds gap = options.stream_timeout.value_or(
            options.timeout ? *options.timeout : deployment.stream_timeout);
        request_.flags |= BAY_REQ_STREAM;
        if (!dropped("stream_options")) request_.flags |= BAY_REQ_WANT_USAGE;
        request_.timeouts.first_byte = gap;
        request_.timeouts.idle = gap;
        request_.timeouts.total = milliseconds(0);
    } else {
        request_.timeouts.total = whole;
    }
}

int retries_allowed(const ChatRequest& chat, const Deployment& deployment, const Config& config) {
    constexpr int kDefault = 2;
    if (chat.options.num_retries) return *chat.options.num_retries;
    if (deployment.num_retries) return *deployment.num_retries;
    if (config.router.num_retries) return *config.router.num_retries;
    return config.litellm.num_retries.value_or(kDefault);
}

bool may_retry(const Error& error, std::size_t deployments) {
    if (error.retry == RetryHint::other) return deployments > 1;
    if (error.cls == ErrorClass::authentication || error.cls == ErrorClass::permission) {
        return error.retry != RetryHint::never && deployments > 1;
    }
    return error.retryable();
}

milliseconds retry_delay(const Error& error, bool untried_left, int retry, milliseconds least,
                         double random) {
    if (untried_left) return milliseconds(0);
    const double jitter = 750.0 * random;
    if (error.retry_after && error.retry_after->count() > 0 &&
        *error.retry_after <= milliseconds(60'000)) {
        return *error.retry_after + milliseconds(static_cast<std::int64_t>(jitter));
    }
    const double backoff = std::min(
        std::max(500.0 * std::pow(2.0, retry), static_cast<double>(least.count())), 8000.0);
    return milliseconds(static_cast<std::int64_t>(backoff + jitter));
}

void clean(Error& error, std::span<const Secret> known) {
    constexpr std::size_t kMaxText = 8192;
    constexpr std::size_t kMaxSearched = 4 * kMaxText;
    for (std::string* text : {&error.message, &error.type, &error.param, &error.upstream_body}) {
        if (text->size() > kMaxSearched) text->resize(kMaxSearched);
        redact_secrets(*text, known);
        *text = as_utf8(*text, kMaxText);
    }
}

Error for_client(Error error, const Deployment& deployment, std::string_view group, int retries,
                 int max_retries) {
    std::string message = "litellm." + std::string(error.exception_name()) + ": " +
                          exception_provider(deployment.provider) + " - " + error.message +
                          ". Received Model Group=" + std::string(group);
    if (retries > 0) {
        message += " LiteLLM Retried: " + std::to_string(retries) +
                   " times, LiteLLM Max Retries: " + std::to_string(max_retries);
    }
    error.message = std::move(message);
    error.code.clear();
    if (error.cls == ErrorClass::rate_limit || error.cls == ErrorClass::quota) {
        error.type = "throttling_error";
    }
    return error;
}

}  // namespace patchbay::gateway
