// Answers are small nested objects with many short strings, so that stopping at every quote costs
// more than looking at every byte. Nested values are skipped by blocks of 16 bytes: the quotes of a
// block give, by a prefix XOR, which of its bytes are inside a string; the brackets outside are
// counted; only the block in which the count can reach zero, and one with a backslash, is walked
// through byte by byte.
//
// Tested by member_walker_test.cpp.
#include "engine/surface/member_walker.hpp"

#include <array>
#include <bit>
#include <cstddef>

#include "engine/surface/json_bytes.hpp"

namespace patchbay {

namespace {

using json_bytes::find_run_end;
using json_bytes::is_space;

// Scalars are numbers, true, false and null: no byte of these ends one.
constexpr auto kEndsScalar = [] {
    std::array<bool, 256> ends{};
    for (const unsigned char c : {',', '}', ']', '"', ' ', '\n', '\r', '\t'}) ends[c] = true;
    return ends;
}();

// `at` is behind an opening quote: behind the closing one, or nullptr.
const char* skip_string(const char* at, const char* end) {
    for (;;) {
        at = find_run_end(at, end);
        if (at == end) return nullptr;
        if (*at == '"') return at + 1;
        if (*at == '\\' && ++at == end) return nullptr;
        ++at;
    }
}

// Counts brackets outside of strings.
class NestedSkipper {
  public:
    // `at` is at an opening bracket: behind the one that closes it, or nullptr. The kinds of
    // brackets are not told apart.
    const char* skip(const char* at, const char* end) {
        ++at;
        depth_ = 1;
#if defined(__SSE2__)
        while (end - at >= 16) {
            const Block block(at);
            if (block.backslash != 0 || escaped_) {
                if (const char* done = walk(at, at + 16)) return done;
            } else {
                unsigned inside = block.quote;
                inside ^= inside << 1;
                inside ^= inside << 2;
                inside ^= inside << 4;
                inside ^= inside << 8;
                if (in_string_) inside = ~inside;
                const unsigned opens = block.open & ~inside;
                const unsigned closes = block.close & ~inside;
                const auto close_count = static_cast<std::size_t>(std::popcount(closes));
                if (depth_ <= close_count) {
                    if (const char* done = walk(at, at + 16)) return done;
                } else {
                    depth_ += static_cast<std::size_t>(std::popcount(opens));
                    depth_ -= close_count;
                    in_string_ = ((inside >> 15) & 1) != 0;
                }
            }
            at += 16;
        }
#endif
        return walk(at, end);
    }

  private:
#if defined(__SSE2__)
    struct Block {
        explicit Block(const char* at) {
            const __m128i bytes = _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
            const auto mask_of = [](__m128i text, char c) {
                return static_cast<unsigned>(
                    _mm_movemask_epi8(_mm_cmpeq_epi8(text, _mm_set1_epi8(c))));
            };
            quote = mask_of(bytes, '"');
            backslash = mask_of(bytes, '\\');
            // This bit is all that distinguishes '[' from '{' and ']' from '}'.
            const __m128i folded = _mm_or_si128(bytes, _mm_set1_epi8(0x20));
            open = mask_of(folded, '{');
            close = mask_of(folded, '}');
        }
        unsigned quote, backslash, open, close;
    };
#endif

    const char* walk(const char* at, const char* end) {
        for (; at != end; ++at) {
            const char c = *at;
            if (escaped_) {
                escaped_ = false;
            } else if (in_string_) {
                escaped_ = c == '\\';
                in_string_ = c != '"';
            } else if (c == '"') {
                in_string_ = true;
            } else if (c == '{' || c == '[') {
                ++depth_;
            } else if ((c == '}' || c == ']') && --depth_ == 0) {
                return at + 1;
            }
        }
        return nullptr;
    }

    std::size_t depth_ = 0;
    bool in_string_ = false;
    bool escaped_ = false;
};

}  // namespace

MemberWalker::MemberWalker(std::string_view text)
    : at_(text.data()), end_(text.data() + text.size()) {
    at_ = skip_space(at_);
    if (at_ == end_ || *at_ != '{') {
        at_ = nullptr;
    } else {
        ++at_;
    }
}

const char* MemberWalker::skip_space(const char* at) const {
    while (at != end_ && is_space(*at)) ++at;
    return at;
}

bool MemberWalker::next(JsonMember& member) {
    const char* at = at_;
    at_ = nullptr;  // until this member is known to be whole
    if (at == nullptr) return false;
    at = skip_space(at);
    if (at == end_) return false;
    if (*at == '}') {
        complete_ = skip_space(at + 1) == end_;
        return false;
    }
    if (!first_) {
        if (*at != ',') return false;
        at = skip_space(at + 1);
        if (at == end_) return false;
    }
    first_ = false;
    if (*at != '"') return false;
    const char* const name = at + 1;
    at = skip_string(name, end_);
    if (at == nullptr) return false;
    member.name = {name, static_cast<std::size_t>(at - 1 - name)};
    at = skip_space(at);
    if (at == end_ || *at != ':') return false;
    at = skip_space(at + 1);
    if (at == end_) return false;

    const char* const value = at;
    if (*at == '"') {
        at = skip_string(at + 1, end_);
    } else if (*at == '{' || *at == '[') {
        at = NestedSkipper().skip(at, end_);
    } else {
        while (at != end_ && !kEndsScalar[static_cast<unsigned char>(*at)]) ++at;
        if (at == value) return false;
    }
    if (at == nullptr) return false;
    member.value = {value, static_cast<std::size_t>(at - value)};
    at_ = at;
    return true;
}

}  // namespace patchbay
