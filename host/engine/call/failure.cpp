#include "engine/call/failure.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "contract/json/utf8_text.hpp"
#include "engine/call/attempt_log.hpp"
#include "engine/surface/redaction.hpp"
#include "engine/world/provider_name.hpp"

namespace patchbay {

namespace asio = boost::asio;
using std::chrono::milliseconds;

int retries_allowed(const RequestOptions& options, const Deployment& deployment,
                    const Config& config) {
    constexpr int kDefault = 2;
    if (options.num_retries) return *options.num_retries;
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

asio::awaitable<std::optional<Error>> prepare_retry(Call& call, Candidates& candidates,
                                                    const Deployment& chosen, Error failed,
                                                    bool committed) {
    clean(failed, call.world->secrets);
    const int allowed = retries_allowed(call.ask.options, *call.deployment, call.world->config);
    const bool again = !committed && call.retries < allowed &&
                       may_retry(failed, candidates.count()) && candidates.any_available();
    log_attempt(call, &failed);
    if (!again) {
        co_return for_client(std::move(failed), *call.deployment, call.group, call.retries,
                             allowed);
    }
    candidates.tried(chosen);
    const auto delay = retry_delay(failed, candidates.untried_left(), call.retries,
                                   call.world->config.router.retry_after, call.engine.uniform());
    ++call.retries;
    if (delay.count() > 0) {
        asio::steady_timer timer(call.engine.loop.io, delay);
        co_await timer.async_wait(asio::use_awaitable);
    }
    co_return std::nullopt;
}

namespace {

bool is_clients_doing(const Error& error, const RequestOptions& options) {
    constexpr int kClientClosedRequest = 499;
    constexpr int kContentTooLarge = 413;
    if (error.http_status == kClientClosedRequest || error.status() == kContentTooLarge)
        return true;
    return error.cls == ErrorClass::timeout && (options.timeout || options.stream_timeout);
}

}  // namespace

void count_for_trial(const Deployment& chosen, const Deployment& version,
                     const RequestOptions& options, const std::optional<Error>& failed) {
    if (!chosen.trial || (failed && is_clients_doing(*failed, options))) return;
    if (&version == chosen.canary.get()) {
        chosen.trial->count_new(failed.has_value());
    } else {
        chosen.trial->count_old(failed.has_value());
    }
}

}  // namespace patchbay
