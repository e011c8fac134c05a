#include "engine/call/capacity_grant.hpp"

#include <atomic>
#include <thread>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using Limit = CapacityGrant::Limit;

constexpr std::int64_t kNone = Capacity::kNone;

// The middle of a minute.
std::uint32_t middle() {
    Capacities any;
    return 6'000'000 + any.hold("")->requests.left(6'000'000) + 30;
}
const std::uint32_t kNow = middle();

/// A model of which a half is prod's, a fifth dev's and a tenth everybody else's, once a half is used.
struct Model {
    explicit Model(std::int64_t rpm = 100, std::int64_t tpm = kNone) {
        group.model = "gpt";
        group.whole = capacities.hold("gpt");
        group.reserved = {{"dev", capacities.hold("gpt\ndev")},
                          {"prod", capacities.hold("gpt\nprod")}};
        group.others = capacities.hold("gpt\n");
        group.threshold = 0.5;
        const auto part = [&](int percent) {
            return Capacities::Limit{rpm == kNone ? kNone : rpm * percent / 100,
                                     tpm == kNone ? kNone : tpm * percent / 100};
        };
        capacities.limit({{"gpt", {rpm, tpm}},
                          {"gpt\nprod", part(50)},
                          {"gpt\ndev", part(20)},
                          {"gpt\n", part(10)}});
    }
    // What refused it; a call that is let in is under way for ever.
    std::string take(const char* priority, std::uint32_t tokens = 10, std::uint32_t now = kNow) {
        CapacityGrant grant;
        const auto error = grant.take(group, {priority, tokens, now});
        EXPECT_EQ(error.has_value(), grant.refused() != Limit::none);
        if (!error) return "in";
        EXPECT_EQ(error->status(), 429);
        return std::string(grant.refused_by_share() ? "share " : "model ") +
               (grant.refused() == Limit::tokens ? "tokens" : "requests");
    }
    Capacity& of(const char* priority) { return *group.part(priority); }

    Capacities capacities;
    GroupCapacity group;
};

TEST(CapacityGrant, requests_by_what_is_used_of_the_model_and_of_the_share) {
    struct Row {
        const char* priority;
        std::uint32_t of_model, of_share;  ///< that were used before
        const char* verdict;
    };
    for (const Row& row : {
             // Below the threshold whoever comes may use what is there.
             Row{"prod", 49, 0, "in"},
             Row{"dev", 49, 49, "in"},
             Row{"", 49, 49, "in"},
             // From there on each has its share.
             Row{"prod", 50, 49, "in"},
             Row{"prod", 50, 50, "share requests"},
             Row{"dev", 50, 0, "in"},
             Row{"dev", 50, 19, "in"},
             Row{"dev", 50, 20, "share requests"},
             Row{"dev", 99, 50, "share requests"},
             Row{"", 50, 9, "in"},
             Row{"", 50, 10, "share requests"},
             Row{"stranger", 50, 10, "share requests"},
             Row{"prod", 99, 49, "in"},
             // And nobody gets more than all.
             Row{"prod", 100, 0, "model requests"},
             Row{"dev", 100, 0, "model requests"},
         }) {
        Model model;
        (void)model.group.whole->requests.add(row.of_model, kNow);
        (void)model.of(row.priority).requests.add(row.of_share, kNow);
        EXPECT_EQ(model.take(row.priority), row.verdict)
            << row.priority << " " << row.of_model << " " << row.of_share;
        const bool in = row.verdict == std::string_view("in");
        EXPECT_EQ(model.group.whole->requests.used(kNow), row.of_model + in);
        EXPECT_EQ(model.of(row.priority).requests.used(kNow), row.of_share + in);
    }
}

TEST(CapacityGrant, tokens_by_what_is_used_of_the_model_and_of_the_share) {
    struct Row {
        const char* priority;
        std::uint32_t of_model, of_share, tokens;
        const char* verdict;
    };
    for (
        const Row& row : {
            Row{"dev", 499, 400, 100, "in"},
            Row{"dev", 500, 150, 50, "in"},
            Row{"dev", 500, 150, 51, "share tokens"},
            Row{"prod", 500, 400, 100, "in"},
            Row{"prod", 500, 450, 51, "share tokens"},
            Row{"", 500, 100, 1, "share tokens"},
            Row{"prod", 950, 0, 50, "in"},
            Row{"prod", 950, 0, 51, "model tokens"},
            // One that is larger than its share is let in where nothing of the share is used: else it could never be.
            Row{"dev", 500, 0, 300, "in"},
        }) {
        Model model(1'000, 1'000);
        (void)model.group.whole->tokens.add(row.of_model, kNow);
        (void)model.of(row.priority).tokens.add(row.of_share, kNow);
        EXPECT_EQ(model.take(row.priority, row.tokens), row.verdict)
            << row.priority << " " << row.of_model << " " << row.of_share << " " << row.tokens;
        const std::uint32_t in = row.verdict == std::string_view("in") ? row.tokens : 0;
        EXPECT_EQ(model.group.whole->tokens.used(kNow), row.of_model + in);
        EXPECT_EQ(model.of(row.priority).tokens.used(kNow), row.of_share + in);
        EXPECT_EQ(model.group.whole->requests.used(kNow), in == 0 ? 0 : 1) << "a refusal is none";
    }
}

