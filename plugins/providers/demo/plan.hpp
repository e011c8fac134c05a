// Decides what the answer to a request will be; how it is sent is chat.cpp's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "json_access.hpp"
#include "patchbay/sdk.hpp"

namespace patchbay::demo {

struct ToolCall {
    std::string id;
    std::string name;
    std::string arguments;  ///< JSON text
};

/// A request that fails, by its own fault or because it asked to.
struct Failure {
    std::uint32_t cls = BAY_ERR_BAD_REQUEST;
    std::int32_t http_status = 0;  ///< 0 = from `cls`
    std::string message;
    std::string type;
    std::string code;
    std::string param;
    bool mid_stream = false;  ///< a stream begins, then breaks with this
};

/// Everything about one answer. `n` choices are alike.
struct Plan {
    std::optional<std::string> content;
    std::vector<ToolCall> tool_calls;
    std::string finish_reason = "stop";
    std::uint64_t prompt_tokens = 0;
    std::uint64_t completion_tokens = 0;
    unsigned n = 1;
    bool include_usage = false;  ///< the client wants a usage chunk
    std::uint32_t first_delay_ms = 0;
    std::uint32_t chunk_delay_ms = 0;
    json::object given;  ///< mock_response was an object: the answer itself
    std::optional<Failure> failure;
};

/// `body`: the client's request. `params`: settings of the deployment, which the body overrides.
/// `delay_ms`: of the instance. Follows LiteLLM's mock parameters: mock_response (a text, an
/// answer, or the name of an error), mock_tool_calls, mock_delay (seconds), mock_timeout with
/// timeout (seconds).
Plan make_plan(const json::object& body, const json::object& params, std::uint32_t delay_ms);

}  // namespace patchbay::demo
