// The greater of what stands in an atomic and another value, in its place.
#pragma once

#include <atomic>

namespace patchbay::meter {

/// Any thread. Orders nothing else.
template <class Number>
void raise_to(std::atomic<Number>& target, Number value) {
    Number before = target.load(std::memory_order_relaxed);
    while (before < value &&
           !target.compare_exchange_weak(before, value, std::memory_order_relaxed)) {
    }
}

}  // namespace patchbay::meter
