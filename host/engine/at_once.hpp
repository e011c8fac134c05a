// Two coroutines at once, of which an exception ends both.
//
// Asio's `a || b` waits for one that succeeds: where `a` ends with an exception it goes on waiting for `b`, and if that is
// a timer without an end, for ever. And where both throw, as both do when who awaits them is cancelled, `a || b` and
// `a && b` make a multiple_exceptions of it, which nobody takes for a cancellation. So they are not used here.
//
// What is awaited is over, its frame too, when these return or throw: it may refer to what lives in the caller. It runs on the
// caller's executor. A cancellation of the caller reaches both.
#pragma once

#include <exception>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/deferred.hpp>
#include <boost/asio/experimental/parallel_group.hpp>
#include <boost/asio/this_coro.hpp>

namespace patchbay {

/// What an awaitable of T ends with, in a variant.
template <class T>
using Ended = std::conditional_t<std::is_void_v<T>, std::monostate, T>;

/// Until one of them ends, which cancels the other. What that one ended with, by its place; what it threw is thrown. What
/// becomes of the other is dropped. T and U are void or can be made from nothing.
template <class T, class U>
boost::asio::awaitable<std::variant<Ended<T>, Ended<U>>> first_of(boost::asio::awaitable<T> one,
                                                                  boost::asio::awaitable<U> other) {
    namespace asio = boost::asio;
    using Result = std::variant<Ended<T>, Ended<U>>;
    // The group tells the order, and of each its exception and, unless that is void, its value.
    constexpr std::size_t kOne = 1;
    constexpr std::size_t kOther = std::is_void_v<T> ? kOne + 1 : kOne + 2;
    const auto executor = co_await asio::this_coro::executor;
    auto group = asio::experimental::make_parallel_group(
        co_spawn(executor, std::move(one), asio::deferred),
        co_spawn(executor, std::move(other), asio::deferred));
    auto told = co_await group.async_wait(asio::experimental::wait_for_one(), asio::deferred);
    if (std::get<0>(told)[0] == 0) {
        if (std::get<kOne>(told)) std::rethrow_exception(std::get<kOne>(told));
        if constexpr (std::is_void_v<T>) {
            co_return Result(std::in_place_index<0>);
        } else {
            co_return Result(std::in_place_index<0>, std::move(std::get<kOne + 1>(told)));
        }
    } else {
        if (std::get<kOther>(told)) std::rethrow_exception(std::get<kOther>(told));
        if constexpr (std::is_void_v<U>) {
            co_return Result(std::in_place_index<1>);
        } else {
            co_return Result(std::in_place_index<1>, std::move(std::get<kOther + 1>(told)));
        }
    }
}

/// Until both have ended. What one throws cancels the other, and is thrown when that has ended, too.
inline boost::asio::awaitable<void> both_of(boost::asio::awaitable<void> one,
                                            boost::asio::awaitable<void> other) {
    namespace asio = boost::asio;
    const auto executor = co_await asio::this_coro::executor;
    auto group = asio::experimental::make_parallel_group(
        co_spawn(executor, std::move(one), asio::deferred),
        co_spawn(executor, std::move(other), asio::deferred));
    auto told = co_await group.async_wait(asio::experimental::wait_for_one_error(), asio::deferred);
    const bool in_order = std::get<0>(told)[0] == 0;
    const std::exception_ptr& first = in_order ? std::get<1>(told) : std::get<2>(told);
    const std::exception_ptr& last = in_order ? std::get<2>(told) : std::get<1>(told);
    if (first) std::rethrow_exception(first);
    if (last) std::rethrow_exception(last);
}

}  // namespace patchbay
