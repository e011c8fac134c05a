#include "engine/cache/entry.hpp"

#include <gtest/gtest.h>

#include "engine/surface/operation.hpp"

namespace patchbay {
namespace {

CacheEntry sample() {
    CacheEntry entry;
    entry.operation = &kMessages;
    entry.deployment = "d-1";
    entry.whole = R"({"id":"m"})";
    entry.events.append("message_start", R"({"type":"message_start"})");
    entry.events.append("", "{}");
    entry.left_out = {"top_k", "seed"};
    entry.stored_ms = 5;
    entry.expires_ms = 7;
    entry.cost = -3;
    return entry;
}

TEST(CacheEntry, comes_back_from_its_bytes) {
    CacheEntry entry;
    ASSERT_TRUE(unpack(packed(sample()), entry));
    EXPECT_EQ(entry.operation, &kMessages);
    EXPECT_EQ(entry.deployment, "d-1");
    EXPECT_EQ(entry.whole, sample().whole);
    EXPECT_EQ(entry.events.text(), sample().events.text());
    EXPECT_EQ(entry.left_out, sample().left_out);
    EXPECT_EQ(entry.stored_ms, 5);
    EXPECT_EQ(entry.expires_ms, 7);
    EXPECT_EQ(entry.cost, -3);
}

TEST(CacheEntry, is_not_read_from_anything_else) {
    const std::string good = packed(sample());
    CacheEntry entry;
    // A text that ends between two names of `left_out` is a shorter list.
    for (std::size_t size = 0; size < good.size() - 17; ++size) {
        EXPECT_FALSE(unpack(std::string_view(good).substr(0, size), entry)) << size;
    }
    std::string other_version = good;
    other_version[good.find("pb-cache")] = 'q';
    EXPECT_FALSE(unpack(other_version, entry));
    std::string other_operation = good;
    other_operation[good.find("messages")] = 'q';
    EXPECT_FALSE(unpack(other_operation, entry));
}

TEST(CacheEntry, tells_its_events_in_order) {
    const CacheEntry entry = sample();
    std::size_t at = 0;
    KeptEvents::Event event;
    ASSERT_TRUE(entry.events.next(at, event));
    EXPECT_EQ(event.name, "message_start");
    ASSERT_TRUE(entry.events.next(at, event));
    EXPECT_EQ(event.name, "");
    EXPECT_EQ(event.json, "{}");
    EXPECT_FALSE(entry.events.next(at, event));
}

}  // namespace
}  // namespace patchbay
