// Bytes of strings that mean themselves, sixteen at a time: most of what is read and written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace patchbay::json_tree {

/// What a look at some bytes found: where the first is that does not mean itself (the number of
/// bytes if there is none), and whether one of those it looked at is not ASCII.
struct PlainRun {
    std::size_t length = 0;
    bool ascii = true;
};

template <unsigned char... others>
bool is_plain(char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x20 && byte != 0x22 && byte != 0x5C && (true && ... && (byte != others));
}

#ifdef __SSE2__
/// A bit for each of sixteen bytes that is below 0x20, '"', '\\' or one of `others`.
template <unsigned char... others>
unsigned special_bits(__m128i bytes) {
    const auto is = [bytes](int c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(char(c))); };
    const __m128i control = _mm_cmpeq_epi8(_mm_min_epu8(bytes, _mm_set1_epi8(0x1F)), bytes);
    __m128i special = _mm_or_si128(control, _mm_or_si128(is(0x22), is(0x5C)));
    ((special = _mm_or_si128(special, is(others))), ...);
    return static_cast<unsigned>(_mm_movemask_epi8(special));
}
#endif

/// How many bytes of `text` from `at` on are above 0x1F and none of '"', '\\' and `others`.
template <unsigned char... others>
PlainRun plain_run(std::string_view text, std::size_t at) {
    PlainRun run;
    const char* const from = text.data() + at;
    const std::size_t size = text.size() - at;
#ifdef __SSE2__
    const auto look = [&run](__m128i bytes, std::size_t taken) {
        const unsigned found = special_bits<others...>(bytes) & ((1U << taken) - 1);
        run.ascii = run.ascii && _mm_movemask_epi8(bytes) == 0;
        run.length += found == 0 ? taken : static_cast<std::size_t>(__builtin_ctz(found));
        return found == 0;
    };
    constexpr std::size_t kWide = sizeof(__m128i);
    while (size - run.length >= kWide) {
        __m128i bytes;
        std::memcpy(&bytes, from + run.length, kWide);
        if (!look(bytes, kWide)) return run;
    }
    if (size - run.length >= kWide / 2) {
        if (!look(_mm_loadl_epi64(reinterpret_cast<const __m128i*>(from + run.length)), kWide / 2))
            return run;
    }
    if (size - run.length >= kWide / 4) {
        int four = 0;
        std::memcpy(&four, from + run.length, sizeof four);
        if (!look(_mm_cvtsi32_si128(four), sizeof four)) return run;
    }
#endif
    for (; run.length < size && is_plain<others...>(from[run.length]); ++run.length) {
        run.ascii = run.ascii && static_cast<unsigned char>(from[run.length]) < 0x80;
    }
    return run;
}

}  // namespace patchbay::json_tree
