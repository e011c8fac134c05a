// Bodies of requests in both framings: their limit, and when they are read.
#include "gateway/connection_fixture.hpp"

namespace patchbay::gateway {
namespace {

using test::ConnectionTest;
using test::kChunked;
using test::kPost;
using test::kSeen;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;

TEST_F(ConnectionTest, a_body_over_the_limit_is_refused_in_both_framings) {
    ConnectionLimits limits;
    limits.body_bytes = 4;
    for (const std::string_view request : {kPost, kChunked}) {
        for (std::size_t split = 0; split <= request.size(); ++split) {
            const auto client = harness.connect(handler, limits);
            harness.say(*client, request.substr(0, split));
            harness.say(*client, request.substr(split));
            ASSERT_THAT(client->received, StartsWith("HTTP/1.1 413 ")) << split;
            EXPECT_THAT(client->received, HasSubstr("the limit of 4 bytes"));
        }
    }
    EXPECT_THAT(handler.seen, IsEmpty());
    limits.body_bytes = 5;
    answer(kPost, limits);
    answer(kChunked, limits);
    EXPECT_THAT(handler.seen, ElementsAre(kSeen, kSeen));
}

TEST_F(ConnectionTest, a_large_body_arrives_whole) {
    const std::string body(3'000'000, 'b');
    const auto client = harness.connect(handler);
    harness.say(*client, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 3000000\r\n\r\n" + body);
    ASSERT_THAT(handler.seen, SizeIs(1));
    EXPECT_EQ(handler.seen[0].body, body);
    std::string chunks;
    for (int i = 0; i < 300; ++i) chunks += "2710\r\n" + body.substr(0, 10'000) + "\r\n";
    ASSERT_TRUE(harness.until([&] {
        client->read();
        return client->received.size() > body.size();
    }));
    harness.say(*client, "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n" +
                             chunks + "0\r\n\r\n");
    ASSERT_THAT(handler.seen, SizeIs(2));
    EXPECT_EQ(handler.seen[1].body, body);
}

TEST_F(ConnectionTest, chunks_that_are_not_valid_are_refused) {
    const std::string head = "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n";
    for (const std::string body :
         {"x\r\n", "2\r\nabc\r\n0\r\n\r\n", "-1\r\n", "fffffffffffffffff\r\n", "\r\n\r\n"}) {
        const auto [text, closed] = answer(head + body);
        EXPECT_THAT(text, StartsWith("HTTP/1.1 400 ")) << body;
        EXPECT_THAT(text, HasSubstr("chunked body is not valid"));
    }
    EXPECT_THAT(answer(head + "1;" + std::string(100'000, 'x')).first, StartsWith("HTTP/1.1 400 "));
    EXPECT_THAT(handler.seen, IsEmpty());
}

TEST_F(ConnectionTest, a_body_is_asked_for_if_the_client_waits_to_be_asked) {
    const auto client = harness.connect(handler);
    harness.say(
        *client,
        "POST /v1/x?a=b HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n");
    EXPECT_EQ(client->received, "HTTP/1.1 100 Continue\r\n\r\n");
    client->received.clear();
    harness.say(*client, "hello");
    EXPECT_THAT(handler.seen, ElementsAre(kSeen));
    EXPECT_THAT(client->received, StartsWith("HTTP/1.1 200"));
    client->received.clear();
    harness.say(
        *client,
        "POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello");
    EXPECT_THAT(client->received, StartsWith("HTTP/1.1 200")) << "the body was there already";
}

TEST_F(ConnectionTest, a_request_can_be_refused_before_its_body_is_read) {
    Error error;
    error.cls = ErrorClass::authentication;
    error.message = "no key";
    handler.refusal = error;
    const auto client = harness.connect(handler);
    harness.say(*client, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 50000000\r\n\r\nhe");
    EXPECT_THAT(client->received, StartsWith("HTTP/1.1 401 "));
    EXPECT_THAT(client->received, HasSubstr("www-authenticate: Bearer\r\n"));
    EXPECT_TRUE(client->closed) << "its sending side";
    harness.say(*client, std::string(100'000, 'x'));  // thrown away
    EXPECT_THAT(handler.seen, IsEmpty());
    client->hang_up();
    EXPECT_TRUE(harness.until([&] { return handler.closed == 1; }));
}

TEST_F(ConnectionTest, a_byte_order_mark_before_the_body_is_not_part_of_it) {
    answer("POST /v1/x HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n\xEF\xBB\xBF{}");
    ASSERT_THAT(handler.seen, SizeIs(1));
    EXPECT_EQ(handler.seen[0].body, "{}");
}

}  // namespace
}  // namespace patchbay::gateway
