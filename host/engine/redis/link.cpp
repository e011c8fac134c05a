#include "engine/redis/link.hpp"

#include <cstdlib>
#include <deque>
#include <mutex>
#include <optional>
#include <thread>
#include <utility>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/connect.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <spdlog/spdlog.h>

#include "config/cache_settings.hpp"
#include "engine/at_once.hpp"
#include "engine/http/tls.hpp"
#include "engine/redis/protocol.hpp"

namespace patchbay {

namespace asio = boost::asio;
using asio::ip::tcp;
using Clock = std::chrono::steady_clock;

namespace {

constexpr auto kTuple = asio::as_tuple(asio::use_awaitable);
constexpr std::chrono::milliseconds kWatch{20};

}  // namespace

struct RedisLink::Impl {
    Impl(RedisLink& owner, RedisAddress to) : link(owner), address(std::move(to)), wake(io) {}

    struct Waiting {
        Answered answered;
        Clock::time_point until;
    };

    RedisLink& link;
    const RedisAddress address;
    asio::io_context io{1};
    http::TlsContexts tls{""};
    asio::steady_timer wake;      ///< cancelled when there is something to be sent
    std::string out;              ///< commands that are not sent yet
    std::deque<Waiting> waiting;  ///< in the order of their commands
    mutable std::mutex mutex;     ///< of `trouble`
    std::string trouble;
    std::thread thread;

    void add(const std::vector<std::string>& words, Answered answered) {
        redis::append_command(words, out);
        waiting.push_back({std::move(answered), Clock::now() + kAnswer});
        wake.cancel();
    }

    void answer(RedisReply reply) {
        const Answered answered = std::move(waiting.front().answered);
        waiting.pop_front();
        link.waiting_.fetch_sub(1, std::memory_order_relaxed);
        link.late_.store(0, std::memory_order_relaxed);
        if (answered) answered(std::move(reply));
    }

    // Nothing more comes from this connection.
    void drop_all() {
        link.connected_.store(false, std::memory_order_relaxed);
        out.clear();
        for (Waiting& one : std::exchange(waiting, {})) {
            link.waiting_.fetch_sub(1, std::memory_order_relaxed);
            if (one.answered) one.answered({});
        }
    }

    void tell(std::string why) {
        link.faults_.fetch_add(1, std::memory_order_relaxed);
        const std::lock_guard lock(mutex);
        if (trouble != why) spdlog::warn("redis {}:{}: {}", address.host, address.port, why);
        trouble = std::move(why);
    }

    // What a connection begins with.
    void greet() {
        const auto expect_ok = [this](RedisReply reply) {
            if (reply.kind == RedisReply::Kind::error) refused = reply.text;
        };
        const auto ask = [&](std::vector<std::string> words, Answered answered) {
            link.waiting_.fetch_add(1, std::memory_order_relaxed);
            add(words, std::move(answered));
        };
        refused.clear();
        if (!address.password.empty()) {
            std::vector<std::string> words{"AUTH"};
            if (!address.username.empty()) words.push_back(address.username);
            words.emplace_back(address.password.reveal());
            ask(std::move(words), expect_ok);
        }
        if (address.database != 0) {
            ask({"SELECT", std::to_string(address.database)}, expect_ok);
        }
        ask({"PING"}, [this, expect_ok](RedisReply reply) {
            expect_ok(reply);
            if (reply.kind == RedisReply::Kind::text && refused.empty()) {
                link.connected_.store(true, std::memory_order_relaxed);
                good = true;
            }
        });
    }
    std::string refused;  ///< what the server has against the password or the database
    bool good = false;    ///< this connection was of use

    template <class Stream>
    asio::awaitable<std::string> write_loop(Stream& stream) {
        for (;;) {
            while (out.empty()) {
                wake.expires_at(Clock::time_point::max());
                co_await wake.async_wait(kTuple);
                const auto state = co_await asio::this_coro::cancellation_state;
                if (state.cancelled() != asio::cancellation_type::none) co_return "";
            }
            const std::string sending = std::exchange(out, {});
            auto [failed, size] = co_await asio::async_write(stream, asio::buffer(sending), kTuple);
            if (failed) co_return failed.message();
        }
    }

    template <class Stream>
    asio::awaitable<std::string> read_loop(Stream& stream) {
        redis::ReplyReader reader;
        std::vector<char> room(16u << 10);
        for (;;) {
            auto [failed, size] = co_await stream.async_read_some(asio::buffer(room), kTuple);
            if (failed) co_return failed.message();
            reader.feed({room.data(), size});
            RedisReply reply;
            while (reader.next(reply)) {
                if (waiting.empty()) co_return "it answers what it was not asked";
                answer(std::move(reply));
            }
            if (reader.broken()) co_return "it does not speak the protocol of Redis";
            if (!refused.empty()) co_return refused;
        }
    }

