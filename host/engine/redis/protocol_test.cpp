#include "engine/redis/protocol.hpp"

#include <gtest/gtest.h>

namespace patchbay::redis {
namespace {

using namespace std::string_view_literals;

TEST(RedisProtocol, commands_may_hold_any_bytes) {
    std::string out;
    append_command({"GET", "a"}, out);
    append_command({"SET", std::string("a\r\n\0"sv), ""}, out);
    EXPECT_EQ(out,
              "*2\r\n$3\r\nGET\r\n$1\r\na\r\n*3\r\n$3\r\nSET\r\n$4\r\na\r\n\0\r\n$0\r\n\r\n"sv);
}

TEST(RedisProtocol, replies_of_all_kinds_come_in_any_pieces) {
    constexpr std::string_view kSent =
        "+OK\r\n$4\r\na\0\r\n\r\n$-1\r\n:-7\r\n-ERR no\r\n*2\r\n$1\r\n0\r\n*1\r\n$1\r\nk\r\n"sv;
    for (std::size_t size = 1; size <= kSent.size(); ++size) {
        ReplyReader reader;
        std::vector<RedisReply> all;
        for (std::size_t at = 0; at < kSent.size(); at += size) {
            reader.feed(kSent.substr(at, size));
            for (RedisReply reply; reader.next(reply);) all.push_back(reply);
        }
        ASSERT_EQ(all.size(), 6u) << size;
        EXPECT_EQ(all[0].text, "OK");
        EXPECT_EQ(all[1].text, "a\0\r\n"sv);
        EXPECT_EQ(all[2].kind, RedisReply::Kind::none);
        EXPECT_EQ(all[3].number, -7);
        EXPECT_EQ(all[4].kind, RedisReply::Kind::error);
        EXPECT_EQ(all[4].text, "ERR no");
        ASSERT_EQ(all[5].list.size(), 2u);
        EXPECT_EQ(all[5].list[1].list[0].text, "k");
        EXPECT_FALSE(reader.broken());
    }
}

TEST(RedisProtocol, what_is_no_reply_breaks_the_reader) {
    for (const std::string_view text : {"HTTP/1.1 400\r\n", "$x\r\n", "*-7\r\n"}) {
        ReplyReader reader;
        reader.feed(text);
        RedisReply reply;
        EXPECT_FALSE(reader.next(reply)) << text;
        EXPECT_TRUE(reader.broken()) << text;
        reader.feed("+OK\r\n");
        EXPECT_FALSE(reader.next(reply)) << text;
    }
}

TEST(RedisProtocol, a_list_that_is_announced_too_long_takes_no_memory) {
    const auto breaks = [](std::size_t elements) {
        ReplyReader reader;
        reader.feed("*" + std::to_string(elements) + "\r\n");
        RedisReply reply;
        EXPECT_FALSE(reader.next(reply));
        return reader.broken();
    };
    EXPECT_FALSE(breaks(ReplyReader::kMostElements));
    EXPECT_TRUE(breaks(ReplyReader::kMostElements + 1));
    EXPECT_TRUE(breaks(2'000'000'000));
}

TEST(RedisProtocol, a_reply_without_end_breaks_the_reader) {
    ReplyReader reader;
    reader.feed("$999999999\r\n");
    const std::string piece(std::size_t{1} << 20, 'x');
    RedisReply reply;
    std::size_t sent = 0;
    while (!reader.broken() && sent < 2 * ReplyReader::kMostBytes) {
        reader.feed(piece);
        sent += piece.size();
        ASSERT_FALSE(reader.next(reply));
    }
    EXPECT_TRUE(reader.broken());
    EXPECT_LE(sent, ReplyReader::kMostBytes + 2 * piece.size());
}

TEST(RedisProtocol, a_list_of_many_long_texts_breaks_the_reader) {
    ReplyReader reader;
    reader.feed("*1000\r\n");
    const std::string piece = "$1048576\r\n" + std::string(std::size_t{1} << 20, 'x') + "\r\n";
    RedisReply reply;
    std::size_t sent = 0;
    while (!reader.broken() && sent < 2 * ReplyReader::kMostBytes) {
        reader.feed(piece);
        sent += piece.size();
        ASSERT_FALSE(reader.next(reply));
    }
    EXPECT_TRUE(reader.broken());
    EXPECT_LE(sent, ReplyReader::kMostBytes + 2 * piece.size());
}

TEST(RedisProtocol, many_replies_are_not_one) {
    ReplyReader reader;
    const std::string piece = "$1048576\r\n" + std::string(std::size_t{1} << 20, 'x') + "\r\n";
    RedisReply reply;
    for (std::size_t sent = 0; sent < 2 * ReplyReader::kMostBytes; sent += piece.size()) {
        reader.feed(piece + "$3\r\n");
        ASSERT_TRUE(reader.next(reply));
        ASSERT_FALSE(reader.next(reply));
        reader.feed("abc\r\n");
        ASSERT_TRUE(reader.next(reply));
    }
    EXPECT_FALSE(reader.broken());
}

}  // namespace
}  // namespace patchbay::redis
