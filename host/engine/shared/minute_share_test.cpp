#include "engine/shared/minute_share.hpp"

#include <random>

#include <gtest/gtest.h>

namespace patchbay {
namespace {

constexpr std::uint32_t kMinute = 29'000'000;  // 21:20

struct Sharer {
    MinuteCount count;
    MinuteShare share{"k:"};
    std::uint32_t used() const { return count.get(kMinute); }
};

// The server, as far as it counts.
struct Sum {
    std::int64_t sum = 0;
    void round(Sharer& gateway) {
        sum += gateway.share.begin(gateway.count, kMinute);
        gateway.share.answered(gateway.count, sum, kMinute);
    }
};

TEST(MinuteShare, each_count_holds_what_all_used) {
    Sharer a;
    Sharer b;
    Sum server;
    a.count.add(kMinute, 5);
    server.round(a);
    server.round(b);
    EXPECT_EQ(b.used(), 5u);
    b.count.add(kMinute, 2);
    server.round(b);
    server.round(a);
    EXPECT_EQ(a.used(), 7u);
    EXPECT_EQ(b.used(), 7u);
    EXPECT_EQ(server.sum, 7) << "what others used is not told as one's own";
    server.round(a);
    server.round(b);
    EXPECT_EQ(server.sum, 7);
}

TEST(MinuteShare, the_key_is_litellms) {
    Sharer a;
    a.share.begin(a.count, kMinute);
    EXPECT_EQ(a.share.key(), "k:21-20");
    EXPECT_TRUE(a.share.first());
}

TEST(MinuteShare, a_new_minute_begins_with_nothing) {
    Sharer a;
    Sum server;
    a.count.add(kMinute, 5);
    server.sum = 3;
    server.round(a);
    EXPECT_EQ(a.used(), 8u);
    EXPECT_EQ(a.share.begin(a.count, kMinute + 1), 0u);
    EXPECT_TRUE(a.share.first());
    a.count.add(kMinute + 1, 1);
    EXPECT_EQ(a.share.begin(a.count, kMinute + 1), 1u);
    a.share.answered(a.count, 4, kMinute + 2);
    EXPECT_EQ(a.count.get(kMinute + 1), 1u) << "an answer about a minute that is over";
}

TEST(MinuteShare, what_got_no_answer_is_told_again) {
    Sharer a;
    Sum server;
    a.count.add(kMinute, 5);
    EXPECT_EQ(a.share.begin(a.count, kMinute), 5u);
    a.share.lost();
    a.count.add(kMinute, 1);
    EXPECT_EQ(a.share.begin(a.count, kMinute), 6u);
    a.share.answered(a.count, 6, kMinute);
    EXPECT_EQ(a.share.begin(a.count, kMinute), 0u);
}

TEST(MinuteShare, a_server_that_has_lost_its_sums_is_told_all_of_them_again) {
    Sharer a;
    Sharer b;
    Sum server;
    a.count.add(kMinute, 5);
    b.count.add(kMinute, 4);
    for (int i = 0; i < 3; ++i) {
        server.round(a);
        server.round(b);
    }
    server.sum = 0;
    a.count.add(kMinute, 1);
    for (int i = 0; i < 3; ++i) {
        server.round(a);
        server.round(b);
    }
    EXPECT_EQ(server.sum, 10);
    EXPECT_EQ(a.used(), 10u);
    EXPECT_EQ(b.used(), 10u);
}

// Whatever gets lost, and however often the server forgets, no gateway ends up knowing less than all have used;
// and it knows exactly that, if nothing was lost.
TEST(MinuteShare, a_limit_never_comes_too_late) {
    for (int seed = 1; seed <= 300; ++seed) {
        std::mt19937 random(static_cast<unsigned>(seed));
        const auto chance = [&](int of) { return static_cast<int>(random() % 100) < of; };
        Sharer gateways[3];
        Sum server;
        std::int64_t used = 0;
        const bool lossy = seed % 2 == 0;
        for (int step = 0; step < 200; ++step) {
            Sharer& one = gateways[random() % 3];
            const auto more = static_cast<std::uint32_t>(random() % 4);
            one.count.add(kMinute, more);
            used += more;
            const std::uint32_t told = one.share.begin(one.count, kMinute);
            if (lossy && chance(10)) {
                if (chance(50)) server.sum += told;  // it heard, and its answer was lost
                one.share.lost();
                continue;
            }
            server.sum += told;
            one.share.answered(one.count, server.sum, kMinute);
        }
        for (int i = 0; i < 3; ++i) {
            for (Sharer& one : gateways) server.round(one);
        }
        for (const Sharer& one : gateways) {
            EXPECT_GE(one.used(), used) << seed;
            if (!lossy) {
                EXPECT_EQ(one.used(), used) << seed;
            }
        }
    }
}

}  // namespace
}  // namespace patchbay