    asio::awaitable<std::string> watch() {
        asio::steady_timer timer(io);
        for (;;) {
            timer.expires_after(kWatch);
            auto [failed] = co_await timer.async_wait(kTuple);
            if (failed) co_return "";
            if (!waiting.empty() && waiting.front().until < Clock::now()) {
                co_return "it does not answer in time";
            }
        }
    }

    template <class Stream>
    asio::awaitable<std::string> read_and_write(Stream& stream) {
        auto ended = co_await first_of(read_loop(stream), write_loop(stream));
        co_return std::visit([](std::string& why) { return std::move(why); }, ended);
    }

    template <class Stream>
    asio::awaitable<std::string> talk(Stream& stream) {
        greet();
        auto ended = co_await first_of(read_and_write(stream), watch());
        co_return std::visit([](std::string& why) { return std::move(why); }, ended);
    }

    // The reason why the connection ended, or was never there.
    asio::awaitable<std::string> connect_and_talk() {
        tcp::resolver resolver(io);
        auto [unknown, found] =
            co_await resolver.async_resolve(address.host, std::to_string(address.port), kTuple);
        if (unknown) co_return unknown.message();
        tcp::socket socket(io);
        asio::steady_timer limit(io, kConnect);
        limit.async_wait([&socket](boost::system::error_code stopped) {
            boost::system::error_code ignored;
            if (!stopped) socket.close(ignored);
        });
        auto [failed, where] = co_await asio::async_connect(socket, found, kTuple);
        if (failed) co_return "cannot connect: " + failed.message();
        boost::system::error_code ignored;
        socket.set_option(tcp::no_delay(true), ignored);
        if (!address.tls) {
            limit.cancel();
            co_return co_await talk(socket);
        }
        const auto context = tls.get(address.verify);
        if (!context) co_return context.error();
        asio::ssl::stream<tcp::socket&> stream(socket, **context);
        http::TlsSession session;
        if (!http::prepare_handshake(stream.native_handle(), address.host, address.verify,
                                     session)) {
            co_return "its name is none";
        }
        auto [refused_hands] =
            co_await stream.async_handshake(asio::ssl::stream_base::client, kTuple);
        limit.cancel();
        if (refused_hands) {
            co_return http::describe_handshake(stream.native_handle(), refused_hands);
        }
        std::string why = co_await talk(stream);
        http::leave_session(stream.native_handle());
        co_return why;
    }

    asio::awaitable<void> run() {
        auto pause = kFirstPause;
        asio::steady_timer timer(io);
        for (;;) {
            good = false;
            std::string why = co_await connect_and_talk();
            drop_all();
            tell(std::move(why));
            if (good) pause = kFirstPause;
            timer.expires_after(pause);
            auto [stopped] = co_await timer.async_wait(kTuple);
            if (stopped) co_return;
            pause = std::min(2 * pause, kLongestPause);
        }
    }
};

RedisLink::RedisLink(RedisAddress address)
    : impl_(std::make_unique<Impl>(*this, std::move(address))) {
    asio::co_spawn(impl_->io, impl_->run(), asio::detached);
    impl_->thread = std::thread([this] { impl_->io.run(); });
}

RedisLink::~RedisLink() {
    stop();
}

bool RedisLink::ready() const {
    return connected_.load(std::memory_order_relaxed) &&
           late_.load(std::memory_order_relaxed) < kMostLate;
}

bool RedisLink::send(std::vector<std::string> words, Answered answered) {
    if (!ready()) return false;
    if (waiting_.fetch_add(1, std::memory_order_relaxed) >= kMostWaiting) {
        waiting_.fetch_sub(1, std::memory_order_relaxed);
        return false;
    }
    asio::post(impl_->io,
               [this, words = std::move(words), answered = std::move(answered)]() mutable {
                   if (connected_.load(std::memory_order_relaxed)) {
                       return impl_->add(words, std::move(answered));
                   }
                   waiting_.fetch_sub(1, std::memory_order_relaxed);
                   answered({});
               });
    return true;
}

void RedisLink::after(std::chrono::milliseconds wait, std::function<void()> action) {
    asio::post(impl_->io, [this, wait, action = std::move(action)]() mutable {
        auto timer = std::make_shared<asio::steady_timer>(impl_->io, wait);
        timer->async_wait([timer, action = std::move(action)](boost::system::error_code failed) {
            if (!failed) action();
        });
    });
}

void RedisLink::stop() {
    if (!impl_->thread.joinable()) return;
    impl_->io.stop();
    impl_->thread.join();
    connected_.store(false, std::memory_order_relaxed);
    impl_->drop_all();
}

std::string RedisLink::trouble() const {
    const std::lock_guard lock(impl_->mutex);
    return impl_->trouble;
}

RedisAddress address_of(const RedisSettings& settings) {
    return {settings.host,     settings.port, settings.username, settings.password,
            settings.database, settings.tls,  settings.verify};
}

}  // namespace patchbay
