#include "engine/redis/await_reply.hpp"

#include <memory>
#include <utility>

#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>

namespace patchbay {

namespace asio = boost::asio;

namespace {

// Used on the loop's thread.
struct Waiting {
    explicit Waiting(asio::io_context& io) : timer(io, 2 * RedisLink::kAnswer) {}
    asio::steady_timer timer;
    bool came = false;
    RedisReply reply;
};

}  // namespace

asio::awaitable<RedisReply> await_reply(RedisLink& link, std::vector<std::string> words,
                                        asio::io_context& io) {
    const auto waiting = std::make_shared<Waiting>(io);
    const bool sent =
        link.send(std::move(words), [weak = std::weak_ptr(waiting), &io](RedisReply reply) {
            // Who has gone may have taken the loop along.
            if (weak.expired()) return;
            asio::post(io, [weak, reply = std::move(reply)]() mutable {
                const auto waits = weak.lock();
                if (!waits) return;
                waits->came = true;
                waits->reply = std::move(reply);
                waits->timer.cancel();
            });
        });
    if (!sent) co_return RedisReply{};
    boost::system::error_code ended;
    co_await waiting->timer.async_wait(asio::redirect_error(asio::use_awaitable, ended));
    if (ended && !waiting->came) {
        throw boost::system::system_error(asio::error::operation_aborted);
    }
    co_return std::move(waiting->reply);
}

}  // namespace patchbay
