#include "gateway/world.hpp"

namespace patchbay::gateway {

std::string World::uuid() {
    static constexpr char kHex[] = "0123456789abcdef";
    const std::uint64_t high = (random() & ~0xf000ull) | 0x4000ull;
    const std::uint64_t low = (random() & ~(3ull << 62)) | (2ull << 62);
    std::string text(36, '-');
    std::size_t at = 0;
    for (const std::uint64_t half : {high, low}) {
        for (int shift = 60; shift >= 0; shift -= 4) {
            if (at == 8 || at == 13 || at == 18 || at == 23) ++at;
            text[at++] = kHex[(half >> shift) & 15];
        }
    }
    return text;
}

}  // namespace patchbay::gateway
