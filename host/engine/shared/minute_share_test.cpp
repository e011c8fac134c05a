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

struct FallingSharer : Sharer {
    FallingSharer() { share = MinuteShare("k:", MinuteShare::Sum::may_fall); }
};

TEST(MinuteShare, what_one_takes_back_all_take_back) {
    FallingSharer a;
    FallingSharer b;
    Sum server;
    const auto rounds = [&] {
        for (int i = 0; i < 2; ++i) {
            server.round(a);
            server.round(b);
        }
    };
    a.count.add(kMinute, 50);
    b.count.add(kMinute, 7);
    rounds();
    EXPECT_EQ(b.used(), 57u);
    a.count.take_back(kMinute, 30);
    EXPECT_EQ(a.share.begin(a.count, kMinute), -30);
    rounds();
    EXPECT_EQ(server.sum, 27);
    EXPECT_EQ(a.used(), 27u);
    EXPECT_EQ(b.used(), 27u);
    server.sum = 0;
    rounds();
    EXPECT_EQ(server.sum, 27) << "it had lost them, and was told all again";
    a.count.take_back(kMinute, 5);
    EXPECT_EQ(a.share.begin(a.count, kMinute), -5);
    a.share.lost();
    EXPECT_EQ(a.share.begin(a.count, kMinute), 0) << "it may have heard it";
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
            const std::int64_t told = one.share.begin(one.count, kMinute);
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

TEST(MinuteShare, a_limit_never_comes_too_late_where_calls_take_back) {
    for (int seed = 1; seed <= 300; ++seed) {
        std::mt19937 random(static_cast<unsigned>(seed));
        const auto chance = [&](int of) { return static_cast<int>(random() % 100) < of; };
        FallingSharer gateways[3];
        std::uint32_t own[3] = {};
        Sum server;
        const bool lossy = seed % 2 == 0;
        for (int step = 0; step < 200; ++step) {
            const std::size_t at = random() % 3;
            FallingSharer& one = gateways[at];
            const auto more = static_cast<std::uint32_t>(random() % 9);
            one.count.add(kMinute, more);
            own[at] += more;
            if (chance(40)) {
                const std::uint32_t less =
                    own[at] > 0 ? static_cast<std::uint32_t>(random()) % own[at] : 0;
                one.count.take_back(kMinute, less);
                own[at] -= less;
            }
            const std::int64_t told = one.share.begin(one.count, kMinute);
            if (lossy && chance(10)) {
                if (chance(50)) server.sum += told;
                one.share.lost();
                continue;
            }
            server.sum += told;
            one.share.answered(one.count, server.sum, kMinute);
        }
        for (int i = 0; i < 3; ++i) {
            for (FallingSharer& one : gateways) server.round(one);
        }
        const std::uint32_t used = own[0] + own[1] + own[2];
        for (const FallingSharer& one : gateways) {
            EXPECT_GE(one.used(), used) << seed;
            if (!lossy) {
                EXPECT_EQ(one.used(), used) << seed;
            }
        }
    }
}

}  // namespace
}  // namespace patchbay
