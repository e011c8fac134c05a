// What the tests of the decoders share: every split of a body, and comparison with a reference.
#pragma once

#include <cstddef>
#include <ostream>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/framing/decoder_reference.hpp"

namespace patchbay::http {

inline void PrintTo(const OwnedFrame& f, std::ostream* out) {
    *out << '{' << testing::PrintToString(f.event) << ", " << testing::PrintToString(f.id) << ", "
         << testing::PrintToString(f.data) << ' ' << testing::PrintToString(f.headers) << '}';
}

inline void PrintTo(const Decoded& d, std::ostream* out) {
    *out << "status " << static_cast<int>(d.status) << ' ' << testing::PrintToString(d.frames);
}

inline constexpr std::size_t kNoLimit = 1u << 20;

template <class Decoder>
Decoded feed(const std::vector<std::string_view>& pieces, std::size_t max_frame = kNoLimit) {
    Feeder<Decoder> feeder(max_frame);
    for (const std::string_view piece : pieces) feeder.push(piece);
    return feeder.finish();
}

// What a decoder says of a body that it was given whole.
template <class Decoder>
std::string what_is_wrong(std::string_view body, std::size_t max_frame = kNoLimit) {
    Decoder decoder(max_frame);
    std::vector<Frame> frames;
    decoder.push(body, frames);
    decoder.finish(frames);
    return decoder.what();
}

// Decodes `body` whole, cut at every one and every two positions, and byte by byte.
template <class Decoder>
void expect_for_every_split(std::string_view body, const Decoded& expected,
                            std::size_t max_frame = kNoLimit) {
    SCOPED_TRACE(testing::PrintToString(body) + " limit " + std::to_string(max_frame));
    ASSERT_EQ(feed<Decoder>({body}, max_frame), expected);
    for (std::size_t i = 0; i <= body.size(); ++i) {
        ASSERT_EQ(feed<Decoder>({body.substr(0, i), body.substr(i)}, max_frame), expected) << i;
        for (std::size_t j = i; j <= body.size(); ++j) {
            ASSERT_EQ(feed<Decoder>({body.substr(0, i), body.substr(i, j - i), body.substr(j)},
                                    max_frame),
                      expected)
                << i << ' ' << j;
        }
    }
    std::vector<std::string_view> bytes;
    for (std::size_t i = 0; i < body.size(); ++i) bytes.push_back(body.substr(i, 1));
    ASSERT_EQ(feed<Decoder>(bytes, max_frame), expected);
}

inline std::string replace_newlines(std::string_view text, std::string_view by) {
    std::string out;
    for (const char c : text) {
        if (c == '\n') {
            out += by;
        } else {
            out += c;
        }
    }
    return out;
}

struct Sample {
    std::string_view body;
    std::vector<OwnedFrame> frames;
    DecodeStatus status = DecodeStatus::ok;
};

inline bool inside(std::string_view part, std::string_view whole) {
    return part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size();
}

// Random bodies of pieces that matter to the format, cut at random.
template <class Decoder, class Reference>
void compare_with_reference(const std::vector<std::string_view>& words, Reference reference) {
    std::mt19937 random(20240607);
    const auto below = [&](std::size_t n) { return std::size_t{random()} % n; };
    for (int round = 0; round < 20000; ++round) {
        std::string body;
        for (std::size_t n = below(30); n > 0; --n) body += words[below(words.size())];
        const std::size_t limit = below(3) == 0 ? below(24) : kNoLimit;
        std::vector<std::string_view> pieces;
        for (std::size_t at = 0; at < body.size();) {
            const std::size_t length = below(2) == 0 ? below(4) : below(body.size() + 1);
            pieces.push_back(std::string_view(body).substr(at, length));
            at += pieces.back().size();
        }
        ASSERT_EQ(feed<Decoder>(pieces, limit), reference(body, limit))
            << testing::PrintToString(body) << " limit " << limit << " round " << round;
    }
}

}  // namespace patchbay::http
