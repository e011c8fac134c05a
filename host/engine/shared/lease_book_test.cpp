#include <iostream>
#include <random>

#include <gtest/gtest.h>

#include "engine/shared/lease_fixture.hpp"

namespace patchbay {
namespace {

using access::Subject;
using test::Gateway;
using test::World;
using Verdict = meter::Allowance::Verdict;
constexpr std::int64_t kDollar = 1'000'000'000;

store::LimitsRecord budget_of(std::int64_t nano, std::int64_t spent = 0) {
    store::LimitsRecord limits;
    limits.max_nano = nano;
    limits.spent = spent;
    return limits;
}

// Calls under way at all gateways, and what they cost.
class Traffic {
  public:
    Traffic(World& world, std::uint64_t seed) : world_(world), chance_(seed) {}

    std::int64_t most = kDollar / 50;  ///< that a call can cost
    std::int64_t spent = 0;

    void call(Gateway& gateway) {
        meter::Allowance& budget = gateway.subject->budget;
        const auto how = budget.reserve(most, world_.server.now * 1000);
        if (how != Verdict::in && how != Verdict::closer) return;
        const auto takes = static_cast<std::int64_t>(chance_() % 500);
        const auto costs =
            static_cast<std::int64_t>(chance_() % static_cast<std::uint64_t>(most + 1));
        under_way_.push_back({gateway.subject, world_.ms + takes, costs, how});
    }
    void end_calls() {
        std::erase_if(under_way_, [&](const Call& call) {
            if (call.until > world_.ms) return false;
            call.of->budget.settle(most, call.how, call.costs, world_.server.now * 1000);
            spent += call.costs;
            return true;
        });
    }
    // What is under way at one that is killed costs nothing.
    void kill(const Gateway& gateway) {
        std::erase_if(under_way_, [&](const Call& call) { return call.of == gateway.subject; });
    }
    std::uint64_t draw(std::uint64_t n) { return chance_() % n; }

  private:
    struct Call {
        std::shared_ptr<Subject> of;
        std::int64_t until, costs;
        Verdict how;
    };
    World& world_;
    std::mt19937_64 chance_;
    std::vector<Call> under_way_;
};

class Fleet {
  public:
    Fleet(World& world, std::uint64_t seed, std::size_t size, std::int64_t budget)
        : traffic(world, seed), world_(world), budget_(budget) {
        for (std::size_t i = 0; i < size; ++i) start();
    }
    void start() {
        nodes.push_back(std::make_unique<Gateway>(world_, "n" + std::to_string(++names_),
                                                  budget_of(budget_, traffic.spent)));
    }
    // `calls` in a hundred steps of each gateway.
    void run(std::int64_t ms, std::uint64_t calls) {
        for (std::int64_t end = world_.ms + ms; world_.ms < end; world_.pass()) {
            traffic.end_calls();
            for (const auto& node : nodes) {
                node->run();
                if (traffic.draw(100) < calls) traffic.call(*node);
            }
        }
    }

    std::vector<std::unique_ptr<Gateway>> nodes;
    Traffic traffic;

