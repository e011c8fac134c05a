#include <map>
#include <random>

#include <gtest/gtest.h>

#include "engine/shared/lease_fixture.hpp"

namespace patchbay {
namespace {

using access::Subject;
using test::Gateway;
using test::World;

// One rate, several gateways; returns what was let in, in each minute.
std::map<std::int64_t, std::int64_t> rates(std::size_t nodes, std::int64_t limit,
                                           std::uint64_t seed, bool cut) {
    World world;
    store::LimitsRecord limits;
    limits.rpm = limit;
    std::vector<std::unique_ptr<Gateway>> fleet;
    for (std::size_t i = 0; i < nodes; ++i) {
        fleet.push_back(std::make_unique<Gateway>(world, "n" + std::to_string(i), limits));
    }
    std::mt19937_64 chance(seed);
    std::map<std::int64_t, std::int64_t> taken;
    for (int step = 0; step < 24'000; ++step, world.pass()) {
        for (const auto& node : fleet) {
            node->cut = cut && step > 100;
            node->run();
            if (step < 100 || chance() % 4 != 0) continue;
            const auto at = static_cast<std::uint32_t>(world.ms / 1000);
            const std::int64_t minute = node->subject->requests.share.minute(at);
            if (node->subject->requests.take(limit, 1, at).in) ++taken[minute];
        }
    }
    taken.erase(taken.begin());
    taken.erase(std::prev(taken.end()));
    return taken;
}

TEST(LeasedRate, gateways_keep_one_rate_and_none_of_it_is_lost) {
    for (const std::size_t nodes : {1, 2, 8}) {
        for (const std::int64_t limit : {8, 100, 1'000}) {
            for (const auto& [minute, n] : rates(nodes, limit, limit, false)) {
                EXPECT_LE(n, limit) << nodes << " gateways";
                EXPECT_GE(n, limit) << nodes << " gateways";
            }
        }
    }
}

TEST(LeasedRate, gateways_that_are_cut_off_keep_a_part_of_the_rate_each) {
    const auto taken = rates(4, 100, 1, true);
    ASSERT_FALSE(taken.empty());
    for (const auto& [minute, n] : taken) {
        EXPECT_EQ(n, 100) << minute;
    }
}

TEST(LeasedRate, calls_that_are_larger_than_a_part_get_what_is_left_all_the_same) {
    constexpr std::uint32_t kTokens = 500;
    constexpr std::int64_t kLimit = 10'000;
    World world;
    store::LimitsRecord limits;
    limits.tpm = kLimit;
    std::vector<std::unique_ptr<Gateway>> fleet;
    for (int i = 0; i < 8; ++i) {
        fleet.push_back(std::make_unique<Gateway>(world, "n" + std::to_string(i), limits));
    }
    std::map<std::uint32_t, std::int64_t> taken;
    for (int step = 0; step < 18'000; ++step, world.pass()) {
        for (const auto& node : fleet) {
            node->run();
            if (step < 100 || step % 10 != 0) continue;
            const auto at = static_cast<std::uint32_t>(world.ms / 1000);
            auto& tokens = node->subject->tokens;
            const std::uint32_t minute = tokens.share.minute(at);
            if (tokens.take(kLimit, kTokens, at).in) taken[minute] += kTokens;
        }
    }
    taken.erase(taken.begin());
    taken.erase(std::prev(taken.end()));
    ASSERT_FALSE(taken.empty());
    for (const auto& [minute, n] : taken) {
        EXPECT_GE(n, kLimit - 8 * kTokens) << minute;
        EXPECT_LE(n, kLimit + 8 * kTokens) << minute;
    }
}

TEST(LeasedParallel, calls_under_way_at_all_gateways_keep_one_limit) {
    World world;
    store::LimitsRecord limits;
    limits.parallel = 20;
    std::vector<std::unique_ptr<Gateway>> fleet;
    for (int i = 0; i < 4; ++i) {
        fleet.push_back(std::make_unique<Gateway>(world, "n" + std::to_string(i), limits));
    }
    std::mt19937_64 chance(7);
    std::vector<std::pair<Subject*, std::int64_t>> under_way;
    std::size_t most = 0;
    for (int step = 0; step < 6'000; ++step, world.pass()) {
        std::erase_if(under_way, [&](const auto& call) {
            if (call.second > world.ms) return false;
            --call.first->in_flight;
            return true;
        });
        for (const auto& node : fleet) {
            node->run();
            if (step < 100) continue;
            // Half of the time one has all the calls.
            if (step % 2'000 < 1'000 && node != fleet.front()) continue;
            Subject& subject = *node->subject;
            if (subject.in_flight.fetch_add(1) < subject.parallel_share) {
                under_way.emplace_back(&subject,
                                       world.ms + static_cast<std::int64_t>(chance() % 1'000));
            } else {
                --subject.in_flight;
                ++subject.parallel_missed;
            }
        }
        most = std::max(most, under_way.size());
        if (step > 1'500 && step % 2'000 == 999) {
            EXPECT_GE(under_way.size(), 15u) << step;
        }
    }
    EXPECT_LE(most, 20u);
    EXPECT_GE(most, 18u);
}

}  // namespace
}  // namespace patchbay
