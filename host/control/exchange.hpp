// One management request and its answer, without HTTP.
//
// In this room a refusal is an exception: dispatch.cpp, which calls every handler, is the one place that
// catches them. Management is not on the path of calls, and its handlers read from top to bottom this way.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

#include "config/secret.hpp"

namespace patchbay::control {

struct Ask {
    std::string method;
    std::string path;          ///< without query
    std::string query;         ///< without '?'
    std::string text;          ///< the body as it came
    Secret key;                ///< what the client presents; empty if nothing
    std::string address{};     ///< of the client
    std::string changed_by{};  ///< litellm-changed-by

    boost::json::object body{};  ///< the body as an object; filled by dispatch
    std::string hole{};          ///< what stands in the path in the place of {..}
};

struct Answer {
    int status = 200;
    std::string body;  ///< JSON
};

/// Thrown by whatever refuses a request.
struct Refused {
    Answer answer;
};

/// LiteLLM's ProxyException: {"error": {"message", "type", "param", "code"}}.
[[noreturn]] void refuse(int status, std::string_view type, const std::string& message,
                         std::string_view param = {});
/// What LiteLLM's handlers answer by themselves: {"detail": {"error": message}}.
[[noreturn]] void refuse_detail(int status, const std::string& message);
/// FastAPI's 422 for one member of the body or the query: {"detail": [{"type", "loc", "msg"}]}.
[[noreturn]] void refuse_value(std::string_view where, std::string_view member,
                               std::string_view type, std::string_view message);
[[noreturn]] void refuse_missing(std::string_view where, std::string_view member);

}  // namespace patchbay::control
