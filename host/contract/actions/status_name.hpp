// The names of what feed() returns, for the author of a plugin.
#pragma once

#include <string_view>

#include "patchbay/abi.h"

namespace patchbay {

/// " (BAY_E_STATE)"; empty for a status that has no name. Static.
constexpr std::string_view named(bay_status status) {
    switch (status) {
        case BAY_E_INVALID:
            return " (BAY_E_INVALID)";
        case BAY_E_UNSUPPORTED:
            return " (BAY_E_UNSUPPORTED)";
        case BAY_E_STATE:
            return " (BAY_E_STATE)";
        case BAY_E_LIMIT:
            return " (BAY_E_LIMIT)";
        case BAY_E_NOMEM:
            return " (BAY_E_NOMEM)";
        case BAY_E_DENIED:
            return " (BAY_E_DENIED)";
        case BAY_E_INTERNAL:
            return " (BAY_E_INTERNAL)";
        default:
            return {};
    }
}

}  // namespace patchbay
