// What went wrong with a call: one class that routing acts on, and what the client is told.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include <boost/system/result.hpp>

namespace patchbay {

/// Values are those of BAY_ERR_* in patchbay/provider.h, so that a plugin's class is taken as it
/// is.
enum class ErrorClass : std::uint32_t {
    unknown = 0,
    bad_request = 1,
    authentication = 2,
    permission = 3,
    not_found = 4,
    rate_limit = 5,
    quota = 6,
    context_length = 7,
    content_policy = 8,
    timeout = 9,
    overloaded = 10,
    upstream = 11,
    unsupported = 12,
};

/// What a retry may do, BAY_RETRY_*.
enum class RetryHint : std::uint32_t { by_class = 0, never = 1, same = 2, other = 3 };

/// A failed call or attempt. A value: copied and moved freely.
struct Error {
    ErrorClass cls = ErrorClass::unknown;
    int http_status = 0;  ///< for the client; 0 = from cls
    RetryHint retry = RetryHint::by_class;
    std::optional<std::chrono::milliseconds> retry_after;
    int upstream_status = 0;
    std::string message;
    std::string type;  ///< of OpenAI's error object; empty = from cls
    std::string code;  ///< empty = the status as text, as LiteLLM
    std::string param;
    std::string upstream_body;  ///< for the log only

    /// Status for the client: http_status, or what LiteLLM gives this class.
    int status() const;
    /// LiteLLM's exception class: "RateLimitError", "ContextWindowExceededError", ...
    std::string_view exception_name() const;
    /// May another attempt succeed? By the class and the plugin's hint (spec: LiteLLM's
    /// _should_retry).
    bool retryable() const;
};

[[noreturn]] void throw_exception_from_error(const Error& e, const boost::source_location& where);

/// What a client did wrong: 400, OpenAI's type "invalid_request_error".
Error bad_request(std::string message, std::string param = {});
/// The same for a parameter that should be something else: "a whole number".
Error wrong_value(std::string_view param, std::string_view expected);

template <class T>
using Result = boost::system::result<T, Error>;

/// OpenAI's error object {"error":{...}}; an error without a type has LiteLLM's for its status.
std::string error_json(const Error& e);

}  // namespace patchbay
