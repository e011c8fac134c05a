#include "app/mailbox.hpp"

#include <poll.h>
#include <thread>
#include <vector>

#include <gtest/gtest.h>

namespace patchbay::app {
namespace {

bool readable(const Mailbox& mailbox, int milliseconds = 0) {
    pollfd ready{mailbox.descriptor(), POLLIN, 0};
    return ::poll(&ready, 1, milliseconds) == 1;
}

TEST(Mailbox, jobs_of_another_thread_are_run_in_order) {
    Mailbox mailbox;
    std::vector<int> ran;
    std::thread([&] {
        for (int i = 0; i < 3; ++i)
            EXPECT_TRUE(mailbox.post([&ran, i](bool) { ran.push_back(i); }));
    }).join();
    EXPECT_TRUE(readable(mailbox));
    EXPECT_TRUE(ran.empty());
    mailbox.run();
    EXPECT_EQ(ran, (std::vector{0, 1, 2}));
    EXPECT_FALSE(readable(mailbox));
}

TEST(Mailbox, a_wake_needs_no_job) {
    Mailbox mailbox;
    EXPECT_FALSE(readable(mailbox));
    mailbox.wake();
    EXPECT_TRUE(readable(mailbox));
    mailbox.run();
    EXPECT_FALSE(readable(mailbox));
}

TEST(Mailbox, more_jobs_than_its_bound_are_refused) {
    Mailbox mailbox;
    std::size_t ran = 0;
    for (std::size_t i = 0; i < Mailbox::kMaxJobs; ++i) {
        EXPECT_TRUE(mailbox.post([&ran](bool) { ++ran; }));
    }
    EXPECT_FALSE(mailbox.post([](bool) { FAIL(); }));
    mailbox.run();
    EXPECT_EQ(ran, Mailbox::kMaxJobs);
}

TEST(Mailbox, after_close_waiting_jobs_are_told_and_new_ones_refused) {
    Mailbox mailbox;
    std::vector<bool> told;
    mailbox.post([&told](bool stopping) { told.push_back(stopping); });
    mailbox.close();
    EXPECT_EQ(told, std::vector<bool>{true});
    EXPECT_FALSE(mailbox.post([](bool) { FAIL(); }));
}

}  // namespace
}  // namespace patchbay::app
