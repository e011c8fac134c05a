// A connection to a Redis server that no call ever waits for longer than it wants to.
//
// The protocol is hiredis' own reader and formatter, which do no I/O; the socket, its TLS and its
// deadlines are Asio's, on a thread of the link's own: a server that is slow or gone holds up nobody
// but this thread. Commands go out in the order they come and are answered in that order. A server
// that leaves one without an answer for kAnswer is left, and tried again after a while.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "config/secret.hpp"

namespace patchbay {

struct RedisSettings;

struct RedisAddress {
    std::string host;
    std::uint16_t port = 6379;
    std::string username;  ///< empty: "default"
    Secret password;       ///< empty: the server asks for none
    int database = 0;
    bool tls = false;
    bool verify = true;  ///< the server's certificate and name
};

/// As it is configured.
RedisAddress address_of(const RedisSettings& settings);

/// A server's answer to a command.
struct RedisReply {
    enum class Kind : std::uint8_t {
        none,  ///< nothing came, or the server has nothing there
        text,
        number,
        list,
        error,  ///< `text` is the server's
    };
    Kind kind = Kind::none;
    std::string text;
    std::int64_t number = 0;
    std::vector<RedisReply> list;
};

/// Any thread, where nothing else is said.
class RedisLink {
  public:
    static constexpr std::chrono::milliseconds kConnect{500};
    static constexpr std::chrono::milliseconds kAnswer{100};
    static constexpr std::chrono::milliseconds kFirstPause{1'000};  ///< doubled up to kLongestPause
    static constexpr std::chrono::milliseconds kLongestPause{30'000};
    static constexpr int kMostWaiting = 1'024;  ///< commands that have no answer yet
    static constexpr int kMostLate = 5;

    /// Called once, on the link's thread; kind `none` if no answer came. It must not block. Not called
    /// any more once the link is stopped.
    using Answered = std::function<void(RedisReply reply)>;

    /// Connects in the background.
    explicit RedisLink(RedisAddress address);
    ~RedisLink();
    RedisLink(const RedisLink&) = delete;
    RedisLink& operator=(const RedisLink&) = delete;

    /// Is it worth asking? True while the server is connected and answers in time.
    bool ready() const;
    /// Sends a command. False, and `answered` is not called: the link is not ready, or too many wait.
    bool send(std::vector<std::string> words, Answered answered);
    /// Calls `action` so much later, on the link's thread, where it must not block; not at all once the link is
    /// stopped.
    void after(std::chrono::milliseconds wait, std::function<void()> action);
    /// Who asked did not get an answer in the time it had. After kMostLate in a row the link is not
    /// ready until the server says something.
    void late() { late_.fetch_add(1, std::memory_order_relaxed); }
    /// Ends the thread; commands under way have no answer. What they hold is gone afterwards.
    void stop();

    /// Times that the server could not be reached or was left.
    std::uint64_t faults() const { return faults_.load(std::memory_order_relaxed); }
    /// Why it was, the last time; empty: never.
    std::string trouble() const;

  private:
    class Session;
    struct Impl;
    std::unique_ptr<Impl> impl_;
    std::atomic<bool> connected_{false};
    std::atomic<int> waiting_{0};
    std::atomic<int> late_{0};
    std::atomic<std::uint64_t> faults_{0};
};

}  // namespace patchbay
