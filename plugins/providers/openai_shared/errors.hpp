// What an upstream's failure means to an OpenAI-compatible provider, as values. The classes are
// those of plugins/shared/failure.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "answer_shape.hpp"
#include "dialect.hpp"
#include "failure/failure.hpp"

namespace patchbay::openai {

using shared::Failure;
using shared::report;

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

/// An answer whose finish_reason says that the provider gave it up.
Failure given_up_answer(const GivenUp& end, int status);

/// A 2xx answer that is not what was asked for.
Failure unreadable_answer(int status, std::string_view body, std::string_view why);

}  // namespace patchbay::openai
