// An answer as events of a call.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "call_state.hpp"
#include "engine/call/answer.hpp"
#include "engine/call/call.hpp"

namespace patchbay::client {

/// Lives as long as the call's coroutine, on the loop's thread.
class LocalAnswer final : public Answer {
  public:
    LocalAnswer(const Call& call, CallState& state) : call_(call), state_(state) {}

    void head(int, std::span<const http::Header>) override {}
    void whole(const Restamped& json) override;
    void event(std::string_view name, const Restamped& json) override;
    void bytes(std::string_view content_type, std::string_view piece) override;
    bool dirty() const override { return piecewise_ && !pending_.empty(); }
    boost::asio::awaitable<bool> flush() override;
    bool committed() const override { return committed_; }
    void restart() override;
    boost::asio::awaitable<void> finish(const Error* error) override;

  private:
    Event& add(std::uint32_t type, std::string_view name);
    void deliver(bool last);

    const Call& call_;
    CallState& state_;
    std::vector<Event> pending_;
    bool piecewise_ = false;
    bool committed_ = false;
};

}  // namespace patchbay::client
