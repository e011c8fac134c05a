#include "engine/plugins/retirement.hpp"

#include <thread>

#include <gtest/gtest.h>

namespace patchbay {
namespace {

struct Ends {
    explicit Ends(std::vector<std::thread::id>& list) : where(list) {}
    ~Ends() { where.push_back(std::this_thread::get_id()); }
    std::vector<std::thread::id>& where;
};

class RetirementTest : public testing::Test {
  protected:
    std::shared_ptr<Ends> object() {
        return share_with(retirement, new Ends(ended), std::default_delete<Ends>());
    }
    int woken = 0;
    std::vector<std::thread::id> ended;
    std::shared_ptr<Retirement> retirement = std::make_shared<Retirement>([this] { ++woken; });
};

TEST_F(RetirementTest, an_object_ends_on_the_thread_that_runs_it_not_where_it_was_let_go) {
    auto held = object();
    std::thread([mine = std::move(held)]() mutable { mine.reset(); }).join();
    EXPECT_EQ(woken, 1);
    EXPECT_TRUE(ended.empty());
    EXPECT_FALSE(retirement->empty());
    retirement->run();
    ASSERT_EQ(ended.size(), 1u);
    EXPECT_EQ(ended[0], std::this_thread::get_id());
    EXPECT_TRUE(retirement->empty());
}

TEST_F(RetirementTest, what_an_end_lets_go_of_ends_in_the_same_run) {
    struct Outer {
        std::shared_ptr<Ends> inner;
    };
    auto outer = share_with(retirement, new Outer{object()}, std::default_delete<Outer>());
    outer.reset();
    retirement->run();
    EXPECT_EQ(ended.size(), 1u);
    EXPECT_TRUE(retirement->empty());
}

TEST_F(RetirementTest, after_close_objects_end_where_they_are_let_go) {
    auto before = object();
    auto after = object();
    before.reset();
    retirement->close();
    EXPECT_EQ(ended.size(), 1u);
    after.reset();
    EXPECT_EQ(ended.size(), 2u);
    EXPECT_EQ(woken, 1);
}

TEST_F(RetirementTest, without_one_an_object_ends_at_once) {
    share_with(std::shared_ptr<Retirement>(), new Ends(ended), std::default_delete<Ends>()).reset();
    EXPECT_EQ(ended.size(), 1u);
}

}  // namespace
}  // namespace patchbay
