#include "gateway/connection.hpp"

#include "gateway/connection_fixture.hpp"

namespace patchbay::gateway {
namespace {

using namespace std::chrono_literals;
using test::ConnectionTest;
using test::kChunked;
using test::kGet;
using test::kPost;
using test::kSeen;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;
using testing::StartsWith;
namespace asio = boost::asio;

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

TEST_F(ConnectionTest, empty_lines_before_a_request_are_passed_over_however_they_are_split) {
    const std::string bytes = "\r\n" + std::string(kPost) + "\r\n\r\n" + std::string(kGet) + "\r\n";
    for (std::size_t at = 0; at < bytes.size(); ++at) {
        const auto client = harness.connect(handler);
        harness.say(*client, std::string_view(bytes).substr(0, at));
        harness.say(*client, std::string_view(bytes).substr(at));
        ASSERT_THAT(handler.seen, SizeIs(2)) << at;
        EXPECT_EQ(handler.seen[0], kSeen) << at;
        EXPECT_EQ(handler.seen[1].path, "/get") << at;
        EXPECT_FALSE(client->closed) << at;
        handler.seen.clear();
    }
    EXPECT_THAT(answer("\n" + std::string(kGet)).first, StartsWith("HTTP/1.1 400 "));
    EXPECT_THAT(answer("\r\r\n" + std::string(kGet)).first, StartsWith("HTTP/1.1 400 "));
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
        const auto begun = std::chrono::steady_clock::now();
        const auto client = harness.connect(handler, limits);
        harness.say(*client, part);
        EXPECT_TRUE(!client->closed || std::chrono::steady_clock::now() - begun >= 30ms);
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

TEST_F(ConnectionTest, a_text_between_two_sends_is_out_before_the_next) {
    std::vector<bool> taken;
    handler.instead = [&](Connection& connection, Request&) -> asio::awaitable<void> {
        taken.push_back(connection.send_between("one "));
        taken.push_back(connection.send_between("never "));
        for (const std::string text : {"two ", "three"}) {
            const asio::const_buffer parts[] = {asio::buffer(text)};
            const bool sent = co_await connection.send(parts);
            taken.push_back(sent);
        }
    };
    const auto client = harness.connect(handler);
    harness.say(*client, kGet);
    EXPECT_EQ(client->received, "one two three");
    EXPECT_EQ(taken, (std::vector{true, false, true, true}));
    EXPECT_FALSE(harness.last.lock()->send_between("behind the answer"));
}

TEST_F(ConnectionTest, nothing_is_sent_between_while_a_send_is_under_way) {
    const std::string much(5'000'000, 'x');
    const asio::const_buffer parts[] = {asio::buffer(much)};
    bool sent = false;
    handler.instead = [&](Connection& connection, Request&) -> asio::awaitable<void> {
        sent = co_await connection.send(parts);
    };
    const auto client = harness.connect(handler);
    client->write(kGet);
    EXPECT_TRUE(harness.until([&] { return handler.seen.size() == 1; }));
    EXPECT_FALSE(harness.last.lock()->send_between("y"));
    EXPECT_TRUE(harness.until([&] {
        client->read();
        return client->received.size() >= much.size();
    }));
    harness.settle();
    EXPECT_TRUE(sent);
    EXPECT_EQ(client->received, much);
}

TEST_F(ConnectionTest, closing_ends_the_wait_for_a_text_between) {
    std::optional<bool> sent;
    handler.instead = [&](Connection& connection, Request&) -> asio::awaitable<void> {
        EXPECT_TRUE(connection.send_between(std::string(5'000'000, 'x')));
        const asio::const_buffer parts[] = {asio::buffer("y", 1)};
        const bool taken = co_await connection.send(parts);
        sent = taken;
    };
    const auto client = harness.connect(handler);
    client->write(kGet);
    EXPECT_TRUE(harness.until([&] { return handler.seen.size() == 1; }));
    harness.settle();
    EXPECT_FALSE(sent);
    harness.last.lock()->close();
    harness.settle();
    EXPECT_FALSE(sent.value_or(false));
    EXPECT_EQ(handler.closed, 1);
    EXPECT_TRUE(harness.last.expired());
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
