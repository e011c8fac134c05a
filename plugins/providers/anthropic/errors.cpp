// SPDX-License-Identifier: Apache-2.0
#include "errors.hpp"

#include <algorithm>
#include <array>
#include <charconv>
#include <patchbay/sdk.hpp>

namespace patchbay::anthropic {

namespace {

constexpr std::size_t kMaxMessage = 16384;
constexpr double kDayMs = 24.0 * 3600 * 1000;

struct TypeStatus {
    std::string_view type;
    int status;
};

// Anthropic, "Errors": the statuses of the error types. A stream's status line is long gone.
constexpr std::array kTypes{
    TypeStatus{"invalid_request_error", 400}, TypeStatus{"authentication_error", 401},
    TypeStatus{"billing_error", 402},         TypeStatus{"permission_error", 403},
    TypeStatus{"not_found_error", 404},       TypeStatus{"request_too_large", 413},
    TypeStatus{"rate_limit_error", 429},      TypeStatus{"api_error", 500},
    TypeStatus{"timeout_error", 504},         TypeStatus{"overloaded_error", 529},
};

std::string error_type(const json::object& envelope) {
    const auto* error = find_object(envelope, "error");
    return error ? std::string(text(*error, "type")) : std::string();
}

bool says(std::string_view body, std::string_view words) {
    return body.find(words) != std::string_view::npos;
}

struct Sorted {
    std::uint32_t cls;
    int http_status = 0;
};

Sorted sort(int status, std::string_view body) {
    if (says(body, "prompt is too long") || says(body, "prompt: length") ||
        says(body, "exceed context limit")) {
        return {BAY_ERR_CONTEXT_LENGTH};
    }
    if (says(body, "overloaded_error") || says(body, "Overloaded")) return {BAY_ERR_UPSTREAM, 500};
    if (says(body, "Invalid API Key")) return {BAY_ERR_AUTH};
    if (says(body, "content filtering policy")) return {BAY_ERR_CONTENT_POLICY};
    switch (status) {
        case 400:
        case 413:
            return {BAY_ERR_BAD_REQUEST};
        case 401:
            return {BAY_ERR_AUTH};
        case 402:
            return {BAY_ERR_QUOTA};
        case 403:
            return {BAY_ERR_PERMISSION};
        case 404:
            return {BAY_ERR_NOT_FOUND};
        case 408:
        case 504:
            return {BAY_ERR_TIMEOUT};
        case 422:
            return {BAY_ERR_BAD_REQUEST, 422};
        case 429:
            return {BAY_ERR_RATE_LIMIT};
        case 500:
        case 529:
            return {BAY_ERR_UPSTREAM, 500};
        case 502:
            return {BAY_ERR_UPSTREAM, 502};
        case 503:
            return {BAY_ERR_UPSTREAM, 503};
        default:
            return {BAY_ERR_UPSTREAM};
    }
}

}  // namespace

Failure failure_of_status(int status, std::string_view body) {
    const auto sorted = sort(status, body);
    Failure failure;
    failure.cls = sorted.cls;
    failure.http_status = sorted.http_status;
    failure.upstream_status = status;
    failure.message = body.substr(0, kMaxMessage);
    if (body.empty()) failure.message = "HTTP status " + std::to_string(status) + " without a body";
    failure.upstream_body = body;
    const auto parsed = parse_json(body);
    // A rate limit has a type of its own at the gateway.
    if (parsed && parsed->is_object() && failure.cls != BAY_ERR_RATE_LIMIT) {
        failure.type = error_type(parsed->get_object());
    }
    return failure;
}

Failure failure_of_event(const json::object& event, std::string_view data) {
    const auto type = error_type(event);
    const auto* known = std::find_if(kTypes.begin(), kTypes.end(),
                                     [&](const TypeStatus& t) { return t.type == type; });
    return failure_of_status(known == kTypes.end() ? 500 : known->status, data);
}

Failure failure_of_call(const bay_ev_http& done) {
    Failure failure;
    failure.upstream_status = done.status;
    const auto what = bay::sv(done.error);
    switch (done.failure) {
        case BAY_FAIL_CONNECT:
            failure.message = "Connection to Anthropic failed";
            break;
        case BAY_FAIL_TIMEOUT:
            failure.cls = BAY_ERR_TIMEOUT;
            failure.message = "Anthropic did not answer in time";
            break;
        case BAY_FAIL_RESET:
            failure.message = "Anthropic broke the connection off";
            break;
        case BAY_FAIL_FRAMING:
            failure.message = "Unreadable answer from Anthropic";
            break;
        case BAY_FAIL_LIMIT:
            failure.message = "The answer from Anthropic is too long";
            break;
        case BAY_FAIL_DENIED:
            failure.retry = BAY_RETRY_OTHER;
            failure.message = "The endpoint is not on the list of permitted ones";
            break;
        default:
            failure.message = "The call to Anthropic failed";
            break;
    }
    if (!what.empty()) failure.message.append(": ").append(what);
    return failure;
}

std::uint32_t retry_after_ms(const bay_kv* headers, std::uint64_t count) {
    const auto number = [&](std::string_view name, double unit_ms) -> double {
        const auto value = bay::find(headers, count, name);
        double amount = 0;
        const auto [end, error] =
            std::from_chars(value.data(), value.data() + value.size(), amount);
        const bool whole = error == std::errc() && end == value.data() + value.size();
        return whole && amount > 0 ? std::min(amount * unit_ms, kDayMs) : 0;
    };
    const auto exact = number("retry-after-ms", 1);
    return static_cast<std::uint32_t>(exact > 0 ? exact : number("retry-after", 1000));
}

}  // namespace patchbay::anthropic
