#include "engine/alerts/alert_service.hpp"

#include <atomic>
#include <mutex>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/http/scripted_server.hpp"

namespace patchbay {
namespace {

using namespace std::chrono_literals;
using http::testing::Peer;
using http::testing::ScriptedServer;
namespace asio = boost::asio;

constexpr const char* kOk = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n";
constexpr const char* kBusy = "HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n";

// A server on a thread of its own that answers with one text after the other, the last one for ever.
class Hook {
  public:
    explicit Hook(std::vector<std::string> answers)
        : answers_(std::move(answers)),
          server_(io_, [this](Peer& peer, int) { return play(peer); }) {
        thread_ = std::thread([this] { io_.run(); });
    }
    ~Hook() {
        io_.stop();
        thread_.join();
    }
    std::string url() const { return server_.url("/hook"); }
    std::vector<std::string> seen() {
        const std::lock_guard lock(mutex_);
        return seen_;
    }

  private:
    asio::awaitable<void> play(Peer& peer) {
        while (true) {
            std::string request = co_await peer.request();
            if (request.empty()) co_return;
            std::string answer;
            {
                const std::lock_guard lock(mutex_);
                answer = answers_[std::min(seen_.size(), answers_.size() - 1)];
                seen_.push_back(std::move(request));
            }
            if (answer.empty()) continue;
            co_await peer.send(std::move(answer));
        }
    }

    asio::io_context io_{1};
    std::mutex mutex_;
    std::vector<std::string> answers_, seen_;
    ScriptedServer server_;
    std::thread thread_;
};

template <class Condition>
bool eventually(Condition condition) {
    const auto end = std::chrono::steady_clock::now() + 10s;
    while (!condition()) {
        if (std::chrono::steady_clock::now() > end) return false;
        std::this_thread::yield();
    }
    return true;
}

AlertOptions quick() {
    AlertOptions options;
    options.pause = 1ms;
    options.timeout = 200ms;
    options.drain_time = 500ms;
    return options;
}

BudgetAlert alert_of(std::string owner) {
    BudgetAlert alert;
    alert.group = "key";
    alert.max_budget = 1;
    alert.key_alias = std::move(owner);
    return alert;
}

TEST(AlertService, each_address_gets_its_form) {
    Hook web({kOk}), slack({kOk});
    AlertService service(quick());
    EXPECT_FALSE(service.wanted());
    service.tell(alert_of("nobody listens"));
    service.use({{web.url()}, {slack.url()}, ""});
    EXPECT_TRUE(service.wanted());
    service.tell(alert_of("mine"));
    ASSERT_TRUE(eventually([&] { return service.sent() == 2; }));
    ASSERT_EQ(web.seen().size(), 1u);
    EXPECT_THAT(web.seen().front(), testing::HasSubstr("POST /hook HTTP/1.1"));
    EXPECT_THAT(web.seen().front(), testing::HasSubstr(R"("key_alias":"mine")"));
    EXPECT_THAT(slack.seen().front(), testing::HasSubstr(R"({"text":"Alert type)"));
}

TEST(AlertService, what_is_not_taken_is_sent_three_times_and_then_lost) {
    Hook busy({kBusy, kBusy, kOk, kBusy});
    AlertService service(quick());
    service.use({{busy.url()}, {}, ""});
    service.tell(alert_of("a"));
    ASSERT_TRUE(eventually([&] { return service.sent() == 1; }));
    EXPECT_EQ(busy.seen().size(), 3u);
    service.tell(alert_of("b"));
    ASSERT_TRUE(eventually([&] { return service.lost() == 1; }));
    EXPECT_EQ(busy.seen().size(), 6u);
}

TEST(AlertService, the_queue_is_bounded_and_the_end_does_not_wait_for_ever) {
    Hook silent({""});
    AlertOptions options = quick();
    options.waiting = 2;
    options.timeout = 60s;
    options.drain_time = 50ms;
    AlertService service(options);
    service.use({{silent.url()}, {}, ""});
    for (int i = 0; i < 5; ++i) service.tell(alert_of("a"));
    EXPECT_EQ(service.lost(), 3u);
    const auto begun = std::chrono::steady_clock::now();
    service.stop();
    EXPECT_LT(std::chrono::steady_clock::now() - begun, 10s);
}

}  // namespace
}  // namespace patchbay
