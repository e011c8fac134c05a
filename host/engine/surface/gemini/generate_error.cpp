#include "engine/surface/gemini/generate_error.hpp"

#include <algorithm>
#include <array>
#include <chrono>
#include <patchbay/json_tree.hpp>

#include <boost/json.hpp>

namespace patchbay::surface {

namespace {

namespace json = boost::json;

struct Kind {
    int status;
    std::string_view word;
};

constexpr Kind kInvalid{400, "INVALID_ARGUMENT"};
constexpr Kind kInternal{500, "INTERNAL"};

// google.rpc.Code, by the HTTP status that Google's reference maps each to.
constexpr std::array kKinds{
    kInvalid,
    Kind{401, "UNAUTHENTICATED"},
    Kind{403, "PERMISSION_DENIED"},
    Kind{404, "NOT_FOUND"},
    Kind{409, "ABORTED"},
    Kind{429, "RESOURCE_EXHAUSTED"},
    Kind{499, "CANCELLED"},
    kInternal,
    Kind{501, "UNIMPLEMENTED"},
    Kind{503, "UNAVAILABLE"},
    Kind{504, "DEADLINE_EXCEEDED"},
};

int status_of(const Error& error) {
    switch (error.cls) {
        case ErrorClass::quota:
            return 429;
        case ErrorClass::timeout:
            return 504;
        case ErrorClass::overloaded:
            return 503;
        default:
            break;
    }
    // Google says with 400 what others have statuses of their own for.
    static constexpr std::array kInvalids{402, 413, 422};
    const int status = error.status();
    const bool invalid = std::find(kInvalids.begin(), kInvalids.end(), status) != kInvalids.end();
    return invalid ? kInvalid.status : status;
}

std::string_view word_of(int status) {
    const auto* kind = std::find_if(kKinds.begin(), kKinds.end(),
                                    [&](const Kind& row) { return row.status == status; });
    if (kind != kKinds.end()) return kind->word;
    return status >= 500 ? kInternal.word : kInvalid.word;
}

json::array details_of(const Error& error, std::string_view request_id) {
    json::array details;
    if (error.retry_after && error.retry_after->count() > 0) {
        const auto seconds = std::chrono::ceil<std::chrono::seconds>(*error.retry_after).count();
        details.emplace_back(json::object{{"@type", "type.googleapis.com/google.rpc.RetryInfo"},
                                          {"retryDelay", std::to_string(seconds) + "s"}});
    }
    if (!request_id.empty()) {
        details.emplace_back(json::object{{"@type", "type.googleapis.com/google.rpc.RequestInfo"},
                                          {"requestId", request_id}});
    }
    return details;
}

}  // namespace

std::string generate_error(const Error& error, std::string_view request_id) {
    const int status = status_of(error);
    json::object told{{"code", status}, {"message", error.message}, {"status", word_of(status)}};
    if (auto details = details_of(error, request_id); !details.empty()) {
        told["details"] = std::move(details);
    }
    return json_tree::write(json::object{{"error", std::move(told)}});
}

int generate_error_status(const Error& error) {
    return status_of(error);
}

}  // namespace patchbay::surface
