#include "engine/surface/bedrock/converse_error.hpp"

#include <algorithm>
#include <array>
#include <patchbay/json_tree.hpp>

#include <boost/json.hpp>

namespace patchbay::surface {

namespace {

/// An exception of Bedrock Runtime's.
struct Kind {
    int status;
    std::string_view type;
    std::string_view in_stream;
};

constexpr std::string_view kStreamError = "modelStreamErrorException";
constexpr Kind kInvalid{400, "ValidationException", "validationException"};
constexpr Kind kQuota{400, "ServiceQuotaExceededException", "throttlingException"};
constexpr Kind kKey{403, "UnrecognizedClientException", kStreamError};
constexpr Kind kDenied{403, "AccessDeniedException", kStreamError};
constexpr Kind kMissing{404, "ResourceNotFoundException", kStreamError};
constexpr Kind kTimeout{408, "ModelTimeoutException", kStreamError};
constexpr Kind kThrottled{429, "ThrottlingException", "throttlingException"};
constexpr Kind kInternal{500, "InternalServerException", "internalServerException"};
constexpr Kind kUnavailable{503, "ServiceUnavailableException", "serviceUnavailableException"};

// Bedrock Runtime's model of its API, "Converse" and "ConverseStream", by status.
constexpr std::array kKinds{kInvalid,   kDenied,   kMissing,    kTimeout,
                            kThrottled, kInternal, kUnavailable};

// By status where the class does not say it: a gateway's 405 or 413 has no word of AWS's.
Kind by_status(int status) {
    const auto* kind = std::find_if(kKinds.begin(), kKinds.end(),
                                    [&](const Kind& row) { return row.status == status; });
    if (kind != kKinds.end()) return *kind;
    return status >= 500 ? kInternal : kInvalid;
}

Kind kind_of(const Error& error) {
    switch (error.cls) {
        case ErrorClass::authentication:
            return kKey;
        case ErrorClass::permission:
            return kDenied;
        case ErrorClass::quota:
            return kQuota;
        case ErrorClass::timeout:
            return kTimeout;
        case ErrorClass::overloaded:
            return kUnavailable;
        default:
            return by_status(error.status());
    }
}

}  // namespace

std::string converse_error(const Error& error, std::string_view) {
    return json_tree::write(boost::json::object{{"message", error.message}});
}

int converse_error_status(const Error& error) {
    return kind_of(error).status;
}

std::string_view converse_error_type(const Error& error) {
    return kind_of(error).type;
}

std::string_view converse_stream_exception(const Error& error) {
    return kind_of(error).in_stream;
}

}  // namespace patchbay::surface
