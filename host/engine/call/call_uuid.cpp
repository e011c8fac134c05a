#include "engine/call/call_uuid.hpp"

#include <string_view>

namespace patchbay {

CallUuid call_uuid(std::mt19937_64& random, std::int64_t unix_us) {
    constexpr std::uint64_t kMicrosecondsOfOne = 1000;
    constexpr std::uint64_t kFractions = 1 << 12;
    CallUuid id{};
    const auto us = static_cast<std::uint64_t>(unix_us);
    const std::uint64_t ms = us / kMicrosecondsOfOne;
    const std::uint64_t fraction = us % kMicrosecondsOfOne * kFractions / kMicrosecondsOfOne;
    const std::uint64_t drawn = random();
    for (std::size_t i = 0; i < 6; ++i) id[i] = static_cast<std::uint8_t>(ms >> (40 - 8 * i));
    id[6] = static_cast<std::uint8_t>(0x70 | fraction >> 8);
    id[7] = static_cast<std::uint8_t>(fraction);
    for (std::size_t i = 8; i < 16; ++i) id[i] = static_cast<std::uint8_t>(drawn >> (8 * (i - 8)));
    id[8] = static_cast<std::uint8_t>(0x80 | (id[8] & 0x3f));
    return id;
}

std::string text_of(const CallUuid& id) {
    constexpr std::string_view kDigits = "0123456789abcdef";
    std::string text(36, '-');
    std::size_t to = 0;
    for (std::size_t i = 0; i < id.size(); ++i) {
        if (i == 4 || i == 6 || i == 8 || i == 10) ++to;
        text[to++] = kDigits[id[i] >> 4];
        text[to++] = kDigits[id[i] & 0x0f];
    }
    return text;
}

}  // namespace patchbay
