// What an admin can see and do of the response cache: LiteLLM's /cache/*.
#pragma once

#include <string_view>

#include <boost/asio/awaitable.hpp>

#include "contract/error.hpp"
#include "engine/cache/response_cache.hpp"
#include "gateway/pages.hpp"

namespace patchbay::gateway {

/// GET /cache/ping: keeps an answer of its own and finds it again. On the loop's thread. An Error (503)
/// if there is no cache, or the store behind it cannot be reached.
boost::asio::awaitable<Result<Page>> ping_cache(const Engine& engine, const Snapshot& snapshot);

/// GET /cache/redis/info: what the Redis server behind the cache says of itself ("info") and of its clients ("clients",
/// "num_clients"). An Error (503) if there is none, or it does not answer.
boost::asio::awaitable<Result<Page>> redis_info(const Engine& engine);

/// POST /cache/delete: `{"keys": [...]}`, as x-litellm-cache-key has them. Keys that are not there are
/// no failure; what is no key is an Error (400), and so (503) is a store behind the cache that does not
/// forget them. On the loop's thread.
boost::asio::awaitable<Result<Page>> delete_cached(const Engine& engine, std::string_view body);

/// POST /cache/flushall: forgets all answers, also those that are being asked for. An Error (503) if the
/// store behind the cache does not. On the loop's thread.
boost::asio::awaitable<Result<Page>> flush_cache(const Engine& engine);

}  // namespace patchbay::gateway
