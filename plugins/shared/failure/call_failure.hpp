// The failure of a call that brought no whole answer.
#pragma once

#include <patchbay/exchange.h>
#include <string_view>

#include "failure.hpp"

namespace patchbay::shared {

/// A call that ended with a BAY_FAIL_*, told in words that name who was called: `whose` as in "Google".
Failure failure_of_call(const bay_ev_http& done, std::string_view whose);

}  // namespace patchbay::shared
