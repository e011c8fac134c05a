#include "errors.hpp"

#include <optional>

#include "failure/error_class.hpp"
#include "patchbay/sdk/retry_after.hpp"

namespace patchbay::openai {

namespace {

constexpr std::size_t kBodyKept = 16 * 1024;
constexpr std::size_t kMessageKept = 4 * 1024;

using shared::StatusRule;

// Raw HTTP clients in LiteLLM: a 403 is a key that is refused.
constexpr StatusRule kOpenAiLike[] = {
    {403, 403, BAY_ERR_AUTH, 401, shared::kAccount, shared::kAccount},
    {424, 424, BAY_ERR_BAD_REQUEST, 400, shared::kNoRefinement, shared::kNoRefinement},
};

std::span<const StatusRule> own_rules(ErrorFamily family) {
    if (family == ErrorFamily::openai_like) return kOpenAiLike;
    return {};
}

/// The class that another gateway of LiteLLM's kind wrote before its message, where it says more
/// than the status.
std::optional<shared::ErrorClass> by_class_name(int status, std::string_view message) {
    constexpr int kBadRequest = 400;
    if (status != kBadRequest) return std::nullopt;
    if (message.starts_with("litellm.ContextWindowExceededError")) {
        return shared::ErrorClass{BAY_ERR_CONTEXT_LENGTH, kBadRequest};
    }
    if (message.starts_with("litellm.ContentPolicyViolationError")) {
        return shared::ErrorClass{BAY_ERR_CONTENT_POLICY, kBadRequest};
    }
    return std::nullopt;
}

std::string silent(int status) {
    const std::string number = std::to_string(status);
    if (status >= 300 && status <= 399) {
        return "the provider answered with status " + number +
               ", a redirect, which is not followed: is api_base right?";
    }
    return "the provider answered with status " + number + " and no text";
}

/// `status`: of HTTP, or 0 for an error that came without one.
Failure classified(ErrorFamily family, int status, std::string_view body) {
    const shared::ErrorText error = shared::read_error(body);
    Failure failure;
    failure.upstream_status = shared::status_of(status, error);
    failure.upstream_body = body.substr(0, kBodyKept);
    failure.message = error.message;
    failure.type = error.type;
    failure.code = error.code;
    failure.param = error.param;
    const bool redirect = status >= 300 && status <= 399;
    if (failure.message.empty() && !redirect) failure.message = body.substr(0, kMessageKept);
    if (failure.message.empty()) failure.message = silent(failure.upstream_status);
    std::optional<shared::ErrorClass> cls;
    if (family == ErrorFamily::litellm_proxy)
        cls = by_class_name(failure.upstream_status, error.message);
    if (!cls) cls = shared::classify(status, error, own_rules(family));
    failure.cls = cls->cls;
    failure.http_status = cls->http_status;
    failure.retry = cls->retry;
    return failure;
}

}  // namespace

Failure openai_error(ErrorFamily family, int status, std::span<const bay_kv> headers,
                     std::string_view body, std::int64_t now_ms) {
    Failure failure = classified(family, status, body);
    failure.retry_after_ms = bay::retry_after_ms(headers.data(), headers.size(), now_ms);
    return failure;
}

Failure answer_error(ErrorFamily family, std::string_view body) {
    return classified(family, 0, body);
}

bool says_error(std::string_view body) {
    const shared::ErrorText error = shared::read_error(body);
    return error.error_member || !error.message.empty();
}

Failure transport_error(std::uint32_t failure, int status, std::string_view detail) {
    Failure out;
    out.upstream_status = status;
    const auto describe = [&](std::string_view what) {
        out.message = what;
        if (!detail.empty()) out.message.append(": ").append(detail);
    };
    switch (failure) {
        case BAY_FAIL_TIMEOUT:
            out.cls = BAY_ERR_TIMEOUT;
            out.http_status = 408;
            describe("the provider did not answer in time");
            break;
        case BAY_FAIL_CONNECT:
            describe("no connection to the provider");
            break;
        case BAY_FAIL_DENIED:
            out.cls = BAY_ERR_BAD_REQUEST;
            out.http_status = 400;
            describe("the provider's address is not allowed");
            break;
        case BAY_FAIL_LIMIT:
            out.http_status = 502;
            describe("the provider's answer is too large");
            break;
        case BAY_FAIL_FRAMING:
            out.http_status = 502;
            describe("the provider's answer is not readable");
            break;
        default:
            describe("the provider's answer was cut off");
            break;
    }
    return out;
}

Failure given_up_answer(const GivenUp& end, int status) {
    Failure out;
    out.cls = end.cls;
    out.upstream_status = status;
    out.message = std::string("the provider gave the answer up: finish_reason ").append(end.reason);
    out.code = end.reason;
    return out;
}

Failure unreadable_answer(int status, std::string_view body, std::string_view why) {
    Failure out;
    out.http_status = 502;
    out.upstream_status = status;
    out.message = why;
    out.upstream_body = body.substr(0, kBodyKept);
    return out;
}

}  // namespace patchbay::openai
