#include "gateway/connection.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/http/coded_sample.hpp"
#include "gateway/test_support.hpp"

namespace patchbay::gateway {
namespace {

using namespace std::chrono_literals;
using test::Harness;
using test::StubHandler;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;
namespace asio = boost::asio;

using Seen = StubHandler::Seen;

constexpr std::string_view kPost =
    "POST /v1/x?a=b HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\nhello";
constexpr std::string_view kChunked =
    "POST /v1/x?a=b HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
    "2;x=y\r\nhe\r\n3\r\nllo\r\n0\r\nTrailer: t\r\n\r\n";
constexpr std::string_view kGet = "GET /get HTTP/1.1\r\nHost: h\r\n\r\n";
const Seen kSeen{"POST", "/v1/x", "a=b", "hello", true};

class ConnectionTest : public testing::Test {
  protected:
    /// What a fresh connection answers to these bytes, with whether it closed.
    std::pair<std::string, bool> answer(std::string_view bytes, ConnectionLimits limits = {}) {
        const auto client = harness.connect(handler, limits);
        harness.say(*client, bytes);
        return {client->received, client->closed};
    }

    StubHandler handler;
    Harness harness;
};

TEST_F(ConnectionTest, a_request_is_the_same_however_it_is_split) {
    for (const std::string_view request : {kPost, kChunked}) {
        for (std::size_t split = 0; split <= request.size(); ++split) {
            const auto client = harness.connect(handler);
            harness.say(*client, request.substr(0, split));
            harness.say(*client, request.substr(split));
            ASSERT_THAT(handler.seen, ElementsAre(kSeen)) << split << " of " << request;
            EXPECT_THAT(client->received, StartsWith("HTTP/1.1 200 OK\r\n"));
            EXPECT_THAT(client->received, testing::EndsWith("[hello]"));
            handler.seen.clear();
        }
    }
}

TEST_F(ConnectionTest, a_request_may_come_byte_by_byte) {
    for (const std::string_view request : {kPost, kChunked}) {
        const auto client = harness.connect(handler);
        for (const char c : request) harness.say(*client, {&c, 1});
        EXPECT_THAT(handler.seen, ElementsAre(kSeen));
        handler.seen.clear();
    }
}

TEST_F(ConnectionTest, a_connection_is_kept_for_the_next_request) {
    const auto client = harness.connect(handler);
    for (int i = 0; i < 3; ++i) {
        harness.say(*client, kPost);
        harness.say(*client, kGet);
        harness.say(*client, kChunked);
    }
    EXPECT_THAT(handler.seen, SizeIs(9));
    EXPECT_EQ(handler.seen.at(8), kSeen);
    EXPECT_FALSE(client->closed);
    EXPECT_EQ(handler.closed, 0);
}

TEST_F(ConnectionTest, pipelined_requests_are_answered_in_order_however_they_are_split) {
    const std::string all =
        std::string(kGet) + std::string(kChunked) + std::string(kPost) + std::string(kGet);
    for (std::size_t split = 0; split <= all.size(); ++split) {
        const auto client = harness.connect(handler);
        harness.say(*client, std::string_view(all).substr(0, split));
        harness.say(*client, std::string_view(all).substr(split));
        ASSERT_THAT(handler.seen, SizeIs(4)) << split;
        EXPECT_EQ(handler.seen[0].path, "/get");
        EXPECT_EQ(handler.seen[1], kSeen);
        EXPECT_EQ(handler.seen[2], kSeen);
        EXPECT_EQ(handler.seen[3].path, "/get");
        handler.seen.clear();
    }
}

TEST_F(ConnectionTest, a_pipelined_request_waits_for_the_answer_before_it) {
    asio::steady_timer gate(harness.io, asio::steady_timer::time_point::max());
    handler.instead = [&](Connection&, Request&) -> asio::awaitable<void> {
        co_await gate.async_wait(asio::as_tuple(asio::use_awaitable));
    };
    const auto client = harness.connect(handler);
    std::string many;
    for (int i = 0; i < 10'000; ++i) many += kGet;  // more than a connection keeps
    client->write(many);
    harness.settle();
    EXPECT_THAT(handler.seen, SizeIs(1));
    EXPECT_LT(client->write(many), many.size()) << "all of it was taken";
}

TEST_F(ConnectionTest, a_client_that_asks_for_it_is_closed_after_the_answer) {
    for (const std::string_view request :
         {"GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n", "GET / HTTP/1.0\r\n\r\n"}) {
        const auto [text, closed] = answer(request);
        EXPECT_THAT(text, HasSubstr("connection: close"));
        EXPECT_TRUE(closed);
    }
    const auto [text, closed] = answer("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    EXPECT_THAT(text, StartsWith("HTTP/1.1 200"));
    EXPECT_FALSE(closed);
}

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

TEST_F(ConnectionTest, a_client_that_hangs_up_cancels_its_answer) {
    bool cancelled = false;
    handler.instead = [&](Connection&, Request&) -> asio::awaitable<void> {
        asio::steady_timer forever(harness.io, asio::steady_timer::time_point::max());
        const auto [ec] = co_await forever.async_wait(asio::as_tuple(asio::use_awaitable));
        cancelled = ec == asio::error::operation_aborted;
    };
    const auto client = harness.connect(handler);
    harness.say(*client, kPost);
    ASSERT_THAT(handler.seen, SizeIs(1));
    EXPECT_FALSE(cancelled);
    client->hang_up();
    harness.settle();
    EXPECT_TRUE(cancelled);
    EXPECT_EQ(handler.closed, 1);
    EXPECT_TRUE(harness.last.expired());
}

TEST_F(ConnectionTest, a_handler_that_throws_costs_only_its_connection) {
    handler.instead = [&](Connection&, Request&) -> asio::awaitable<void> {
        throw std::bad_alloc();
        co_return;
    };
    const auto client = harness.connect(handler);
    harness.say(*client, kPost);
    EXPECT_TRUE(client->closed);
    EXPECT_EQ(handler.closed, 1);
}

TEST_F(ConnectionTest, a_request_that_stops_halfway_is_given_up) {
    ConnectionLimits limits;
    limits.header_time = 30ms;
    limits.body_gap = 30ms;
    limits.idle_time = 30ms;
    const std::string post(kPost);
    const std::string chunked(kChunked);
    for (const std::string& part :
         {std::string(), post.substr(0, 10), post.substr(0, post.size() - 2),
          chunked.substr(0, chunked.size() - 12), post /* idle afterwards */}) {
        handler.closed = 0;
        const auto client = harness.connect(handler, limits);
        harness.say(*client, part);
        EXPECT_FALSE(client->closed);
        EXPECT_TRUE(harness.until([&] { return handler.closed == 1; })) << part;
        harness.settle();
        client->read();
        EXPECT_TRUE(client->closed);
        EXPECT_TRUE(harness.last.expired());
    }
}

TEST_F(ConnectionTest, a_head_has_its_time_however_many_pieces_it_comes_in) {
    ConnectionLimits limits;
    limits.header_time = 60ms;
    const auto client = harness.connect(handler, limits);
    EXPECT_TRUE(harness.until([&] {
        client->write("G");
        return handler.closed == 1;
    }));
    client->read();
    EXPECT_EQ(client->received, "");
}

TEST_F(ConnectionTest, a_reader_that_takes_nothing_is_given_up) {
    ConnectionLimits limits;
    limits.write_time = 30ms;
    std::optional<bool> sent;
    const std::string much(5'000'000, 'x');
    handler.instead = [&](Connection& connection, Request&) -> asio::awaitable<void> {
        const asio::const_buffer parts[] = {asio::buffer(much)};
        const bool taken = co_await connection.send(parts);
        sent = taken;
    };
    const auto client = harness.connect(handler, limits);
    client->write(kGet);
    EXPECT_TRUE(harness.until([&] { return handler.closed == 1; }));
    harness.settle();
    EXPECT_FALSE(sent.value_or(false));
    EXPECT_TRUE(harness.last.expired());
}

TEST_F(ConnectionTest, a_slow_reader_gets_everything) {
    const std::string much(2'000'000, 'x');
    handler.instead = [&](Connection& connection, Request&) -> asio::awaitable<void> {
        const asio::const_buffer parts[] = {asio::buffer("head "), asio::const_buffer(),
                                            asio::buffer(much)};
        co_await connection.send(parts);
    };
    const auto client = harness.connect(handler);
    client->write(kGet);
    EXPECT_TRUE(harness.until([&] {
        client->read();
        return client->received.size() >= 5 + much.size();
    }));
}

TEST_F(ConnectionTest, closing_while_a_request_is_answered_cancels_it) {
    bool cancelled = false;
    handler.instead = [&](Connection& connection, Request&) -> asio::awaitable<void> {
        asio::steady_timer forever(harness.io, asio::steady_timer::time_point::max());
        const auto [ec] = co_await forever.async_wait(asio::as_tuple(asio::use_awaitable));
        cancelled = ec == asio::error::operation_aborted;
        EXPECT_FALSE(connection.keep_alive() && !cancelled);
    };
    const auto client = harness.connect(handler);
    harness.say(*client, kGet);
    harness.last.lock()->close();
    harness.say(*client, "");
    EXPECT_TRUE(cancelled);
    EXPECT_TRUE(client->closed);
}

TEST_F(ConnectionTest, a_socket_that_is_taken_over_has_every_byte_behind_the_request) {
    for (const bool together : {true, false}) {
        std::string got;
        handler.instead = [&](Connection& connection, Request&) -> asio::awaitable<void> {
            auto bytes = co_await connection.take_over();
            EXPECT_TRUE(bytes);
            while (bytes && got.size() < 6) {
                char piece[4];
                auto [ec, size] = co_await bytes->async_read_some(
                    asio::buffer(piece), asio::as_tuple(asio::use_awaitable));
                if (ec) co_return;
                got.append(piece, size);
            }
            const std::string answer = "mine";
            co_await bytes->async_write_some(asio::buffer(answer),
                                             asio::as_tuple(asio::use_awaitable));
        };
        const auto client = harness.connect(handler);
        if (together) {
            harness.say(*client, std::string(kGet) + "ABC");
            harness.say(*client, "DEF");
        } else {
            harness.say(*client, kGet);
            harness.say(*client, "ABCDEF");
        }
        EXPECT_EQ(got, "ABCDEF") << together;
        EXPECT_EQ(client->received, "mine") << together;
        EXPECT_TRUE(client->closed) << together;
        EXPECT_EQ(handler.under_way, 0);
    }
}

TEST_F(ConnectionTest, closing_cancels_who_has_taken_over) {
    bool cancelled = false;
    handler.instead = [&](Connection& connection, Request&) -> asio::awaitable<void> {
        const auto bytes = co_await connection.take_over();
        asio::steady_timer forever(harness.io, asio::steady_timer::time_point::max());
        auto [ec] = co_await forever.async_wait(asio::as_tuple(asio::use_awaitable));
        cancelled = ec == asio::error::operation_aborted;
    };
    const auto client = harness.connect(handler);
    harness.say(*client, kGet);
    harness.last.lock()->close();
    harness.say(*client, "");
    EXPECT_TRUE(cancelled);
    EXPECT_TRUE(client->closed);
    EXPECT_EQ(handler.closed, 1);
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

TEST_F(ConnectionTest, a_byte_order_mark_before_the_body_is_not_part_of_it) {
    answer("POST /v1/x HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n\xEF\xBB\xBF{}");
    ASSERT_THAT(handler.seen, SizeIs(1));
    EXPECT_EQ(handler.seen[0].body, "{}");
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

TEST_F(ConnectionTest, a_request_that_never_comes_whole_is_told_to_the_handler) {
    ConnectionLimits limits;
    limits.header_time = 50ms;
    limits.body_gap = 50ms;
    for (const std::string start :
         {"POST /v1/x HTTP/1.1\r\nHost:",
          "POST /v1/x HTTP/1.1\r\nHost: h\r\nContent-Length: 9\r\n\r\nx",
          "POST /v1/x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nx"}) {
        const auto leaving = harness.connect(handler);
        harness.say(*leaving, start);
        leaving->hang_up();
        harness.settle();
        EXPECT_THAT(handler.unread, ElementsAre("499 /v1/x")) << start;
        handler.unread.clear();
        const auto slow = harness.connect(handler, limits);
        harness.say(*slow, start);
        EXPECT_TRUE(harness.until([&] { return !handler.unread.empty(); }));
        EXPECT_THAT(handler.unread, ElementsAre("408 /v1/x")) << start;
        handler.unread.clear();
    }
    // A connection without a request is nobody's business.
    harness.connect(handler)->hang_up();
    const auto done = harness.connect(handler);
    harness.say(*done, kGet);
    done->hang_up();
    harness.settle();
    EXPECT_THAT(handler.unread, IsEmpty());
}

}  // namespace
}  // namespace patchbay::gateway
