// The host's services with a clock that stands still and random numbers that repeat; the crypto
// service is the gateway's own.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "patchbay/abi.h"

namespace patchbay::transcript {

/// One per plugin file; reset() before every run. Not thread-safe: a thread that plays beside
/// others binds one of its own.
class TestHost {
  public:
    /// 2026-01-01T00:00:00Z.
    static constexpr std::int64_t kStart = 1'767'225'600'000;

    TestHost();
    TestHost(const TestHost&) = delete;
    TestHost& operator=(const TestHost&) = delete;

    const bay_host* table() const { return &host_; }
    void reset();

    /// The host bound to this thread, else `other`.
    static TestHost& here(TestHost& other);

    /// While it lives, what a plugin asks for on this thread is answered by `host`, whichever table
    /// the plugin was given. They nest.
    class Bind {
      public:
        explicit Bind(TestHost& host);
        ~Bind();
        Bind(const Bind&) = delete;
        Bind& operator=(const Bind&) = delete;

      private:
        TestHost* before_;
    };

    std::int64_t now_ms = kStart;
    std::vector<std::string> log;  ///< "warn: text"

  private:
    bay_host host_{};
    std::uint64_t seed_ = 0;
};

}  // namespace patchbay::transcript
