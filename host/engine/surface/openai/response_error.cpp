#include "engine/surface/openai/response_error.hpp"

#include <patchbay/json_tree.hpp>

#include <boost/json.hpp>

namespace patchbay::surface {

std::string_view response_error_code(const Error& error) {
    switch (error.cls) {
        case ErrorClass::rate_limit:
            return "rate_limit_exceeded";
        case ErrorClass::quota:
            return "insufficient_quota";
        case ErrorClass::context_length:
            return "context_length_exceeded";
        case ErrorClass::content_policy:
            return "content_filter";
        case ErrorClass::bad_request:
        case ErrorClass::unsupported:
            return "invalid_prompt";
        default:
            return "server_error";
    }
}

std::string response_error_event(const Error& error, std::uint64_t number) {
    return json_tree::write(boost::json::object{
        {"type", "error"},
        {"sequence_number", number},
        {"code", response_error_code(error)},
        {"message", error.message},
        {"param", error.param.empty() ? boost::json::value() : boost::json::value(error.param)}});
}

}  // namespace patchbay::surface
