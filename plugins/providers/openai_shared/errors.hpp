// What an upstream's failure means to an OpenAI-compatible provider, as values. The classes are
// those of plugins/shared/failure.
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
    std::uint32_t retry = BAY_RETRY_BY_CLASS;
    std::uint32_t retry_after_ms = 0;
    std::string message;
    std::string type;
    std::string code;
    std::string param;
    std::string upstream_body;  ///< at most 16 KB of it
};

/// A complete answer whose status is no success. The message is the provider's own. `now_ms` is the
/// host's clock, for retry-after dates.
Failure openai_error(ErrorFamily family, int status, std::span<const bay_kv> headers,
                     std::string_view body, std::int64_t now_ms);

/// An error where an answer was expected: the body of a 2xx, or an event of a stream. What it says
/// of itself counts as its status, else 500.
Failure answer_error(ErrorFamily family, std::string_view body);

/// True if `body`, which is no answer, is a JSON document that says what is wrong.
bool says_error(std::string_view body);

/// A call that ended with BAY_FAIL_*: no answer, or not all of it. `detail` is the host's text.
Failure transport_error(std::uint32_t failure, int status, std::string_view detail);

/// A 2xx answer that is not what was asked for.
Failure unreadable_answer(int status, std::string_view body, std::string_view why);

/// Hands `failure` over: calls fail().
bay_status report(const Failure& failure, bay::Out out);

}  // namespace patchbay::openai
