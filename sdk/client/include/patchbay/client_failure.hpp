// SPDX-License-Identifier: Apache-2.0
// patchbay/client_failure.hpp -- why a call failed, as a value and as an exception. A part of
// patchbay/client.hpp, which programs include.
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <variant>

#include "patchbay/client.h"

namespace patchbay {

namespace detail {

inline std::string_view text(bay_str view) {
    return {view.ptr, view.len};
}
inline bay_str view(std::string_view text) {
    return {text.data() ? text.data() : "", text.size()};
}

/// What stands at `pointer` of a document; nothing if it is not there.
inline std::optional<std::string> at(std::string_view json, std::string_view pointer) {
    std::string found(256, '\0');
    std::size_t size = found.size();
    bay_status status = bay_json_at(view(json), view(pointer), found.data(), &size);
    if (status == BAY_E_LIMIT) {
        found.resize(size);
        status = bay_json_at(view(json), view(pointer), found.data(), &size);
    }
    if (status != BAY_OK) return std::nullopt;
    found.resize(size);
    return found;
}

/// `text` as a JSON string with its quotes.
inline std::string quoted(std::string_view text) {
    constexpr std::string_view kHex = "0123456789abcdef";
    std::string json = "\"";
    for (const char c : text) {
        const auto byte = static_cast<unsigned char>(c);
        if (c == '"' || c == '\\') {
            (json += '\\') += c;
        } else if (byte < 0x20) {
            ((json += "\\u00") += kHex[byte >> 4]) += kHex[byte & 15];
        } else {
            json += c;
        }
    }
    return json += '"';
}

}  // namespace detail

/// What went wrong with a call: how BAY_CALL_FAILED tells it.
struct Failure {
    std::string message;
    std::string
        exception;     ///< LiteLLM's class: "RateLimitError", "ContextWindowExceededError", ...
    std::string type;  ///< of OpenAI's error object; may be empty, as may all that follow
    std::string code;
    std::string param;
    std::string provider;
    std::string model;
    std::string upstream_body;  ///< what the provider said
    int status = 0;             ///< of HTTP: 429, ...; 499: the call was cancelled
    std::optional<std::chrono::milliseconds> retry_after;

    /// Reads the data of a BAY_CALL_FAILED.
    static Failure read(std::string_view json) {
        const auto text = [&](std::string_view name) {
            return detail::at(json, name).value_or("");
        };
        Failure failure;
        failure.message = text("/message");
        failure.exception = text("/exception");
        failure.type = text("/type");
        failure.code = text("/code");
        failure.param = text("/param");
        failure.provider = text("/provider");
        failure.model = text("/model");
        failure.upstream_body = text("/upstream_body");
        failure.status = std::atoi(text("/status").c_str());
        if (const auto seconds = detail::at(json, "/retry_after")) {
            failure.retry_after = std::chrono::milliseconds(
                static_cast<std::int64_t>(std::strtod(seconds->c_str(), nullptr) * 1000));
        }
        return failure;
    }
};

/// A failure, thrown.
class Error : public std::runtime_error {
  public:
    explicit Error(Failure failure)
        : std::runtime_error(failure.message), failure_(std::move(failure)) {}
    const Failure& failure() const { return failure_; }
    int status() const { return failure_.status; }

  private:
    Failure failure_;
};

// LiteLLM's classes. What is more special is also what it is a case of.
struct APIError : Error {
    using Error::Error;
};
struct APIConnectionError : Error {
    using Error::Error;
};
struct AuthenticationError : Error {
    using Error::Error;
};
struct PermissionDeniedError : Error {
    using Error::Error;
};
struct NotFoundError : Error {
    using Error::Error;
};
struct RateLimitError : Error {
    using Error::Error;
};
struct InternalServerError : Error {
    using Error::Error;
};
struct ServiceUnavailableError : Error {
    using Error::Error;
};
struct BadGatewayError : Error {
    using Error::Error;
};
struct UnprocessableEntityError : Error {
    using Error::Error;
};
struct BudgetExceededError : Error {
    using Error::Error;
};
struct Timeout : APIConnectionError {
    using APIConnectionError::APIConnectionError;
};
struct BadRequestError : Error {
    using Error::Error;
};
struct ContextWindowExceededError : BadRequestError {
    using BadRequestError::BadRequestError;
};
struct ContentPolicyViolationError : BadRequestError {
    using BadRequestError::BadRequestError;
};
struct UnsupportedParamsError : BadRequestError {
    using BadRequestError::BadRequestError;
};

/// Throws the exception of the failure's class; an APIError if it has none of its own here.
[[noreturn]] inline void throw_failure(Failure failure) {
    struct Row {
        std::string_view name;
        void (*raise)(Failure);
    };
    static constexpr Row kRows[] = {
        {"APIConnectionError", [](Failure f) { throw APIConnectionError(std::move(f)); }},
        {"AuthenticationError", [](Failure f) { throw AuthenticationError(std::move(f)); }},
        {"PermissionDeniedError", [](Failure f) { throw PermissionDeniedError(std::move(f)); }},
        {"NotFoundError", [](Failure f) { throw NotFoundError(std::move(f)); }},
        {"RateLimitError", [](Failure f) { throw RateLimitError(std::move(f)); }},
        {"InternalServerError", [](Failure f) { throw InternalServerError(std::move(f)); }},
        {"ServiceUnavailableError", [](Failure f) { throw ServiceUnavailableError(std::move(f)); }},
        {"BadGatewayError", [](Failure f) { throw BadGatewayError(std::move(f)); }},
        {"UnprocessableEntityError",
         [](Failure f) { throw UnprocessableEntityError(std::move(f)); }},
        {"BudgetExceededError", [](Failure f) { throw BudgetExceededError(std::move(f)); }},
        {"Timeout", [](Failure f) { throw Timeout(std::move(f)); }},
        {"BadRequestError", [](Failure f) { throw BadRequestError(std::move(f)); }},
        {"ContextWindowExceededError",
         [](Failure f) { throw ContextWindowExceededError(std::move(f)); }},
        {"ContentPolicyViolationError",
         [](Failure f) { throw ContentPolicyViolationError(std::move(f)); }},
        {"UnsupportedParamsError", [](Failure f) { throw UnsupportedParamsError(std::move(f)); }},
    };
    for (const Row& row : kRows) {
        if (row.name == failure.exception) row.raise(std::move(failure));
    }
    throw APIError(std::move(failure));
}

/// A value, or why there is none.
template <class T>
class Result {
  public:
    Result(T value) : held_(std::in_place_index<0>, std::move(value)) {}
    Result(Failure failure) : held_(std::in_place_index<1>, std::move(failure)) {}

    explicit operator bool() const { return held_.index() == 0; }
    /// Throws the failure if there is one.
    T& value() & {
        if (held_.index() == 1) throw_failure(std::get<1>(held_));
        return std::get<0>(held_);
    }
    T&& value() && { return std::move(value()); }
    T* operator->() { return &value(); }
    T& operator*() { return value(); }
    /// Only if there is no value.
    const Failure& error() const { return std::get<1>(held_); }

  private:
    std::variant<T, Failure> held_;
};

}  // namespace patchbay
