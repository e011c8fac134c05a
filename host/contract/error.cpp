#include "contract/error.hpp"

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

#include <boost/json.hpp>

namespace patchbay {

namespace {

struct ClassFacts {
    int status;
    std::string_view name;
};

// LiteLLM's exception classes and their statuses (its exceptions.py).
ClassFacts facts_of(ErrorClass cls) {
    switch (cls) {
        case ErrorClass::bad_request:
            return {400, "BadRequestError"};
        case ErrorClass::authentication:
            return {401, "AuthenticationError"};
        case ErrorClass::permission:
            return {403, "PermissionDeniedError"};
        case ErrorClass::not_found:
            return {404, "NotFoundError"};
        case ErrorClass::rate_limit:
            return {429, "RateLimitError"};
        case ErrorClass::quota:
            return {429, "RateLimitError"};
        case ErrorClass::context_length:
            return {400, "ContextWindowExceededError"};
        case ErrorClass::content_policy:
            return {400, "ContentPolicyViolationError"};
        case ErrorClass::timeout:
            return {408, "Timeout"};
        case ErrorClass::overloaded:
            return {503, "ServiceUnavailableError"};
        case ErrorClass::unsupported:
            return {400, "UnsupportedParamsError"};
        case ErrorClass::upstream:
        case ErrorClass::unknown:
            break;
    }
    return {500, "APIConnectionError"};
}

// Statuses of a provider's for which LiteLLM has no class of its own.
bool is_rare(int status) {
    constexpr int kClassed[] = {400, 401, 403, 404, 408, 422, 429};
    return status >= 400 && status <= 499 &&
           std::find(std::begin(kClassed), std::end(kClassed), status) == std::end(kClassed);
}

// LiteLLM's words for an error whose provider has none.
std::string_view type_of(int status) {
    if (status == 401) return "authentication_error";
    if (status == 429) return "throttling_error";
    return status < 500 ? "invalid_request_error" : "internal_server_error";
}

}  // namespace

Error bad_request(std::string message, std::string param) {
    Error error;
    error.cls = ErrorClass::bad_request;
    error.type = "invalid_request_error";
    error.message = std::move(message);
    error.param = std::move(param);
    return error;
}

Error wrong_value(std::string_view param, std::string_view expected) {
    const std::string name(param);
    return bad_request("Invalid value for '" + name + "': expected " + std::string(expected) + ".",
                       name);
}

int Error::status() const {
    return http_status != 0 ? http_status : facts_of(cls).status;
}

std::string_view Error::exception_name() const {
    if (upstream_status != 0 && is_rare(status())) return "APIError";
    if (cls == ErrorClass::bad_request && http_status == 422) return "UnprocessableEntityError";
    if (cls == ErrorClass::upstream || cls == ErrorClass::unknown) {
        switch (http_status) {
            case 0:
                return "APIConnectionError";
            case 500:
                return "InternalServerError";
            case 502:
                return "BadGatewayError";
            case 503:
                return "ServiceUnavailableError";
            default:
                return "APIError";
        }
    }
    return facts_of(cls).name;
}

bool Error::retryable() const {
    if (retry == RetryHint::never) return false;
    if (retry == RetryHint::same || retry == RetryHint::other) return true;
    const int s = status();
    return s == 408 || s == 409 || s == 429 || s >= 500;
}

void throw_exception_from_error(const Error& e, const boost::source_location&) {
    throw std::runtime_error(e.message);
}

std::string error_json(const Error& e) {
    const auto param = e.param.empty() ? boost::json::value(nullptr) : boost::json::value(e.param);
    boost::json::object error{{"message", e.message},
                              {"type", e.type.empty() ? type_of(e.status()) : e.type},
                              {"param", param},
                              {"code", e.code.empty() ? std::to_string(e.status()) : e.code}};
    return boost::json::serialize(boost::json::object{{"error", std::move(error)}});
}

}  // namespace patchbay
