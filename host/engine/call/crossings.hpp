// What is told when a call's charge has passed a bound of a budget.
#pragma once

#include "engine/access/grant.hpp"

namespace patchbay {

class Call;

/// A line of the log for a soft budget, and an alert where somebody wants it. On the call's loop.
void tell_crossing(const Call& call, const access::Crossing& crossing, std::int64_t now_us);

}  // namespace patchbay
