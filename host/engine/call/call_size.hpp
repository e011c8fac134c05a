// How large a call is, before anybody knows what it does.
#pragma once

#include <cstdint>
#include <optional>

namespace patchbay {

/// Tokens: of the prompt at most, as one has at least a byte; of all answers, as far as the client says.
struct CallSize {
    std::int64_t prompt = 0;
    std::int64_t choices = 1;
    std::optional<std::int64_t> output;
};

}  // namespace patchbay
