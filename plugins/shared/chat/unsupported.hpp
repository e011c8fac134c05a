// The failure of a request with parameters that its provider does not have.
#pragma once

#include <string_view>
#include <vector>

#include "failure/failure.hpp"

namespace patchbay::shared {

/// A parameter and, if the name alone does not say it, why it cannot be sent.
struct Unsupported {
    std::string_view name;
    std::string_view why;
};

/// BAY_ERR_UNSUPPORTED in LiteLLM's words, with what an operator can do about it. `parameters` is not
/// empty; the first of them is the error's `param`.
Failure unsupported(std::string_view provider, std::string_view model,
                    const std::vector<Unsupported>& parameters);

}  // namespace patchbay::shared
