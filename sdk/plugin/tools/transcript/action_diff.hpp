// One expectation against one action of the same kind.
#pragma once

#include <string>
#include <vector>

#include "action.hpp"

namespace patchbay::transcript {

/// What does not fit; empty if the action is as expected.
std::vector<std::string> diff_action(const Expectation& expected, const Action& action);

}  // namespace patchbay::transcript
