// Requests that are refused before anything is sent.
#pragma once

#include <string>
#include <string_view>

#include "dialect.hpp"
#include "patchbay/sdk/out.hpp"

namespace patchbay::openai {

/// Calls fail(); never to be tried again. `cls` is BAY_ERR_*.
bay_status refuse(std::uint32_t cls, std::string_view message, std::string_view param,
                  bay::Out out);

std::string missing_key_message(const Dialect& dialect);
std::string missing_base_message(const Dialect& dialect);

}  // namespace patchbay::openai
