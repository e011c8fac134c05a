// Heads of requests: what is refused of them, and what is made of the rest.
#include "gateway/connection_fixture.hpp"

namespace patchbay::gateway {
namespace {

using test::ConnectionTest;
using test::kGet;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

TEST_F(ConnectionTest, a_head_that_is_too_large_is_refused) {
    ConnectionLimits limits;
    limits.header_bytes = 1024;
    const std::string start = "GET / HTTP/1.1\r\nHost: h\r\nX: ";
    EXPECT_THAT(answer(start + std::string(900, 'x') + "\r\n\r\n", limits).first,
                StartsWith("HTTP/1.1 200"));
    for (const std::size_t size : {1100u, 9000u, 20000u}) {
        for (const std::string end : {"\r\n\r\n", ""}) {
            if (size < 9000u && end.empty()) continue;  // its end may still come in time
            const auto [text, closed] = answer(start + std::string(size, 'x') + end, limits);
            EXPECT_THAT(text, StartsWith("HTTP/1.1 431 ")) << size;
            EXPECT_THAT(text, HasSubstr("connection: close"));
        }
    }
    EXPECT_THAT(handler.seen, SizeIs(1));
}

// Also byte by byte, and with another request behind it.
TEST_F(ConnectionTest, a_head_may_have_as_many_bytes_as_the_limit_however_it_is_cut) {
    ConnectionLimits limits;
    limits.header_bytes = 512;
    const std::string start = "GET / HTTP/1.1\r\nHost: h\r\nX: ";
    for (std::size_t size = 500; size <= 520; ++size) {
        const std::string head = start + std::string(size - start.size() - 4, 'x') + "\r\n\r\n";
        for (const std::size_t piece : {std::size_t{1}, size - 3, size + kGet.size()}) {
            std::string bytes = head + std::string(kGet);
            const auto client = harness.connect(handler, limits);
            for (; !bytes.empty(); bytes.erase(0, piece))
                harness.say(*client, bytes.substr(0, piece));
            EXPECT_THAT(client->received,
                        StartsWith(size <= 512 ? "HTTP/1.1 200 " : "HTTP/1.1 431 "))
                << size << " in pieces of " << piece;
        }
    }
}

TEST_F(ConnectionTest, what_could_be_read_in_two_ways_is_refused) {
    for (const std::string lines :
         {"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n",
          "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n",
          "Transfer-Encoding: gzip, chunked\r\n", "Transfer-Encoding: gzip\r\n",
          "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n",
          "Content-Length: 5\r\nContent-Length: 6\r\n", "Content-Length: +5\r\n",
          "Content-Length: 5x\r\n", "Content-Length: -5\r\n", " Host: folded\r\n",
          "Bad Name: x\r\n", "Space : x\r\n"}) {
        const auto [text, closed] =
            answer("POST / HTTP/1.1\r\n" + lines + "\r\nhello" + std::string(kGet));
        EXPECT_THAT(text, StartsWith("HTTP/1.1 400 ")) << lines;
        EXPECT_THAT(text, Not(HasSubstr("HTTP/1.1 200"))) << lines;
    }
    const auto [text, closed] =
        answer("POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n");
    EXPECT_THAT(text, StartsWith("HTTP/1.1 400 "));
    EXPECT_THAT(handler.seen, IsEmpty());
}

TEST_F(ConnectionTest, what_is_no_http_is_refused) {
    for (const std::string bytes : {"hello\r\n\r\n", "GET /\r\n\r\n", "GET / HTTP/2.0\r\n\r\n",
                                    "\x16\x03\x01\r\n\r\n", "GET /\x01 HTTP/1.1\r\n\r\n"}) {
        EXPECT_THAT(answer(bytes).first, StartsWith("HTTP/1.1 400 ")) << bytes;
    }
    EXPECT_THAT(handler.seen, IsEmpty());
}

TEST_F(ConnectionTest, a_target_may_be_a_whole_url) {
    const std::pair<std::string, std::pair<std::string, std::string>> cases[] = {
        {"http://h:4000/v1/x?a=b", {"/v1/x", "a=b"}},
        {"HTTPS://h/v1/x", {"/v1/x", ""}},
        {"http://h", {"/", ""}},
        {"http://h?a=b", {"/", ""}},
        {"/http://h/x", {"/http://h/x", ""}},
    };
    for (const auto& [target, expected] : cases) {
        answer("GET " + target + " HTTP/1.1\r\nHost: h\r\n\r\n");
        ASSERT_THAT(handler.seen, SizeIs(1)) << target;
        EXPECT_EQ(handler.seen[0].path, expected.first) << target;
        EXPECT_EQ(handler.seen[0].query, expected.second) << target;
        handler.seen.clear();
    }
}

TEST_F(ConnectionTest, the_handler_adds_to_every_refusal_what_it_knows_of_the_request) {
    handler.refusal = bad_request("no");
    ConnectionLimits limits;
    limits.body_bytes = 4;
    const std::string head = "POST /v1/x HTTP/1.1\r\nHost: h\r\n";
    for (const std::string& request :
         {head + "Content-Length: 5\r\n\r\n",                       // too large
          head + "Content-Length: 3\r\n\r\n",                       // check_head()
          head + "Transfer-Encoding: chunked\r\n\r\nfffff",         // check_head()
          head + "Host: other\r\n\r\n",                             // two hosts
          head + "Content-Length: 1\r\nContent-Length: 2\r\n\r\n",  // in the parser
          head + "X: " + std::string(limits.header_bytes, 'x') + "\r\n\r\n"}) {
        answer(request, limits);
        EXPECT_THAT(handler.refused, ElementsAre("/v1/x")) << request.substr(0, 80);
        handler.refused.clear();
    }
    // Nothing of the request before is told of one that cannot be read.
    const auto client = harness.connect(handler, limits);
    harness.say(*client, kGet);
    harness.say(*client, "\x16\x03\x01 \r\n\r\n");
    EXPECT_THAT(handler.refused, ElementsAre(""));
}

}  // namespace
}  // namespace patchbay::gateway
