#include "store/own_call.hpp"

namespace patchbay::store {

std::optional<Bytes16> ordered_uuid(std::string_view text) {
    constexpr std::size_t kText = 36;
    if (text.size() != kText || text[14] != '7') return std::nullopt;
    const auto digit = [](char c) {
        if (c >= '0' && c <= '9') return c - '0';
        return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    };
    Bytes16 bytes{};
    std::size_t at = 0;
    for (std::uint8_t& byte : bytes) {
        if (at == 8 || at == 13 || at == 18 || at == 23) {
            if (text[at++] != '-') return std::nullopt;
        }
        const int high = digit(text[at]), low = digit(text[at + 1]);
        if (high < 0 || low < 0) return std::nullopt;
        byte = static_cast<std::uint8_t>(high << 4 | low);
        at += 2;
    }
    return bytes;
}

}  // namespace patchbay::store
