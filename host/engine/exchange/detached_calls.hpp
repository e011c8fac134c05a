// Calls that outlive the exchange that asked for them (BAY_HTTP_DETACHED): "cancel that job".
//
// Tested by cancel_test.cpp.
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/execution_context.hpp>

#include "contract/actions/actions.hpp"
#include "engine/http/client.hpp"

namespace patchbay {

/// The detached calls of one event loop; had with asio::use_service, used on the loop's thread.
/// Nobody waits for an answer: it is read to be dropped, and a call that fails is logged.
class DetachedCalls final : public boost::asio::execution_context::service {
  public:
    static constexpr std::size_t kMaxUnderWay = 256;            ///< of the loop; more are refused
    static constexpr std::chrono::milliseconds kTotal{10'000};  ///< the longest one may take

    static boost::asio::execution_context::id id;
    explicit DetachedCalls(boost::asio::execution_context& context);

    /// Copies the call and starts it, with the shorter of its own limits and kTotal. `component`
    /// is for log lines. False: too many are under way, and it is not made.
    bool start(http::Client& client, const HttpAction& action, bool verify_tls,
               const std::string& component);
    std::size_t under_way() const { return under_way_; }

    /// The gateway stops: exchanges that are left from now on are told so.
    void begin_shutdown() { stopping_ = true; }
    bool stopping() const { return stopping_; }
    /// While one lives, calls may still come: a machine elsewhere is being asked for them.
    class Expected {
      public:
        explicit Expected(DetachedCalls& calls) : calls_(calls) { ++calls_.expected_; }
        ~Expected() {
            --calls_.expected_;
            calls_.tell_if_idle();
        }
        Expected(const Expected&) = delete;
        Expected& operator=(const Expected&) = delete;

      private:
        DetachedCalls& calls_;
    };
    /// Calls `idle` once, as soon as no call is under way or expected; at once if none is.
    void when_idle(std::function<void()> idle);

  private:
    struct Owned;
    boost::asio::awaitable<void> run(http::Client& client, Owned call);
    void tell_if_idle();
    void shutdown() override {}

    std::size_t under_way_ = 0;
    std::size_t expected_ = 0;
    bool stopping_ = false;
    std::function<void()> idle_;
};

}  // namespace patchbay