  private:
    World& world_;
    std::int64_t budget_;
    int names_ = 0;
};

// What the server has as used.
std::int64_t told(const World& world) {
    std::int64_t sum = 0;
    for (const auto& [key, window] : world.server.windows()) {
        sum += window.base;
        for (const auto& [name, node] : window.nodes) sum += node.used;
    }
    return sum;
}

TEST(LeaseBook, gateways_spend_a_budget_to_its_end_and_pass_it_by_one_call_each) {
    for (const std::size_t nodes : {1, 2, 3, 8}) {
        std::int64_t most = 0, least = 1 << 30;
        for (std::uint64_t seed = 0; seed < 20; ++seed) {
            World world;
            Fleet fleet(world, seed, nodes, kDollar);
            fleet.run(500, 0);
            fleet.run(60'000, 20);
            const std::int64_t over = fleet.traffic.spent - kDollar;
            most = std::max(most, over);
            least = std::min(least, over);
            EXPECT_LE(over, static_cast<std::int64_t>(nodes) * fleet.traffic.most) << seed;
            EXPECT_GE(over, 0) << "something of the budget was not to be had, seed " << seed;
            EXPECT_LE(world.server.most_over, 0) << seed;
        }
        std::cout << nodes << " gateways pass 1 $ by " << least << ".." << most << " n$, at most "
                  << nodes * (kDollar / 50) << "\n";
    }
}

TEST(LeaseBook, one_of_eight_that_has_all_the_calls_gets_all_of_the_budget) {
    World world;
    Fleet fleet(world, 1, 8, kDollar);
    fleet.run(1'000, 0);
    for (std::int64_t end = world.ms + 120'000; world.ms < end; world.pass()) {
        fleet.traffic.end_calls();
        for (const auto& node : fleet.nodes) node->run();
        fleet.traffic.call(*fleet.nodes[0]);
    }
    EXPECT_GE(fleet.traffic.spent, kDollar);
    EXPECT_LE(fleet.traffic.spent, kDollar + fleet.traffic.most);
}

TEST(LeaseBook, those_that_are_cut_off_pass_a_budget_by_their_part_of_what_was_left_at_most) {
    std::int64_t worst = -kDollar, bound_of_worst = 0;
    for (std::uint64_t seed = 0; seed < 30; ++seed) {
        World world;
        Fleet fleet(world, seed, 8, kDollar);
        fleet.run(500, 0);
        fleet.run(1'000 + static_cast<std::int64_t>(fleet.traffic.draw(4'000)), 5);
        const std::int64_t left = kDollar - fleet.traffic.spent;
        fleet.nodes[0]->cut = fleet.nodes[1]->cut = true;
        fleet.run(30'000, 20);
        fleet.nodes[0]->cut = fleet.nodes[1]->cut = false;
        fleet.run(30'000, 20);
        const std::int64_t bound = 8 * fleet.traffic.most + 2 * left / 8;
        const std::int64_t over = fleet.traffic.spent - kDollar;
        EXPECT_LE(over, bound) << seed;
        EXPECT_GE(over, 0) << seed;
        if (over > worst) bound_of_worst = bound;
        worst = std::max(worst, over);
    }
    std::cout << "two of eight cut off pass 1 $ by " << worst << " n$, at most " << bound_of_worst
              << "\n";
}

TEST(LeaseBook, while_the_server_is_frozen_calls_go_on_with_a_part_and_it_is_told_later) {
    World world;
    Fleet fleet(world, 5, 2, 1'000 * kDollar);
    fleet.run(2'000, 20);
    world.frozen = true;
    const std::int64_t before = fleet.traffic.spent;
    fleet.run(120'000, 20);
    EXPECT_GT(fleet.traffic.spent - before, 20 * kDollar) << "calls were refused";
    // What it was sent before it froze is done when it goes on, in whatever order.
    world.frozen = false;
    for (const auto& node : fleet.nodes) {
        for (const auto& words : node->undelivered) (void)world.server.answer(words);
    }
    fleet.run(3'000, 0);
    // What has no answer is told again: a limit may come too early by that, and never too late.
    EXPECT_GE(told(world), fleet.traffic.spent);
    EXPECT_LE(told(world), fleet.traffic.spent + 20 * fleet.traffic.most);
}

TEST(LeaseBook, the_share_of_one_that_died_is_the_others_a_minute_later) {
    for (std::uint64_t seed = 0; seed < 10; ++seed) {
        World world;
        Fleet fleet(world, seed, 3, kDollar);
        fleet.run(500, 0);
        fleet.run(1'500, 10);
        fleet.traffic.kill(*fleet.nodes.back());
        fleet.nodes.pop_back();
        fleet.start();  // its journal is posted
        fleet.run(90'000, 20);
        EXPECT_GE(fleet.traffic.spent, kDollar) << seed;
        EXPECT_LE(fleet.traffic.spent, kDollar + 4 * fleet.traffic.most) << seed;
    }
}

TEST(LeaseBook, the_share_of_one_that_ends_is_the_others_at_once) {
    World world;
    Fleet fleet(world, 3, 2, kDollar);
    fleet.run(500, 0);
    fleet.run(500, 2);
    fleet.run(600, 0);
    fleet.nodes.back()->leave();
    fleet.nodes.pop_back();
    fleet.run(20'000, 30);
    EXPECT_GE(fleet.traffic.spent, kDollar);
}

TEST(LeaseBook, a_server_that_lost_everything_is_told_again) {
    for (std::uint64_t seed = 0; seed < 20; ++seed) {
        World world;
        Fleet fleet(world, seed, 4, kDollar);
        fleet.run(500, 0);
        fleet.run(1'000, 10);
        world.server.forget();
        fleet.run(1'000, 10);
        if (seed % 2 == 1) world.server.forget();
        fleet.run(60'000, 20);
        EXPECT_GE(fleet.traffic.spent, kDollar) << seed;
        EXPECT_LE(fleet.traffic.spent, kDollar + 4 * fleet.traffic.most) << seed;
    }
}

TEST(LeaseBook, one_that_was_away_for_longer_than_its_lease_is_counted_once) {
    World world;
    Fleet fleet(world, 9, 3, 1'000 * kDollar);
    fleet.run(500, 0);
    fleet.run(2'000, 20);
    fleet.run(1'500, 0);
    ASSERT_EQ(told(world), fleet.traffic.spent);
    for (const std::int64_t away : {30'000, 55'000, 80'000}) {
        fleet.nodes[0]->cut = true;
        fleet.run(away, 5);
        fleet.nodes[0]->cut = false;
        fleet.run(3'000, 0);
        EXPECT_EQ(told(world), fleet.traffic.spent) << away;
    }
}

TEST(LeaseBook, a_subject_that_was_forgotten_and_is_read_again_loses_and_doubles_nothing) {
    World world;
    Fleet fleet(world, 4, 2, 1'000 * kDollar);
    fleet.run(500, 0);
    fleet.run(2'000, 10);
    fleet.run(1'500, 0);
    fleet.nodes[0]->read_again(budget_of(1'000 * kDollar, fleet.traffic.spent));
    fleet.run(2'000, 10);
    fleet.run(1'500, 0);
    EXPECT_EQ(told(world), fleet.traffic.spent);
}

TEST(LeaseBook, one_that_starts_when_the_data_is_lost_does_not_count_what_the_others_tell) {
    World world;
    Fleet fleet(world, 4, 2, kDollar);
    fleet.run(500, 0);
    fleet.run(2'000, 10);
    fleet.run(1'500, 0);
    for (const auto& node : fleet.nodes) node->cut = true;
    world.server.forget();
    fleet.run(500, 20);
    fleet.run(1'000, 0);
    fleet.start();
    fleet.run(2'000, 0);
    for (const auto& node : fleet.nodes) node->cut = false;
    fleet.run(3'000, 0);
    EXPECT_EQ(told(world), fleet.traffic.spent);
    fleet.run(60'000, 20);
    EXPECT_GE(fleet.traffic.spent, kDollar);
    EXPECT_LE(fleet.traffic.spent, kDollar + 3 * fleet.traffic.most);
}

TEST(LeaseBook, whatever_happens_the_bound_holds_and_nothing_leaks) {
    std::int64_t worst = -kDollar;
    for (std::uint64_t seed = 0; seed < 100; ++seed) {
        World world;
        Fleet fleet(world, 1'000 + seed, 2 + seed % 5, kDollar);
        std::string history;
        std::int64_t cut_off = 0, started = static_cast<std::int64_t>(fleet.nodes.size());
        fleet.run(500, 0);
        for (int i = 0; i < 6; ++i) {
            Gateway& one = *fleet.nodes[fleet.traffic.draw(fleet.nodes.size())];
            const auto nodes = static_cast<std::int64_t>(fleet.nodes.size());
            const std::int64_t left = std::max<std::int64_t>(kDollar - fleet.traffic.spent, 0);
            const auto fault = fleet.traffic.draw(5);
            history += " " + std::to_string(fault);
            switch (fault) {
                case 0:
                    if (!one.cut) cut_off += left / nodes;
                    one.cut = true;
                    break;
                case 1:
                    one.cut = false;
                    break;
                case 2:
                    fleet.start();
                    ++started;
                    break;
                case 3:  // what one that is cut off has used nobody else can say
                    if (std::none_of(fleet.nodes.begin(), fleet.nodes.end(),
                                     [](const auto& node) { return node->cut; })) {
                        cut_off += left / nodes;
                        world.server.forget();
                    }
                    break;
                default:
                    world.frozen = true;
                    cut_off += left;
                    fleet.run(500, 3);
                    world.frozen = false;
            }
            fleet.run(static_cast<std::int64_t>(fleet.traffic.draw(3'000)), 3);
        }
        for (const auto& node : fleet.nodes) node->cut = false;
        fleet.run(100'000, 20);
        const std::int64_t over = fleet.traffic.spent - kDollar;
        EXPECT_LE(over, started * fleet.traffic.most + cut_off) << seed;
        EXPECT_GE(over, 0) << seed << history;
        worst = std::max(worst, over);
    }
    std::cout << "under faults the largest overshoot was " << worst << " n$\n";
}

}  // namespace
}  // namespace patchbay
