#include "contract/json/number_run.hpp"

#include <bit>
#include <cstdint>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

namespace patchbay {

#if defined(__SSE2__)

namespace {

constexpr int kBlock = 64;

// A bit for each byte of a block, the first byte's lowest.
using Bits = std::uint64_t;

/// Which byte is what. A byte that is nothing of these has no bit.
struct Classes {
    Bits digit = 0;
    Bits zero = 0;  ///< of the digits
    Bits minus = 0;
    Bits point = 0;
    Bits comma = 0;
    Bits space = 0;
};

Bits bits_of(__m128i hits, int shift) {
    return static_cast<Bits>(static_cast<unsigned>(_mm_movemask_epi8(hits))) << shift;
}

Bits find_space(const char* block) {
    Bits space = 0;
    for (int i = 0; i < kBlock; i += 16) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + i));
        const auto equal = [&](char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); };
        space |= bits_of(_mm_or_si128(_mm_or_si128(equal(' '), equal('\n')),
                                      _mm_or_si128(equal('\r'), equal('\t'))),
                         i);
    }
    return space;
}

Classes classify(const char* block) {
    Classes is;
    for (int i = 0; i < kBlock; i += 16) {
        const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(block + i));
        const auto equal = [&](char c) { return _mm_cmpeq_epi8(bytes, _mm_set1_epi8(c)); };
        const __m128i value = _mm_sub_epi8(bytes, _mm_set1_epi8('0'));
        is.digit |= bits_of(_mm_cmpeq_epi8(_mm_min_epu8(value, _mm_set1_epi8(9)), value), i);
        is.zero |= bits_of(equal('0'), i);
        is.minus |= bits_of(equal('-'), i);
        is.point |= bits_of(equal('.'), i);
        is.comma |= bits_of(equal(','), i);
    }
    // Compact JSON has none.
    if ((is.digit | is.minus | is.point | is.comma) != ~Bits{0}) is.space = find_space(block);
    return is;
}

/// Tells the first byte that may not stand behind those before it. All rules but one look one byte
/// back: a number begins behind a comma or white space, white space stands behind a comma. The one
/// is that a fraction ends at the next byte that is no digit, and no point may stand there.
class Grammar {
  public:
    /// The bytes that break a rule; bits above the lowest mean nothing.
    Bits wrong(const Classes& is) {
        const Bits after_digit = behind(is.digit, digit_);
        const Bits after_point = behind(is.point, point_);
        const Bits after_minus = behind(is.minus, minus_);
        const Bits due = behind(is.comma | is.space, due_);
        // A number with a zero in front is that zero alone, or goes on with a point.
        const Bits after_lone_zero = behind(is.zero & (due | after_minus), lone_zero_);

        // Adding a bit at the start of a run of digits carries it to the byte behind the run, and
        // out of the block if the run goes on in the next.
        const Bits fractions = is.digit & after_point;
        Bits carried = 0;
        const bool begun = __builtin_add_overflow(is.digit, fractions, &carried);
        const bool went_on = __builtin_add_overflow(carried, in_fraction_, &carried);
        in_fraction_ = begun || went_on ? 1 : 0;
        const Bits after_fraction = carried & ~is.digit;

        const Bits known = is.digit | is.minus | is.point | is.comma | is.space;
        return ~known | ((is.minus | is.space) & ~due) | (is.comma & ~after_digit) |
               (is.point & (~after_digit | after_fraction)) | (is.digit & after_lone_zero);
    }

  private:
    // The bits of the bytes behind those of `bits`; the last one is kept for the next block.
    static Bits behind(Bits bits, Bits& last) {
        const Bits moved = bits << 1 | last;
        last = bits >> (kBlock - 1);
        return moved;
    }

    Bits due_ = 1;
    Bits digit_ = 0;
    Bits point_ = 0;
    Bits minus_ = 0;
    Bits lone_zero_ = 0;
    Bits in_fraction_ = 0;
};

}  // namespace

const char* skip_plain_numbers(const char* at, const char* end) {
    Grammar grammar;
    const char* checked = at;
    for (; end - at >= kBlock; at += kBlock) {
        const Classes is = classify(at);
        const Bits wrong = grammar.wrong(is);
        const Bits good = wrong != 0 ? (wrong & -wrong) - 1 : ~Bits{0};
        const Bits commas = is.comma & good;
        if (commas != 0) checked = at + (kBlock - std::countl_zero(commas));
        if (wrong != 0) break;
    }
    return checked;
}

#else

const char* skip_plain_numbers(const char* at, const char*) {
    return at;
}

#endif

}  // namespace patchbay
