// Values that all exchanges of an instance share: OAuth tokens, discovered endpoints
// (bay_ev_shared).
//
// Two problems: a thousand calls that need a token at once must cause one refresh, not a thousand;
// and those calls wait on different event loops. So a key has at most one refresh under way,
// whoever asks meanwhile leaves a callback, and callbacks are responsible for getting back to their
// own loop.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "patchbay/abi.h"

namespace patchbay {

/// What a shared_get() is answered with.
struct SharedValue {
    bay_status status = BAY_OK;
    std::string value;
    std::chrono::milliseconds ttl{0};  ///< what is left of its life
    std::string error;
    std::uint32_t cls = 0;             ///< BAY_ERR_* of the refresh; 0 = it told none
    std::uint32_t retry_after_ms = 0;  ///< as the refresh told it
};

/// Thread-safe. One per instance.
class SharedValues {
  public:
    using Clock = std::chrono::steady_clock;
    using Waiter = std::function<void(const SharedValue&)>;
    /// So many are kept. Another one takes the place of that whose life ends first, so that who
    /// changes credentials for ever is never refused.
    static constexpr std::size_t kMaxKeys = 1024;
    static constexpr std::size_t kMaxWaiters = 65536;

    enum class Lookup {
        fresh,    ///< `out` is filled in; the waiter was not kept
        waiting,  ///< a refresh is under way: the waiter is called when it ends
        refresh,  ///< the caller must refresh the key and call put() or fail(); the waiter is kept
        refused,  ///< too many wait, or are refreshed; the waiter was not kept
    };

    /// The waiter is called at most once, from the thread that calls put() or fail().
    Lookup get(std::string_view key, Clock::time_point now, Waiter waiter, SharedValue& out);
    /// The value a refresh starts from; empty if there never was one.
    std::string old_value(std::string_view key) const;
    /// Ends a refresh with a value; everyone waiting gets it.
    void put(std::string_view key, std::string_view value, std::chrono::milliseconds ttl,
             Clock::time_point now);
    /// Ends a refresh without a value; everyone waiting gets `why`, whose status is not BAY_OK.
    void fail(std::string_view key, const SharedValue& why);
    /// Forgets `value` if it is still the one that is kept.
    void drop(std::string_view key, std::string_view value);

  private:
    struct Entry {
        std::string value;
        Clock::time_point expires{};
        bool refreshing = false;
        std::vector<Waiter> waiters;
    };
    using Entries = std::map<std::string, Entry, std::less<>>;

    bool forget_one();  ///< false: every key is being refreshed

    mutable std::mutex mutex_;
    Entries entries_;
};

}  // namespace patchbay
