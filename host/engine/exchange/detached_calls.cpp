#include "engine/exchange/detached_calls.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <spdlog/spdlog.h>

#include "contract/actions/egress.hpp"
#include "contract/http/url.hpp"
#include "patchbay/exchange.h"

namespace patchbay {

namespace asio = boost::asio;

asio::execution_context::id DetachedCalls::id;

DetachedCalls::DetachedCalls(asio::execution_context& context) : service(context) {}

// The exchange that the views of an action belong to is gone before the call is sent.
struct DetachedCalls::Owned {
    explicit Owned(const HttpAction& from) : method(from.method), url(from.url) {
        for (const http::Header& header : from.headers) {
            headers.emplace_back(header.name, header.value);
        }
        for (const std::string_view part : from.body) body += part;
    }
    std::string method;
    std::string url;
    std::vector<std::pair<std::string, std::string>> headers;
    std::string body;
    http::Timeouts timeouts;
    bool verify_tls = true;
    bool repeatable = false;
    std::string component;
};

bool DetachedCalls::start(http::Client& client, const HttpAction& action, bool verify_tls,
                          const std::string& component) {
    if (under_way_ >= kMaxUnderWay) {
        spdlog::warn("plugin component '{}': a detached call to {} is not made: {} are under way",
                     component, origin_of(action.url), under_way_);
        return false;
    }
    Owned call(action);
    call.timeouts.total = kTotal;
    if (action.total_ms != 0) {
        call.timeouts.total = std::min(kTotal, std::chrono::milliseconds(action.total_ms));
    }
    call.timeouts.connect = call.timeouts.total;
    call.timeouts.idle = std::chrono::milliseconds(action.idle_ms);
    call.verify_tls = verify_tls;
    call.repeatable = (action.flags & BAY_HTTP_REPEATABLE) != 0;
    call.component = component;
    ++under_way_;
    asio::co_spawn(static_cast<asio::io_context&>(context()), run(client, std::move(call)),
                   [this](std::exception_ptr) {
                       --under_way_;
                       tell_if_idle();
                   });
    return true;
}

asio::awaitable<void> DetachedCalls::run(http::Client& client, Owned call) {
    const auto failed = [&](std::string_view why) {
        spdlog::warn("plugin component '{}': a detached call to {} failed: {}", call.component,
                     origin_of(call.url), why);
    };
    const auto url = http::parse_url(call.url);
    if (!url) co_return failed("not an http or https URL");
    std::vector<http::Header> headers;
    headers.reserve(call.headers.size());
    for (const auto& [name, value] : call.headers) headers.push_back({name, value});
    const std::string_view body(call.body);
    http::Request request;
    request.method = call.method.empty() ? std::string_view("POST") : call.method;
    request.url = *url;
    request.headers = headers;
    if (!body.empty()) request.body = {&body, 1};
    request.timeouts = call.timeouts;
    request.verify_tls = call.verify_tls;
    request.repeatable = call.repeatable;
    auto response = co_await client.send(request);
    if (!response) co_return failed(response.error().text);
    if (response->status() / 100 != 2) failed("status " + std::to_string(response->status()));
    constexpr std::size_t kMaxRead = 64u << 10;  // so that the connection can serve again
    for (std::size_t got = 0; got < kMaxRead;) {
        const auto piece = co_await response->read();
        if (!piece || piece->empty()) co_return;
        got += piece->size();
    }
}

void DetachedCalls::tell_if_idle() {
    if (under_way_ == 0 && expected_ == 0 && idle_) std::exchange(idle_, nullptr)();
}

void DetachedCalls::when_idle(std::function<void()> idle) {
    idle_ = std::move(idle);
    tell_if_idle();
}

}  // namespace patchbay
