// A fast hash of text: the same in every process, so it is for choosing places and not for security.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace patchbay {

namespace text_hash {
inline constexpr std::uint64_t kA = 0x9e3779b97f4a7c15;
inline constexpr std::uint64_t kB = 0xd6e8feb86659fd93;

/// Both halves of the product, folded (as wyhash mixes).
inline std::uint64_t mix(std::uint64_t a, std::uint64_t b) {
    __extension__ using Wide = unsigned __int128;
    const Wide product = static_cast<Wide>(a) * b;
    return static_cast<std::uint64_t>(product) ^ static_cast<std::uint64_t>(product >> 64);
}
}  // namespace text_hash

/// 64 bits of `text` and of what came before it (`seed`, 0 or an earlier hash). Some gigabytes a
/// second; no allocation. Who can choose texts can find two with one hash.
inline std::uint64_t hash_text(std::string_view text, std::uint64_t seed = 0) {
    using text_hash::mix;
    std::uint64_t h = mix(seed ^ text_hash::kA, text.size() ^ text_hash::kB);
    std::uint64_t words[2];
    while (text.size() >= sizeof words) {
        std::memcpy(words, text.data(), sizeof words);
        h = mix(words[0] ^ text_hash::kA ^ h, words[1] ^ text_hash::kB);
        text.remove_prefix(sizeof words);
    }
    if (!text.empty()) {
        words[0] = words[1] = 0;
        std::memcpy(words, text.data(), text.size());
        h = mix(words[0] ^ text_hash::kA ^ h, words[1] ^ text_hash::kB);
    }
    return mix(h ^ text_hash::kB, text_hash::kA);
}

}  // namespace patchbay
