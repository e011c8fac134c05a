// Compressed bodies of requests.
#include "engine/http/coded_sample.hpp"
#include "gateway/connection_fixture.hpp"

namespace patchbay::gateway {
namespace {

using test::ConnectionTest;
using test::kGet;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;
namespace asio = boost::asio;

std::string coded(const std::string& coding, const std::string& body, bool chunked = false) {
    std::string head = "POST /v1/x HTTP/1.1\r\nHost: h\r\nContent-Encoding: " + coding + "\r\n";
    if (!chunked) {
        return head + "Content-Length: " + std::to_string(body.size()) + "\r\n\r\n" + body;
    }
    head += "Transfer-Encoding: chunked\r\n\r\n";
    for (std::size_t at = 0; at < body.size(); at += 5) {
        const std::string piece = body.substr(at, 5);
        head += std::to_string(piece.size()) + "\r\n" + piece + "\r\n";
    }
    return head + "0\r\n\r\n";
}

TEST_F(ConnectionTest, a_compressed_body_is_decoded_in_both_framings_however_it_is_split) {
    const std::pair<std::string, std::string> bodies[] = {
        {"gzip", http::test::gzipped("hello")},
        {"x-gzip", http::test::gzipped("he") + http::test::gzipped("llo")},
        {"deflate", http::test::deflated("hello", 15)},
        {"Deflate", http::test::deflated("hello", -15)},
        {"zstd", http::test::zstd_of("hello")},
        {"identity", "hello"}};
    for (const auto& [coding, body] : bodies) {
        for (const bool chunked : {false, true}) {
            const std::string request = coded(coding, body, chunked);
            for (std::size_t split = 0; split <= request.size(); ++split) {
                const auto client = harness.connect(handler);
                harness.say(*client, request.substr(0, split));
                harness.say(*client, request.substr(split) + std::string(kGet));
                ASSERT_THAT(handler.seen, SizeIs(2)) << coding << chunked << split;
                EXPECT_EQ(handler.seen[0].body, "hello");
                EXPECT_EQ(handler.seen[1].path, "/get");
                handler.seen.clear();
            }
        }
    }
}

TEST_F(ConnectionTest, a_large_compressed_body_arrives_whole) {
    std::string body;
    for (std::uint64_t i = 0; body.size() < 5'000'000; ++i) body += std::to_string(i * 7919);
    for (const bool chunked : {false, true}) {
        const auto client = harness.connect(handler);
        harness.say(*client, coded("gzip", http::test::gzipped(body), chunked));
        ASSERT_THAT(handler.seen, SizeIs(1));
        EXPECT_EQ(handler.seen[0].body, body);
        handler.seen.clear();
    }
}

TEST_F(ConnectionTest, the_limit_of_a_body_is_for_what_is_decoded) {
    ConnectionLimits limits;
    limits.body_bytes = 1u << 20;
    const std::string fits(1u << 20, 'x');
    const std::string bomb(40u << 20, '\0');
    for (const bool chunked : {false, true}) {
        const auto good = harness.connect(handler, limits);
        harness.say(*good, coded("zstd", http::test::zstd_of(fits), chunked));
        EXPECT_THAT(handler.seen, SizeIs(1));
        handler.seen.clear();
        for (const std::string& request :
             {coded("gzip", http::test::gzipped(bomb), chunked),
              coded("zstd", http::test::zstd_of(bomb), chunked),
              coded("zstd", http::test::zstd_of(fits + "x"), chunked)}) {
            EXPECT_THAT(answer(request, limits).first, StartsWith("HTTP/1.1 413 "));
        }
    }
    EXPECT_THAT(handler.seen, IsEmpty());
}

TEST_F(ConnectionTest, a_body_that_is_not_what_its_coding_says_is_refused) {
    const std::string body = http::test::gzipped("hello");
    for (const bool chunked : {false, true}) {
        EXPECT_THAT(answer(coded("gzip", "hello", chunked)).first,
                    testing::AllOf(StartsWith("HTTP/1.1 400 "), HasSubstr("not valid gzip")));
        EXPECT_THAT(answer(coded("zstd", body, chunked)).first, HasSubstr("not valid zstd"));
        EXPECT_THAT(answer(coded("gzip", body.substr(0, body.size() - 1), chunked)).first,
                    testing::AllOf(StartsWith("HTTP/1.1 400 "), HasSubstr("before its gzip does")));
        EXPECT_THAT(answer(coded("gzip", body + "x", chunked)).first, StartsWith("HTTP/1.1 400 "));
    }
    EXPECT_THAT(handler.seen, IsEmpty());
}

TEST_F(ConnectionTest, a_coding_that_is_not_decoded_is_named_and_the_others_offered) {
    for (const std::string coding : {"br", "gzip, gzip", "gzip, br", "compress"}) {
        const std::string text = answer(coded(coding, "hello")).first;
        EXPECT_THAT(text, StartsWith("HTTP/1.1 415 ")) << coding;
        EXPECT_THAT(text, HasSubstr("accept-encoding: gzip, deflate, zstd\r\n"));
        EXPECT_THAT(text, HasSubstr("'" + coding + "'"));
    }
    EXPECT_THAT(answer("POST / HTTP/1.1\r\nHost: h\r\nContent-Encoding: gzip\r\nContent-Encoding: "
                       "gzip\r\nContent-Length: 1\r\n\r\nx")
                    .first,
                StartsWith("HTTP/1.1 415 "));
    EXPECT_THAT(handler.seen, IsEmpty());
}

TEST_F(ConnectionTest, nothing_is_decoded_for_one_who_is_refused) {
    handler.refusal = bad_request("no key");
    EXPECT_THAT(answer(coded("gzip", "not gzip")).first, HasSubstr("no key"));
    EXPECT_THAT(answer(coded("br", "x")).first, HasSubstr("no key"));
}

TEST_F(ConnectionTest, the_handler_does_not_see_a_coding_that_is_gone) {
    std::size_t found = 99;
    handler.instead = [&](Connection&, Request& request) -> asio::awaitable<void> {
        found = request.head.count("content-encoding");
        co_return;
    };
    answer(coded("gzip", http::test::gzipped("hello")));
    EXPECT_EQ(found, 0u);
}

}  // namespace
}  // namespace patchbay::gateway
