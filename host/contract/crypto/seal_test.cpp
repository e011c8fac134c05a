#include "contract/crypto/seal.hpp"

#include <array>
#include <set>
#include <string>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace patchbay {

namespace {

TEST(Seal, what_was_sealed_opens_with_the_same_secret_and_purpose) {
    const SealKey key("secret", "ids");
    const SealKey same("secret", "ids");
    for (const std::string_view text : {"", "a", "ab", "abc", "dep\nresp_1", "\xff\x00z"}) {
        const std::string sealed = key.seal(text);
        EXPECT_EQ(
            sealed.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123"
                                     "456789-_"),
            std::string::npos);
        EXPECT_EQ(same.open(sealed), text);
        EXPECT_NE(key.seal(text), sealed);
    }
}

TEST(Seal, no_nonce_comes_twice_in_any_thread) {
    constexpr std::size_t kNonceDigits = 16;
    constexpr std::size_t kThreads = 4;
    constexpr std::size_t kEach = 2'000;
    const SealKey key("secret", "ids");
    std::array<std::vector<std::string>, kThreads> nonces;
    std::vector<std::thread> threads;
    for (auto& own : nonces) {
        threads.emplace_back([&] {
            for (std::size_t i = 0; i < kEach; ++i) {
                own.push_back(key.seal("a").substr(0, kNonceDigits));
            }
        });
    }
    for (auto& thread : threads) thread.join();
    std::set<std::string> all;
    for (const auto& own : nonces) all.insert(own.begin(), own.end());
    EXPECT_EQ(all.size(), kThreads * kEach);
}

TEST(Seal, nothing_else_opens) {
    const SealKey key("secret", "ids");
    const std::string sealed = key.seal("dep\nresp_1");
    EXPECT_FALSE(SealKey("other", "ids").open(sealed));
    EXPECT_FALSE(SealKey("secret", "other").open(sealed));
    EXPECT_FALSE(SealKey().open(sealed));
    for (std::size_t at = 0; at < sealed.size(); ++at) {
        std::string changed = sealed;
        changed[at] = changed[at] == 'A' ? 'B' : 'A';
        // The last character has bits that say nothing.
        if (at + 1 < sealed.size()) {
            EXPECT_FALSE(key.open(changed)) << at;
        }
        EXPECT_FALSE(key.open(sealed.substr(0, at))) << at;
    }
    for (const std::string_view text :
         {"", "=", "abc", "68a1c0f0c4d88190a3e2b7f5d1c09e8f", "a+/=", "\xc3\xa4\xc3\xa4"}) {
        EXPECT_FALSE(key.open(text)) << text;
    }
}

}  // namespace

}  // namespace patchbay
