// Loading plugins into processes of their own: what goes wrong is told and leaves nothing behind.
#include <filesystem>

#include <gmock/gmock.h>

#include "engine/exchange/test_support.hpp"
#include "engine/isolation/test_support.hpp"
#include "engine/sandbox/sandbox.hpp"

namespace patchbay {
namespace {

using namespace std::chrono_literals;
using test::children;
using test::the_child_named;
using testing::HasSubstr;

class IsolatedLoadTest : public testing::Test {
  protected:
    /// A set of the one fixture, isolated.
    std::shared_ptr<PluginSet> load(const std::string& name, const std::string& id) {
        directory.add_fixture(name);
        options.directories = {directory.path()};
        options.cache_directory = directory.path() / "copies";
        options.settings.plugins[id].isolated = true;
        return PluginSet::load(options, problems);
    }
    void SetUp() override {
        options.make_home = isolation::homes({.fork_server = test::fork_server()});
    }

    test::TemporaryDirectory directory;
    PluginSetOptions options;
    std::vector<Problem> problems;
};

TEST_F(IsolatedLoadTest, a_missing_program_is_an_error) {
    options.make_home = isolation::homes(
        {.fork_server = std::make_shared<isolation::ForkServer>(directory.path() / "not-there")});
    load("misbehaves.so", "org.example.misbehaves");
    ASSERT_FALSE(problems.empty());
    EXPECT_THAT(problems[0].message, HasSubstr("not-there: No such file or directory"));
}

TEST_F(IsolatedLoadTest, a_file_that_crashes_on_load_is_left_out) {
    const auto set = load("crashes_in_constructor.so", "org.example.crashes-in-constructor");
    ASSERT_FALSE(problems.empty());
    EXPECT_THAT(problems[0].message,
                HasSubstr(isolation::sandbox_is_whole() ? "signal 11" : "ended its process"));
    EXPECT_TRUE(set->list().empty());
    EXPECT_EQ(children(), 1u) << "there is more than the fork server";
}

TEST_F(IsolatedLoadTest, a_file_that_forks_on_load_leaves_nothing_behind) {
    if (!isolation::sandbox_is_whole()) GTEST_SKIP() << "no system call filter in this build";
    const auto file = directory.write("disturbs.so", [] {
        std::string bytes = test::read_file(test::fixture("disturbs_trial.so"));
        bytes[bytes.find("CHOSEN=") + 7] = 'f';
        return bytes;
    }());
    std::filesystem::permissions(file, std::filesystem::perms(0644));
    options.directories = {directory.path()};
    options.cache_directory = directory.path() / "copies";
    options.settings.plugins["org.example.disturbs-trial"].isolated = true;
    const auto set = PluginSet::load(options, problems);
    ASSERT_FALSE(problems.empty());
    EXPECT_THAT(problems[0].message, HasSubstr("signal 31"));
    EXPECT_TRUE(set->list().empty());
    EXPECT_EQ(the_child_named("left-behind"), 0);
}

TEST_F(IsolatedLoadTest, one_that_hangs_costs_one_limit_however_many_instances_it_has) {
    options.make_home =
        isolation::homes({.fork_server = test::fork_server(), .start_limit = 500ms});
    const auto set = load("hangs_in_create.so", "org.example.hangs-in-create");
    EXPECT_TRUE(problems.empty());
    const auto begin = std::chrono::steady_clock::now();
    for (int i = 0; i < 10; ++i) {
        EXPECT_FALSE(set->create_instance(*set->provider("hangs-in-create"), {}, problems));
    }
    EXPECT_LT(std::chrono::steady_clock::now() - begin, 4s);
    ASSERT_EQ(problems.size(), 10u);
    EXPECT_THAT(problems[0].message, HasSubstr("did not answer within 500 ms"));
    EXPECT_THAT(problems[9].message, HasSubstr("did not answer before"));
}

TEST_F(IsolatedLoadTest, libraries_of_the_system_are_loaded_and_others_refused_by_name) {
    for (const char* fixture : {"links_system_library.so", "links_other_library.so"}) {
        problems.clear();
        std::filesystem::remove(directory.path() / "links_system_library.so");
        const auto set = load(fixture, "org.example.links-library");
        if (std::string_view(fixture) == "links_system_library.so") {
            EXPECT_TRUE(problems.empty()) << problems[0].message;
            EXPECT_TRUE(set->create_instance(*set->provider("links-library"), {}, problems));
        } else {
            ASSERT_FALSE(problems.empty());
            EXPECT_THAT(problems[0].message, HasSubstr("links libpatchbay-other.so"));
        }
    }
}

TEST_F(IsolatedLoadTest, a_file_whose_init_fails_says_why) {
    load("init_fails.so", "org.example.init-fails");
    ASSERT_FALSE(problems.empty());
    EXPECT_THAT(problems[0].message, HasSubstr("init failed"));
}

}  // namespace
}  // namespace patchbay
