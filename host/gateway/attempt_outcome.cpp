#include "gateway/attempt_outcome.hpp"

#include <algorithm>
#include <utility>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "gateway/call_line.hpp"

namespace patchbay::gateway {

namespace asio = boost::asio;

asio::awaitable<std::optional<Error>> prepare_retry(Call& call, const ChatRequest& chat,
                                                    const ModelGroup& group,
                                                    const Deployment& chosen,
                                                    std::vector<const Deployment*>& tried,
                                                    Error failed, bool sent) {
    clean(failed, call.snapshot->secrets);
    const int allowed = retries_allowed(chat, *call.deployment, call.snapshot->config);
    const bool again = !sent && call.retries < allowed &&
                       may_retry(failed, group.deployments.size()) && any_available(group);
    log_attempt(call, &failed);
    if (!again) {
        co_return for_client(std::move(failed), *call.deployment, group.name, call.retries,
                             allowed);
    }
    if (std::find(tried.begin(), tried.end(), &chosen) == tried.end()) tried.push_back(&chosen);
    const auto delay = retry_delay(failed, untried_left(group, tried), call.retries,
                                   call.snapshot->config.router.retry_after, call.world.uniform());
    ++call.retries;
    if (delay.count() > 0) {
        asio::steady_timer timer(call.world.loop.io, delay);
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

}  // namespace patchbay::gateway
