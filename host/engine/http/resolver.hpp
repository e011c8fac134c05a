// Host names to addresses without blocking the loop.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include <boost/asio/ip/address.hpp>

#include "engine/loop.hpp"

namespace patchbay::http {

/// Looks names up with getaddrinfo on the loop's blocking pool and remembers the answers. While a
/// name is being looked up, others who ask for it wait for the same answer. Used on the loop's
/// thread only.
class Resolver {
  public:
    struct Answer {
        std::vector<boost::asio::ip::address> addresses;  ///< in order of preference
        std::string error;                                ///< why there are none
    };
    using Callback = std::function<void(const Answer&)>;

    static constexpr std::size_t kMaxNames = 1024;
    static constexpr std::chrono::milliseconds kNegativeTtl{1'000};

    Resolver(Loop loop, std::chrono::milliseconds ttl);
    ~Resolver();

    /// Calls `done` before it returns if `host` is an address or its answer is remembered, else
    /// later on the loop's thread; never after the resolver's destruction.
    void resolve(const std::string& host, Callback done);

  private:
    struct Impl;
    std::shared_ptr<Impl> impl_;
};

}  // namespace patchbay::http
