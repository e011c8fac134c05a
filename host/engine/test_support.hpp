// What tests of threads share.
#pragma once

#include <chrono>
#include <thread>

namespace patchbay::test {

// Waits for what another thread does; false after 20 s.
template <class Condition>
bool comes(Condition condition) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
    while (!condition()) {
        if (std::chrono::steady_clock::now() > until) return false;
        std::this_thread::yield();
    }
    return true;
}

}  // namespace patchbay::test
