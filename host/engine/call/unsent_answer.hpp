// An answer that no client gets: of a call that the gateway makes for itself.
#pragma once

#include "engine/call/answer.hpp"

namespace patchbay {

/// Takes an answer as fast as it comes, and keeps nothing of it. Who wants some of it overrides that member.
class UnsentAnswer : public Answer {
  public:
    void head(int, std::span<const http::Header>) override {}
    void whole(const Restamped&) override {}
    void event(std::string_view, const Restamped&) override {}
    void bytes(std::string_view, std::string_view) override {}
    bool dirty() const override { return false; }
    boost::asio::awaitable<bool> flush() override { co_return true; }
    bool committed() const override { return false; }
    void restart() override {}
    boost::asio::awaitable<void> finish(const Error*) override { co_return; }
};

}  // namespace patchbay
