#include "engine/surface/anthropic/messages_error.hpp"

#include <algorithm>
#include <array>
#include <patchbay/json_tree.hpp>

#include <boost/json.hpp>

namespace patchbay::surface {

namespace {

namespace json = boost::json;

struct Kind {
    int status;
    std::string_view type;
};

constexpr Kind kBadRequest{400, "invalid_request_error"};
constexpr Kind kBilling{402, "billing_error"};
constexpr Kind kTimeout{504, "timeout_error"};
constexpr Kind kOverloaded{529, "overloaded_error"};
constexpr Kind kInternal{500, "api_error"};

// Anthropic, "Errors".
constexpr std::array kKinds{
    kBadRequest,
    Kind{401, "authentication_error"},
    kBilling,
    Kind{403, "permission_error"},
    Kind{404, "not_found_error"},
    Kind{408, "timeout_error"},  // the gateway's own status of a time that ran out
    Kind{413, "request_too_large"},
    Kind{429, "rate_limit_error"},
    kTimeout,
    kOverloaded,
};

std::string_view type_of(int status) {
    const auto* kind = std::find_if(kKinds.begin(), kKinds.end(),
                                    [&](const Kind& row) { return row.status == status; });
    if (kind != kKinds.end()) return kind->type;
    return status >= 500 ? kInternal.type : kBadRequest.type;
}

Kind kind_of(const Error& error) {
    switch (error.cls) {
        case ErrorClass::quota:
            return kBilling;
        case ErrorClass::timeout:
            return kTimeout;
        case ErrorClass::overloaded:
            return kOverloaded;
        default:
            // LiteLLM calls it a fault of the server, as OpenAI's clients know no such status.
            if (error.upstream_status == kOverloaded.status) return kOverloaded;
            return {error.status(), type_of(error.status())};
    }
}

}  // namespace

std::string messages_error(const Error& error, std::string_view request_id) {
    json::object told{{"type", kind_of(error).type}, {"message", error.message}};
    json::object whole{{"type", "error"}, {"error", std::move(told)}, {"request_id", nullptr}};
    if (!request_id.empty()) whole["request_id"] = request_id;
    return json_tree::write(whole);
}

int messages_error_status(const Error& error) {
    return kind_of(error).status;
}

}  // namespace patchbay::surface
