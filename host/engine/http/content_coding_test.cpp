#include "engine/http/content_coding.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/http/coded_sample.hpp"

namespace patchbay::http {
namespace {

using test::deflated;
using test::gzipped;
using test::zstd_of;

/// What a body that comes in pieces of `size` bytes is decoded to, `room` bytes at a time; "broken"
/// or "cut" if it cannot be.
std::string decoded(ContentCoding coding, std::string_view body, std::size_t size = 1u << 20,
                    std::size_t room = 1u << 16) {
    const auto decoder = ContentDecoder::make(coding);
    std::string out;
    std::string buffer(room, '\0');
    while (!body.empty()) {
        std::string_view piece = body.substr(0, size);
        body.remove_prefix(piece.size());
        for (std::size_t made = room; made == room;) {
            if (decoder->decode(piece, buffer, made) == ContentDecoder::Status::broken) {
                return "broken";
            }
            out.append(buffer, 0, made);
        }
        if (!piece.empty()) return "stuck";
    }
    return decoder->complete() ? out : "cut";
}

struct Sample {
    const char* name;
    ContentCoding coding;
    std::string (*encode)(std::string_view text);
};

const Sample kSamples[] = {
    {"gzip", ContentCoding::gzip, gzipped},
    {"gzip, stored", ContentCoding::gzip, [](std::string_view t) { return deflated(t, 31, 0); }},
    {"zlib", ContentCoding::deflate, [](std::string_view t) { return deflated(t, 15); }},
    {"bare", ContentCoding::deflate, [](std::string_view t) { return deflated(t, -15); }},
    {"bare, stored", ContentCoding::deflate,
     [](std::string_view t) { return deflated(t, -15, 0); }},
    {"zstd", ContentCoding::zstd, [](std::string_view t) { return zstd_of(t); }},
};

TEST(ContentDecoder, a_body_is_the_same_however_it_is_cut_and_however_little_room_there_is) {
    const std::string text = R"({"model":"m","messages":[{"role":"user","content":"hello"}]})";
    for (const Sample& sample : kSamples) {
        const std::string body = sample.encode(text);
        for (const std::size_t size : {1u, 2u, 3u, 7u, 1000u}) {
            for (const std::size_t room : {1u, 2u, 61u, 1000u}) {
                EXPECT_EQ(decoded(sample.coding, body, size, room), text)
                    << sample.name << " " << size << " " << room;
            }
        }
        EXPECT_EQ(decoded(sample.coding, sample.encode("")), "") << sample.name;
    }
}

TEST(ContentDecoder, a_body_that_is_cut_anywhere_is_not_whole) {
    for (const Sample& sample : kSamples) {
        const std::string body = sample.encode("hello, hello, hello");
        for (std::size_t size = 1; size < body.size(); ++size) {
            EXPECT_EQ(decoded(sample.coding, body.substr(0, size)), "cut") << sample.name << size;
        }
    }
}

TEST(ContentDecoder, what_comes_behind_the_end_is_no_part_of_a_body) {
    for (const Sample& sample : kSamples) {
        for (const std::string_view more :
             {std::string_view("garbage"), std::string_view("{}"), std::string_view("\0", 1)}) {
            EXPECT_THAT(decoded(sample.coding, sample.encode("hello") + std::string(more)),
                        ::testing::AnyOf("broken", "cut"))
                << sample.name;
        }
    }
}

TEST(ContentDecoder, members_and_frames_are_joined) {
    EXPECT_EQ(decoded(ContentCoding::gzip, gzipped("he") + gzipped("") + gzipped("llo"), 3),
              "hello");
    EXPECT_EQ(decoded(ContentCoding::zstd, zstd_of("he") + zstd_of("llo"), 3), "hello");
}

TEST(ContentDecoder, what_is_not_of_the_coding_is_broken) {
    const std::string plain = R"({"model":"m","messages":[]})";
    for (const Sample& sample : kSamples) {
        EXPECT_EQ(decoded(sample.coding, plain), "broken") << sample.name;
    }
    std::string wrong_sum = gzipped("hello");
    wrong_sum[wrong_sum.size() - 8] ^= 1;
    EXPECT_EQ(decoded(ContentCoding::gzip, wrong_sum), "broken");
    EXPECT_EQ(decoded(ContentCoding::gzip, deflated("hello", 15)), "broken");
    EXPECT_EQ(decoded(ContentCoding::zstd, zstd_of(std::string(1u << 20, 'x'), 24)), "broken")
        << "a window that is larger than HTTP's bound";
}

TEST(ContentDecoder, no_call_makes_more_than_it_is_given_room_for) {
    const std::string zeros(50u << 20, '\0');
    for (const Sample& sample : kSamples) {
        if (sample.encode == kSamples[1].encode || sample.encode == kSamples[4].encode) continue;
        const std::string body = sample.encode(zeros);
        EXPECT_LT(body.size(), 100'000u);
        const auto decoder = ContentDecoder::make(sample.coding);
        std::string_view in = body;
        std::string room(1000, 'x');
        std::size_t made = 0;
        EXPECT_EQ(decoder->decode(in, std::span(room.data(), 999), made),
                  ContentDecoder::Status::ok);
        EXPECT_EQ(made, 999u) << sample.name;
        EXPECT_EQ(room[999], 'x');
        EXPECT_FALSE(decoder->complete());
    }
}

TEST(ContentCoding, names_are_read_as_http_has_them) {
    for (const char* header : {"gzip", "GZIP", " x-gzip ", "identity, gzip", "gzip,", "X-GZip"}) {
        EXPECT_EQ(content_coding(header), ContentCoding::gzip) << header;
    }
    EXPECT_EQ(content_coding("Deflate"), ContentCoding::deflate);
    EXPECT_EQ(content_coding("zstd"), ContentCoding::zstd);
    for (const char* header : {"", "identity", "Identity , identity", ","}) {
        EXPECT_EQ(content_coding(header), ContentCoding::identity) << header;
    }
    for (const char* header :
         {"br", "gzip, gzip", "zstd,gzip", "compress", "gzip;q=1", "dcb", "aws-chunked"}) {
        EXPECT_EQ(content_coding(header), ContentCoding::unsupported) << header;
    }
}

}  // namespace
}  // namespace patchbay::http
