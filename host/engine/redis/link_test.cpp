#include "engine/redis/link.hpp"

#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>

#include <boost/asio.hpp>
#include <gtest/gtest.h>

#include "engine/test_support.hpp"

namespace patchbay {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using namespace std::chrono_literals;
using test::comes;

// A server on a thread of its own: answers each read with what `says` makes of it; an empty text is
// no answer.
class Server {
  public:
    using Says = std::function<std::string(std::string_view asked)>;

    explicit Server(Says says) : says_(std::move(says)) {
        thread_ = std::thread([this] {
            boost::system::error_code failed;
            for (;;) {
                tcp::socket socket(io_);
                acceptor_.accept(socket, failed);
                if (failed || stopping_) return;
                ++connections;
                serve(socket);
            }
        });
    }
    ~Server() {
        stopping_ = true;
        tcp::socket knock(io_);
        boost::system::error_code ignored;
        knock.connect(acceptor_.local_endpoint(), ignored);
        thread_.join();
    }

    RedisAddress address() const {
        RedisAddress made;
        made.host = "127.0.0.1";
        made.port = acceptor_.local_endpoint().port();
        return made;
    }
    std::atomic<int> connections{0};

  private:
    void serve(tcp::socket& socket) {
        boost::system::error_code failed;
        char room[4096];
        while (!failed && !stopping_) {
            const std::size_t size = socket.read_some(asio::buffer(room), failed);
            if (failed) return;
            const std::string answer = says_({room, size});
            asio::write(socket, asio::buffer(answer), failed);
        }
    }

    Says says_;
    asio::io_context io_;
    tcp::acceptor acceptor_{io_, {asio::ip::address_v4::loopback(), 0}};
    std::atomic<bool> stopping_{false};
    std::thread thread_;
};

struct Answer {
    std::mutex mutex;
    std::condition_variable came;
    std::optional<RedisReply> reply;

    RedisLink::Answered take() {
        return [this](RedisReply got) {
            const std::lock_guard lock(mutex);
            reply = std::move(got);
            came.notify_all();
        };
    }
    RedisReply wait() {
        std::unique_lock lock(mutex);
        EXPECT_TRUE(came.wait_for(lock, 20s, [this] { return reply.has_value(); }));
        return reply.value_or(RedisReply{});
    }
};

std::string redis(std::string_view asked) {
    if (asked.find("PING") != asked.npos) return "+PONG\r\n";
    if (asked.find("GET") != asked.npos) return "$1\r\nv\r\n";
    return "+OK\r\n";
}

TEST(RedisLink, what_is_to_be_done_later_is_done_on_its_thread_and_not_once_it_is_stopped) {
    Server server(redis);
    RedisLink link(server.address());
    std::atomic<int> done{0};
    std::atomic<bool> other_thread{false};
    link.after(1ms, [&, self = std::this_thread::get_id()] {
        other_thread = std::this_thread::get_id() != self;
        ++done;
    });
    ASSERT_TRUE(comes([&] { return done == 1; }));
    EXPECT_TRUE(other_thread);
    link.after(1h, [&] { ++done; });
    link.stop();
    link.after(0ms, [&] { ++done; });
    EXPECT_EQ(done, 1);
}

TEST(RedisLink, a_command_is_answered) {
    Server server(redis);
    RedisLink link(server.address());
    ASSERT_TRUE(comes([&] { return link.ready(); }));
    Answer answer;
    ASSERT_TRUE(link.send({"GET", "k"}, answer.take()));
    EXPECT_EQ(answer.wait().text, "v");
    EXPECT_EQ(link.faults(), 0u);
}

TEST(RedisLink, nothing_is_sent_where_nobody_is) {
    RedisAddress nowhere;
    nowhere.host = "127.0.0.1";
    nowhere.port = 1;
    RedisLink link(nowhere);
    ASSERT_TRUE(comes([&] { return link.faults() > 0; }));
    EXPECT_FALSE(link.ready());
    EXPECT_FALSE(link.send({"GET", "k"}, [](const RedisReply&) { ADD_FAILURE(); }));
    EXPECT_NE(link.trouble().find("connect"), std::string::npos) << link.trouble();
}

TEST(RedisLink, a_server_that_stops_answering_is_left_and_its_commands_end) {
    std::atomic<bool> silent{false};
    Server server([&](std::string_view asked) { return silent ? std::string() : redis(asked); });
    RedisLink link(server.address());
    ASSERT_TRUE(comes([&] { return link.ready(); }));
    silent = true;
    Answer answer;
    ASSERT_TRUE(link.send({"GET", "k"}, answer.take()));
    EXPECT_EQ(answer.wait().kind, RedisReply::Kind::none);
    EXPECT_TRUE(comes([&] { return link.faults() == 1; }));
    EXPECT_FALSE(link.ready());
    silent = false;
    EXPECT_TRUE(comes([&] { return link.ready(); })) << "it is tried again";
    EXPECT_EQ(server.connections, 2);
}

TEST(RedisLink, callers_that_got_nothing_in_time_are_spared_until_the_server_says_something) {
    std::atomic<bool> silent{false};
    Server server([&](std::string_view asked) { return silent ? std::string() : redis(asked); });
    RedisLink link(server.address());
    ASSERT_TRUE(comes([&] { return link.ready(); }));
    Answer answer;
    ASSERT_TRUE(link.send({"GET", "k"}, answer.take()));
    answer.wait();
    for (int i = 0; i < RedisLink::kMostLate; ++i) {
        EXPECT_TRUE(link.ready()) << i;
        link.late();
    }
    EXPECT_FALSE(link.ready());
}

TEST(RedisLink, a_password_that_is_refused_is_told) {
    Server server([](std::string_view asked) {
        const bool auth = asked.find("AUTH") != asked.npos;
        return std::string(auth ? "-WRONGPASS invalid\r\n+PONG\r\n" : "+PONG\r\n");
    });
    RedisAddress address = server.address();
    address.password = Secret("canary");
    RedisLink link(address);
    ASSERT_TRUE(comes([&] { return link.faults() > 0; }));
    EXPECT_FALSE(link.ready());
    EXPECT_EQ(link.trouble(), "WRONGPASS invalid");
}

TEST(RedisLink, what_is_no_redis_is_left) {
    Server server([](std::string_view) { return std::string("HTTP/1.1 400 Bad Request\r\n\r\n"); });
    RedisLink link(server.address());
    ASSERT_TRUE(comes([&] { return link.faults() > 0; }));
    EXPECT_FALSE(link.ready());
}

TEST(RedisLink, commands_end_when_the_link_is_stopped) {
    Server server([](std::string_view asked) {
        return asked.find("PING") != asked.npos ? redis(asked) : std::string();
    });
    RedisLink link(server.address());
    ASSERT_TRUE(comes([&] { return link.ready(); }));
    std::atomic<int> ended{0};
    link.send({"GET", "k"}, [&](const RedisReply&) { ++ended; });
    link.stop();
    EXPECT_LE(ended, 1);
    EXPECT_FALSE(link.ready());
    EXPECT_FALSE(link.send({"GET", "k"}, [](const RedisReply&) { ADD_FAILURE(); }));
}

}  // namespace
}  // namespace patchbay
