// What the two JSON readers share: single bytes, and the walk through the inside of a string.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace patchbay::json_bytes {

inline bool is_space(char c) {
    return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

inline bool ends_run(char c) {
    return c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20;
}

/// First quote, backslash or control character in [at, end), else end. 16 bytes at a time: prompts
/// and base64 are long strings, and most of a body.
inline const char* find_run_end(const char* at, const char* end) {
#if defined(__SSE2__)
    const __m128i quote = _mm_set1_epi8('"');
    const __m128i backslash = _mm_set1_epi8('\\');
    const __m128i last_control = _mm_set1_epi8(0x1f);
    while (end - at >= 16) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
        const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, last_control), bytes);
        const __m128i hits = _mm_or_si128(
            control, _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash)));
        if (const auto mask = static_cast<unsigned>(_mm_movemask_epi8(hits))) {
            return at + std::countr_zero(mask);
        }
        at += 16;
    }
#endif
    while (at != end && !ends_run(*at)) ++at;
    return at;
}

}  // namespace patchbay::json_bytes
