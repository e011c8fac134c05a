#include "app/plugin_watcher.hpp"

#include <fstream>
#include <poll.h>
#include <stdlib.h>

#include <gtest/gtest.h>

namespace patchbay::app {
namespace {

namespace fs = std::filesystem;

// Time is what the test says; only the kernel's events are real.
class PluginWatcherTest : public testing::Test {
  protected:
    PluginWatcherTest() {
        std::string name = (fs::temp_directory_path() / "patchbay-watch-XXXXXX").string();
        directory = ::mkdtemp(name.data());
        EXPECT_EQ(watcher.watch({directory}), "");
    }
    ~PluginWatcherTest() override { fs::remove_all(directory); }

    void take_events() {
        pollfd ready{watcher.descriptor(), POLLIN, 0};
        ASSERT_EQ(::poll(&ready, 1, 5000), 1);
        watcher.read(now);
    }
    bool rested() {
        now += PluginWatcher::kRest;
        return watcher.settled(now);
    }

    fs::path directory;
    PluginWatcher watcher;
    PluginWatcher::Clock::time_point now = PluginWatcher::Clock::now();
};

TEST_F(PluginWatcherTest, a_written_file_counts_once_it_has_rested) {
    std::ofstream(directory / "a.so") << "whole";
    take_events();
    EXPECT_FALSE(watcher.settled(now));
    ASSERT_TRUE(watcher.due());
    EXPECT_EQ(*watcher.due(), now + PluginWatcher::kRest);
    EXPECT_TRUE(rested());
    EXPECT_FALSE(rested()) << "once";
    EXPECT_FALSE(watcher.due());
}

TEST_F(PluginWatcherTest, a_file_that_is_open_for_writing_is_waited_for) {
    std::ofstream file(directory / "a.so");
    file << "half" << std::flush;
    take_events();
    EXPECT_FALSE(rested());
    file << "whole";
    file.close();
    take_events();
    EXPECT_TRUE(rested());
}

TEST_F(PluginWatcherTest, a_writer_that_never_closes_holds_it_up_for_a_bounded_time) {
    std::ofstream file(directory / "a.so");
    file << "half" << std::flush;
    take_events();
    EXPECT_EQ(*watcher.due(), now + PluginWatcher::kMaxWait);
    now += PluginWatcher::kMaxWait;
    EXPECT_TRUE(watcher.settled(now));
}

TEST_F(PluginWatcherTest, a_rename_a_removal_and_a_change_of_rights_count) {
    std::ofstream(directory / "a.tmp") << "whole";
    fs::rename(directory / "a.tmp", directory / "a.so");
    take_events();
    EXPECT_TRUE(rested());
    fs::permissions(directory / "a.so", fs::perms(0600));
    take_events();
    EXPECT_TRUE(rested());
    fs::remove(directory / "a.so");
    take_events();
    EXPECT_TRUE(rested());
}

TEST_F(PluginWatcherTest, other_files_do_not_count) {
    std::ofstream(directory / "README") << "text";
    std::ofstream(directory / ".a.so.swp") << "text";
    take_events();
    EXPECT_FALSE(watcher.due());
}

TEST_F(PluginWatcherTest, a_directory_that_comes_later_or_again_is_found) {
    fs::remove_all(directory);
    take_events();
    EXPECT_TRUE(rested());
    EXPECT_TRUE(watcher.due()) << "it is looked for";
    fs::create_directory(directory);
    now += PluginWatcher::kMissing;
    EXPECT_FALSE(watcher.settled(now));
    EXPECT_TRUE(rested());
    std::ofstream(directory / "a.so") << "whole";
    take_events();
    EXPECT_TRUE(rested());
}

TEST_F(PluginWatcherTest, no_directories_are_not_watched) {
    EXPECT_EQ(watcher.watch({}), "");
    EXPECT_EQ(watcher.descriptor(), -1);
    watcher.read(now);
    EXPECT_FALSE(watcher.due());
}

}  // namespace
}  // namespace patchbay::app
