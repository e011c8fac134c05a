#include "engine/plugins/private_copy.hpp"

#include <sys/stat.h>

#include <gtest/gtest.h>

#include "engine/plugins/test_support.hpp"

namespace patchbay {
namespace {

namespace fs = std::filesystem;

class PrivateCopyTest : public testing::Test {
  protected:
    PluginFile copied(const std::string& name) {
        auto file = inspect_plugin_file(plugins.add_fixture(name, "p.so"));
        EXPECT_TRUE(file) << file.error();
        fs::remove(plugins.path() / "p.so");
        const auto made = make_private_copy(*file, copies);
        EXPECT_TRUE(made) << made.error();
        return std::move(*file);
    }
    void age(const fs::path& file) {
        fs::last_write_time(file, fs::file_time_type::clock::now() - std::chrono::hours(2));
    }

    test::TemporaryDirectory plugins;
    test::TemporaryDirectory state;
    fs::path copies = state.path() / "copies";
};

TEST_F(PrivateCopyTest, a_copy_that_is_locked_stays_and_goes_with_the_lock) {
    PluginFile one = copied("versioned_2.so");
    PluginFile other = copied("versioned_3.so");
    const fs::path first = one.copy;
    ASSERT_NE(first, other.copy);
    prune_private_copies(copies);
    EXPECT_TRUE(fs::exists(first));
    one.lock.reset();
    prune_private_copies(copies);
    EXPECT_FALSE(fs::exists(first));
    EXPECT_TRUE(fs::exists(other.copy));
}

TEST_F(PrivateCopyTest, two_users_of_one_copy_share_it) {
    PluginFile one = copied("versioned_2.so");
    PluginFile other = copied("versioned_2.so");
    EXPECT_EQ(one.copy, other.copy);
    one.lock.reset();
    prune_private_copies(copies);
    EXPECT_TRUE(fs::exists(other.copy));
}

TEST_F(PrivateCopyTest, a_copy_that_was_removed_is_made_again) {
    PluginFile one = copied("versioned_2.so");
    fs::remove(one.copy);
    PluginFile other = copied("versioned_2.so");
    EXPECT_EQ(other.copy, one.copy);
    EXPECT_EQ(test::read_file(other.copy), test::read_file(test::fixture("versioned_2.so")));
    prune_private_copies(copies);
    EXPECT_TRUE(fs::exists(other.copy));
}

TEST_F(PrivateCopyTest, only_old_temporary_files_are_removed) {
    fs::create_directory(copies);
    std::ofstream(copies / ".copy-abcdef") << "being written";
    std::ofstream(copies / ".copy-ghijkl") << "left behind";
    std::ofstream(copies / "notes.txt") << "not ours";
    age(copies / ".copy-ghijkl");
    age(copies / "notes.txt");
    prune_private_copies(copies);
    EXPECT_TRUE(fs::exists(copies / ".copy-abcdef"));
    EXPECT_FALSE(fs::exists(copies / ".copy-ghijkl"));
    EXPECT_TRUE(fs::exists(copies / "notes.txt"));
}

TEST_F(PrivateCopyTest, a_directory_that_is_not_there_is_no_problem) {
    prune_private_copies(copies / "nothing");
}

}  // namespace
}  // namespace patchbay
