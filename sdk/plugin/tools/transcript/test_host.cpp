#include "test_host.hpp"

#include <string_view>

#include "contract/crypto/crypto.hpp"
#include "patchbay/sdk/text.hpp"

namespace patchbay::transcript {
namespace {

thread_local TestHost* bound = nullptr;

TestHost& self(const bay_host* host) {
    return bound ? *bound : *static_cast<TestHost*>(host->ctx);
}

// SplitMix64.
std::uint64_t next(std::uint64_t& state) {
    std::uint64_t z = state += 0x9e3779b97f4a7c15;
    z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
    z = (z ^ z >> 27) * 0x94d049bb133111eb;
    return z ^ z >> 31;
}

}  // namespace

TestHost::TestHost() {
    host_.size = sizeof host_;
    host_.abi_minor = BAY_ABI_MINOR;
    host_.ctx = this;
    host_.name = bay::str("patchbay-transcript");
    host_.version = bay::str("0");
    host_.get_extension = [](const bay_host*, const char* id) noexcept -> const void* {
        return std::string_view(id) == BAY_EXT_CRYPTO ? &crypto_service() : nullptr;
    };
    // OpenSSL reads its configuration at its first use; that is the host's doing, not a plugin's.
    sha256({});
    host_.log = [](const bay_host* h, std::uint32_t level, bay_str message) noexcept {
        static constexpr const char* kNames[] = {"trace", "debug", "info", "warn", "error"};
        self(h).log.push_back(std::string(level < 5 ? kNames[level] : "?") + ": " +
                              std::string(bay::sv(message)));
    };
    host_.log_level = [](const bay_host*) noexcept -> std::uint32_t { return BAY_LOG_TRACE; };
    host_.unix_ms = [](const bay_host* h) noexcept { return self(h).now_ms; };
    host_.random = [](const bay_host* h, void* to, std::size_t size) noexcept {
        auto* bytes = static_cast<unsigned char*>(to);
        for (std::size_t i = 0; i < size; ++i) {
            bytes[i] = static_cast<unsigned char>(next(self(h).seed_));
        }
    };
}

TestHost& TestHost::here(TestHost& other) {
    return bound ? *bound : other;
}

TestHost::Bind::Bind(TestHost& host) : before_(bound) {
    bound = &host;
}

TestHost::Bind::~Bind() {
    bound = before_;
}

void TestHost::reset() {
    now_ms = kStart;
    log.clear();
    seed_ = 0;
}

}  // namespace patchbay::transcript
