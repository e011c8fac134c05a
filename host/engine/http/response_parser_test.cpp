#include "engine/http/response_parser.hpp"

#include <cstring>

#include <gtest/gtest.h>

namespace patchbay::http {
namespace {

using Status = ResponseParser::Status;

struct Result {
    int status = 0;
    std::string body;
    std::string headers;
    bool done = false;
    bool reusable = false;
    std::optional<Failure> failure;
};

/// Feeds `parts` one by one, then the end of the connection if `closed`.
Result parse(const std::vector<std::string_view>& parts, bool closed = false,
             bool bodiless = false) {
    ResponseParser parser;
    Result result;
    parser.reset(bodiless);
    bool head = false;
    const auto step = [&](Status status) {
        if (status == Status::failed) result.failure = parser.failure();
        return status;
    };
    const auto take = [&] {
        if (!head) {
            head = step(parser.parse_head()) == Status::ready;
            if (head) {
                result.status = parser.status();
                for (const Header& h : parser.headers()) {
                    result.headers += std::string(h.name) + "=" + std::string(h.value) + ";";
                }
            }
        }
        while (head && !result.failure && step(parser.parse_body()) == Status::ready) {
            result.body += parser.piece();
            if (parser.done()) break;
        }
    };
    for (std::string_view part : parts) {
        while (!part.empty() && !result.failure) {
            const auto room = parser.space();
            if (room.size() == 0) {
                result.failure = Failure{FailureKind::limit, "full"};
                break;
            }
            const std::size_t size = std::min(room.size(), part.size());
            std::memcpy(room.data(), part.data(), size);
            parser.commit(size);
            part.remove_prefix(size);
            take();
        }
    }
    if (closed && !result.failure) step(parser.finish());
    result.done = parser.done();
    result.reusable = parser.reusable();
    return result;
}

constexpr std::string_view kChunked =
    "HTTP/1.1 100 Continue\r\nX: 1\r\n\r\nHTTP/1.1 200 OK\r\nX-Name: Va Lue \r\n"
    "Transfer-Encoding: chunked\r\n\r\n"
    "5;ext=\"a\"\r\nhello\r\n1\r\n,\r\nA\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n";

TEST(ResponseParser, ChunkedBodyIsTheSameInEverySplit) {
    for (std::size_t a = 0; a <= kChunked.size(); ++a) {
        for (std::size_t b = a; b <= kChunked.size(); ++b) {
            const Result r =
                parse({kChunked.substr(0, a), kChunked.substr(a, b - a), kChunked.substr(b)});
            ASSERT_FALSE(r.failure) << a << " " << b << " " << r.failure->text;
            ASSERT_EQ(r.status, 200);
            ASSERT_EQ(r.headers, "x-name=Va Lue;transfer-encoding=chunked;");
            ASSERT_EQ(r.body, "hello,0123456789") << a << " " << b;
            ASSERT_TRUE(r.done);
            ASSERT_TRUE(r.reusable);
        }
    }
}

TEST(ResponseParser, ChunkedBodyIsTheSameByteByByte) {
    std::vector<std::string_view> bytes;
    for (std::size_t i = 0; i != kChunked.size(); ++i) bytes.push_back(kChunked.substr(i, 1));
    const Result r = parse(bytes);
    ASSERT_FALSE(r.failure);
    EXPECT_EQ(r.body, "hello,0123456789");
    EXPECT_TRUE(r.reusable);
}

TEST(ResponseParser, LargeChunkedBodySurvivesBufferGrowth) {
    std::string text = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    std::string body;
    for (int i = 0; i < 3000; ++i) {
        const std::string piece(static_cast<std::size_t>(i % 15 + 1) * 7,
                                static_cast<char>('a' + i % 26));
        char size[16];
        std::snprintf(size, sizeof size, "%zx\r\n", piece.size());
        text += size + piece + "\r\n";
        body += piece;
    }
    text += "0\r\n\r\n";
    EXPECT_EQ(parse({text}).body, body);
}

// A chunk of so many bytes, as reads bring it. The size of the buffer for it: the room that there was, and
// the line end of the chunk before, which is parsed with this one's header.
std::size_t read_chunk(ResponseParser& parser, std::size_t size, std::string& body) {
    char head[16];
    std::snprintf(head, sizeof head, "%zx\r\n", size);
    std::string text = head + std::string(size, static_cast<char>('a' + body.size() % 26)) + "\r\n";
    std::size_t first = 0;
    for (std::string_view rest = text; !rest.empty();) {
        const auto room = parser.space();
        if (first == 0) first = room.size() + (body.empty() ? 0 : 2);
        const std::size_t taken = std::min(room.size(), rest.size());
        std::memcpy(room.data(), rest.data(), taken);
        parser.commit(taken);
        rest.remove_prefix(taken);
        if (parser.parse_body() == Status::ready) body += parser.piece();
    }
    return first;
}

TEST(ResponseParser, BufferIsAsLargeAsWhatComes) {
    constexpr std::string_view kHead = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
    ResponseParser parser;
    parser.reset(false);
    std::memcpy(parser.space().data(), kHead.data(), kHead.size());
    parser.commit(kHead.size());
    ASSERT_EQ(parser.parse_head(), Status::ready);
    std::string body;
    std::string expected;
    const auto read = [&](std::size_t size) {
        expected.append(size, static_cast<char>('a' + expected.size() % 26));
        return read_chunk(parser, size, body);
    };
    EXPECT_EQ(read(100), ResponseParser::kSmallBuffer);
    read(200'000);
    EXPECT_EQ(read(100), ResponseParser::kLargeBuffer);
    for (int i = 1; i != ResponseParser::kLittle; ++i) read(100);
    EXPECT_EQ(read(100), ResponseParser::kSmallBuffer);
    read(5'000);
    EXPECT_EQ(read(100), ResponseParser::kBuffer);
    // One that is not little begins the count anew.
    for (int i = 0; i != ResponseParser::kLittle - 2; ++i) read(100);
    read(3'000);
    EXPECT_EQ(read(100), ResponseParser::kBuffer);
    EXPECT_EQ(body, expected);
}

TEST(ResponseParser, KnowsWhichConnectionsLive) {
    const std::string_view ok = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok";
    EXPECT_TRUE(parse({ok}).reusable);
    EXPECT_FALSE(parse({ok, "X"}).reusable);
    EXPECT_FALSE(
        parse({"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"}).reusable);
    EXPECT_FALSE(parse({"HTTP/1.0 200 OK\r\nContent-Length: 0\r\n\r\n"}).reusable);
    EXPECT_TRUE(
        parse({"HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 0\r\n\r\n"}).reusable);
    const Result to_close = parse({"HTTP/1.1 200 OK\r\n\r\nbody"}, true);
    EXPECT_EQ(to_close.body, "body");
    EXPECT_TRUE(to_close.done);
    EXPECT_FALSE(to_close.reusable);
}

TEST(ResponseParser, SomeResponsesHaveNoBody) {
    EXPECT_TRUE(parse({"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\n"}, false, true).reusable);
    EXPECT_TRUE(parse({"HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n"}).reusable);
    EXPECT_TRUE(parse({"HTTP/1.1 304 Not Modified\r\n\r\n"}).reusable);
}

TEST(ResponseParser, RefusesWhatIsNotHttp) {
    const std::string_view bad[] = {
        "garbage\r\n\r\n",
        "\x16\x03\x01\x02\x05\x01\x01\x01",
        "HTTP/2.0 200 OK\r\n\r\n",
        "HTTP/1.1 2x0 OK\r\n\r\n",
        "HTTP/1.1 200 OK\r\nNo colon\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked, gzip\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nxyz\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nabcdef\r\n",
        "HTTP/1.1 101 Switching Protocols\r\n\r\n",
    };
    for (const auto text : bad) {
        const Result r = parse({text});
        ASSERT_TRUE(r.failure) << text;
        EXPECT_EQ(r.failure->kind, FailureKind::framing) << text;
    }
}

TEST(ResponseParser, WhatCameBeforeBytesThatAreWrongIsGivenFirst) {
    for (const std::string_view wrong : {"zz\r\n", "2\r\nabcdef"}) {
        const std::string text =
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nyes\r\n" +
            std::string(wrong);
        const Result r = parse({text});
        EXPECT_EQ(r.body.substr(0, 3), "yes") << wrong;
        ASSERT_TRUE(r.failure) << wrong;
        EXPECT_EQ(r.failure->kind, FailureKind::framing) << wrong;
    }
}

TEST(ResponseParser, LimitsTheHead) {
    const std::string start = "HTTP/1.1 200 OK\r\n";
    const auto kind = [](const std::string& text) {
        const Result r = parse({text});
        return r.failure ? r.failure->kind : FailureKind{};
    };
    EXPECT_EQ(kind(start + "A: " + std::string(70'000, 'x') + "\r\n\r\n"), FailureKind::limit);
    std::string many = start;
    for (int i = 0; i < 600; ++i) many += "A: b\r\n";
    EXPECT_EQ(kind(many + "\r\n"), FailureKind::limit);
    std::string long_lines = start;
    for (int i = 0; i < 30; ++i) long_lines += "A: " + std::string(4'000, 'x') + "\r\n";
    EXPECT_EQ(kind(long_lines + "\r\n"), FailureKind::limit);
    std::string interim;
    for (int i = 0; i < 20; ++i) interim += "HTTP/1.1 103 Early Hints\r\n\r\n";
    EXPECT_EQ(kind(interim), FailureKind::framing);
    const Result large =
        parse({start + "A: " + std::string(40'000, 'x') + "\r\nContent-Length: 2\r\n\r\nok"});
    EXPECT_EQ(large.body, "ok");
}

TEST(ResponseParser, AnEndTooEarlyIsAReset) {
    const std::string_view cut[] = {
        "", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\nA: b\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nabc",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n"};
    for (const auto text : cut) {
        const Result r = parse({text}, true);
        ASSERT_TRUE(r.failure) << text;
        EXPECT_EQ(r.failure->kind, FailureKind::reset) << text;
    }
}

}  // namespace
}  // namespace patchbay::http
