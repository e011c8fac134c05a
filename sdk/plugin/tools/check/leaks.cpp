// A leak of one cycle is not told from the allocator's own ups and downs, nor from a table that
// doubles now and then; a leak in every cycle is: it shows in every one of several windows.
#include "leaks.hpp"

#include <malloc.h>

namespace patchbay::check {
namespace {

constexpr int kWarmUp = 20;
// Where sizes vary much, as in signatures by RSA, the blocks kept for reuse grow for a thousand cycles.
constexpr int kWindows = 24;
constexpr int kCycles = 40;  // per window
// The smallest block of malloc is 24 usable bytes; freed ones of all sizes kept for reuse are in
// use for the statistics, but there is a bound to them.
constexpr std::size_t kLeast = 16;  // bytes per cycle

std::size_t in_use() {
    const struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

}  // namespace

std::string growth_of(const std::function<void()>& cycle) {
    for (int i = 0; i < kWarmUp; ++i) cycle();
    const std::size_t start = in_use();
    for (int window = 0; window < kWindows; ++window) {
        const std::size_t before = in_use();
        for (int i = 0; i < kCycles; ++i) cycle();
        if (in_use() < before + kLeast * kCycles) return {};
    }
    const std::size_t grown = (in_use() - start) / (kWindows * kCycles);
    return "about " + std::to_string(grown) + " bytes are lost each time";
}

}  // namespace patchbay::check
