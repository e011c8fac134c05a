// Bytes of strings that mean themselves, eight at a time: most of what is read and written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace patchbay::json_tree {

/// How many bytes of `text` from `at` on are above 0x1F and none of '"', '\\' and `others`. It may be
/// too few: the last seven bytes of the text are the caller's to look at.
template <unsigned char... others>
std::size_t plain_run(std::string_view text, std::size_t at) {
    constexpr std::uint64_t kOnes = 0x0101010101010101;
    constexpr std::uint64_t kHighs = 0x8080808080808080;
    // Marks the lowest byte that is `byte`; marks above it may be wrong.
    const auto marks = [](std::uint64_t eight, std::uint64_t byte) {
        const std::uint64_t zero = eight ^ (kOnes * byte);
        return (zero - kOnes) & ~zero & kHighs;
    };
    const std::size_t from = at;
    for (std::uint64_t eight = 0; at + sizeof eight <= text.size(); at += sizeof eight) {
        std::memcpy(&eight, text.data() + at, sizeof eight);
        const std::uint64_t control = (eight - kOnes * 0x20) & ~eight & kHighs;
        const std::uint64_t found =
            control | marks(eight, 0x22) | marks(eight, 0x5C) | (0 | ... | marks(eight, others));
        if (found == 0) continue;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
        at += static_cast<std::size_t>(__builtin_ctzll(found)) / 8;
#endif
        break;
    }
    return at - from;
}

}  // namespace patchbay::json_tree
