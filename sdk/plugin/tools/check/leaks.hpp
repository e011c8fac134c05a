// Does memory grow?
#pragma once

#include <functional>
#include <string>

namespace patchbay::check {

/// Runs `cycle` many times and looks at the bytes in use on the heap. Empty if they stay flat, else
/// how much they grow. What `cycle` allocates once (caches, the first use of something) is no leak.
/// Deterministic if `cycle` is; one thread.
std::string growth_of(const std::function<void()>& cycle);

}  // namespace patchbay::check
