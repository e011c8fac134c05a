// A reply of a Redis server for a coroutine.
#pragma once

#include <string>
#include <vector>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>

#include "engine/redis/link.hpp"

namespace patchbay {

/// Sends a command and waits for its reply without holding up the loop, on whose thread it is called; kind `none` if the
/// link is not ready or nothing comes within twice RedisLink::kAnswer. Throws system_error(operation_aborted) if the
/// awaiting coroutine is cancelled.
boost::asio::awaitable<RedisReply> await_reply(RedisLink& link, std::vector<std::string> words,
                                               boost::asio::io_context& io);

}  // namespace patchbay
