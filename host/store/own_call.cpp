#include "store/own_call.hpp"

namespace patchbay::store {

namespace {

// What a small digit is worth; -1 for all else.
constexpr auto kDigits = [] {
    std::array<std::int8_t, 256> worth{};
    for (auto& of : worth) of = -1;
    for (int i = 0; i < 16; ++i) {
        worth[static_cast<unsigned char>("0123456789abcdef"[i])] = static_cast<std::int8_t>(i);
    }
    return worth;
}();

}  // namespace

std::optional<Bytes16> ordered_uuid(std::string_view text) {
    constexpr std::size_t kText = 36;
    if (text.size() != kText || text[14] != '7') return std::nullopt;
    Bytes16 bytes{};
    std::size_t at = 0;
    for (std::uint8_t& byte : bytes) {
        if (at == 8 || at == 13 || at == 18 || at == 23) {
            if (text[at++] != '-') return std::nullopt;
        }
        const int both = kDigits[static_cast<unsigned char>(text[at])] * 16 |
                         kDigits[static_cast<unsigned char>(text[at + 1])];
        if (both < 0) return std::nullopt;
        byte = static_cast<std::uint8_t>(both);
        at += 2;
    }
    return bytes;
}

}  // namespace patchbay::store