TEST(CapacityGrant, a_call_that_is_over_counts_what_it_has_used) {
    for (const std::int64_t used : {0, 30, 700}) {
        Model model(100, 1'000);
        CapacityGrant grant;
        ASSERT_FALSE(grant.take(model.group, {"dev", 100, kNow}));
        for (int i = 0; i < 2; ++i) {
            grant.settle(used, kNow);
            EXPECT_EQ(model.group.whole->tokens.used(kNow), used);
            EXPECT_EQ(model.of("dev").tokens.used(kNow), used);
            EXPECT_EQ(model.group.whole->requests.used(kNow), 1);
        }
        CapacityGrant nobody;
        nobody.settle(used, kNow);
    }
}

TEST(CapacityGrant, what_one_has_used_more_than_its_share_is_not_taken_from_it_in_the_next_minute) {
    Model model;
    for (int i = 0; i < 50; ++i) ASSERT_EQ(model.take("dev"), "in");
    EXPECT_EQ(model.take("dev"), "share requests");
    const std::uint32_t next = kNow + model.group.whole->requests.left(kNow);
    for (int i = 0; i < 50; ++i) ASSERT_EQ(model.take("dev", 10, next), "in");
    EXPECT_EQ(model.take("dev", 10, next), "share requests");
    for (int i = 0; i < 50; ++i) ASSERT_EQ(model.take("prod", 10, next), "in");
    EXPECT_EQ(model.take("prod", 10, next), "model requests");
}

TEST(CapacityGrant, a_share_of_nothing_is_for_quiet_times) {
    Model model;
    model.of("").rpm = 0;
    for (int i = 0; i < 50; ++i) ASSERT_EQ(model.take(""), "in");
    EXPECT_EQ(model.take(""), "share requests");
    EXPECT_EQ(model.take("dev"), "in");
}

TEST(CapacityGrant, where_nothing_is_reserved_the_model_alone_refuses) {
    Model model(3);
    model.group.reserved.clear();
    model.group.others = nullptr;
    for (int i = 0; i < 3; ++i) EXPECT_EQ(model.take("dev"), "in");
    EXPECT_EQ(model.take("prod"), "model requests");
}

TEST(CapacityGrant, what_others_have_used_saturates_too) {
    Model model;
    const auto& share = model.group.whole->requests.share;
    model.group.whole->requests.share.set_others(share.minute(kNow), 50);
    for (int i = 0; i < 20; ++i) ASSERT_EQ(model.take("dev"), "in");
    EXPECT_EQ(model.take("dev"), "share requests");
}

// Whatever the threads see of each other, the last who may borrow is the five hundredth.
TEST(CapacityGrant, is_exact_over_all_loops) {
    for (int round = 0; round < 20; ++round) {
        Model model(1'000);
        std::atomic<int> dev{0}, prod{0};
        std::vector<std::thread> threads;
        for (int i = 0; i < 4; ++i) {
            threads.emplace_back([&, i] {
                const char* const priority = i % 2 ? "prod" : "dev";
                for (int n = 0; n < 1'000; ++n) {
                    CapacityGrant grant;
                    if (grant.take(model.group, {priority, 1, kNow})) continue;
                    ++(i % 2 ? prod : dev);
                }
            });
        }
        for (std::thread& thread : threads) thread.join();
        // One that was refused while another gave something back may come again.
        while (model.take("prod") == "in") ++prod;
        EXPECT_EQ(model.group.whole->requests.used(kNow), dev + prod);
        EXPECT_EQ(model.of("dev").requests.used(kNow), dev);
        EXPECT_EQ(model.of("prod").requests.used(kNow), prod);
        EXPECT_LE(dev + prod, 1'000);
        EXPECT_GE(dev + prod, 500) << "below the threshold nobody is refused";
        // Who has borrowed before has no more; who has not gets its share, of which the other can take nothing.
        EXPECT_LE(dev, 500);
        // A call below the threshold, and one beyond it that does not see it yet: one for each of the other threads.
        EXPECT_GE(prod, 500);
        EXPECT_LE(prod, 500 + 3);
    }
}

TEST(CapacityGrant, a_refusal_says_what_is_used_up_in_litellms_words) {
    Model model(10, 1'000);
    (void)model.group.whole->requests.add(7, kNow);
    (void)model.of("dev").requests.add(2, kNow);
    CapacityGrant grant;
    auto error = grant.take(model.group, {"dev", 10, kNow});
    ASSERT_TRUE(error);
    EXPECT_EQ(error->message,
              "Priority-based rate limit exceeded. Model: gpt, Priority: dev, Rate limit type: "
              "requests, Model TPM: 1000, Model RPM: 10, Remaining: 0, Model saturation: 70.0%");
    EXPECT_EQ(error->retry_after, std::chrono::seconds(model.group.whole->requests.left(kNow)));
    EXPECT_EQ(grant.share(), "dev");
    EXPECT_EQ(explained(grant, kNow),
              "gpt: refused, the share 'dev' has used 2 of 2 requests of the minute, and the model "
              "is saturated by 70.0%");
    EXPECT_EQ(model.of("dev").refused, 1u);

    model.group.whole->tpm = kNone;
    (void)model.group.whole->requests.add(3, kNow);
    CapacityGrant all;
    error = all.take(model.group, {"", 10, kNow});
    ASSERT_TRUE(error);
    EXPECT_EQ(error->message,
              "Model capacity reached for gpt. Priority: None, Rate limit type: requests, Model "
              "TPM: not configured, Model RPM: 10, Remaining: 0");
    EXPECT_EQ(all.share(), "default");
    EXPECT_EQ(explained(all, kNow),
              "gpt: refused, all calls have used 10 of 10 requests of the minute");
    EXPECT_EQ(model.group.whole->refused, 1u);
}

}  // namespace
}  // namespace patchbay
