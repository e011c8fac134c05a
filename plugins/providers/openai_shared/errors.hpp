// What an upstream's failure means: LiteLLM's decision tree for OpenAI-compatible providers, as
// values.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "dialect.hpp"
#include "patchbay/sdk/out.hpp"

namespace patchbay::openai {

/// A failed attempt, ready for bay_out.fail().
struct Failure {
    std::uint32_t cls = BAY_ERR_UPSTREAM;
    int http_status =
        0;  ///< 0: LiteLLM's status of the class (for UPSTREAM its APIConnectionError, 500)
    int upstream_status = 0;
    std::uint32_t retry_after_ms = 0;
    std::string message;
    std::string type;
    std::string code;
    std::string param;
    std::string upstream_body;  ///< at most 16 KB of it
};

/// A complete answer that is not a success. The message is the provider's own; the class comes from
/// its words first and its status second, as in LiteLLM. `now_ms` is the host's clock, for
/// retry-after dates.
Failure openai_error(ErrorFamily family, int status, std::span<const bay_kv> headers,
                     std::string_view body, std::int64_t now_ms);

/// A stream's frame with a top-level "error" member. Its status is the frame's numeric code or
/// status, else 500.
Failure stream_error(ErrorFamily family, std::string_view frame);

/// A call that ended with BAY_FAIL_*: no answer, or not all of it. `detail` is the host's text.
Failure transport_error(std::uint32_t failure, int status, std::string_view detail);

/// A 2xx answer that is not what was asked for.
Failure unreadable_answer(int status, std::string_view body, std::string_view why);

/// Hands `failure` over: calls fail().
bay_status report(const Failure& failure, bay::Out out);

}  // namespace patchbay::openai
