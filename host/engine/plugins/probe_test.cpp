#include "engine/plugins/probe.hpp"

#include <filesystem>
#include <fstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/plugins/test_support.hpp"
#include "engine/sandbox/sandbox.hpp"

namespace patchbay {
namespace {

using test::fixture;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

const std::filesystem::path kProbe =
    std::filesystem::path(PATCHBAY_FIXTURE_DIR) / "patchbay_plugin_probe";

/// Is there a process of that name?
bool runs(const std::string& name) {
    std::error_code error;
    for (const auto& entry : std::filesystem::directory_iterator("/proc", error)) {
        if (test::read_file(entry.path() / "comm") == name + "\n") return true;
    }
    return false;
}

class ProbeTest : public testing::Test {
  protected:
    test::TemporaryDirectory plugins;
    ProbeOptions options{.program = kProbe};
};

TEST_F(ProbeTest, finds_nothing_wrong_with_good_plugins) {
    const auto bad = probe_plugins(
        options, {plugins.add_fixture("good.so"), plugins.add_fixture("fails_in_feed.so")});
    ASSERT_TRUE(bad) << bad.error();
    EXPECT_THAT(*bad, IsEmpty());
}

TEST_F(ProbeTest, says_what_is_wrong_with_a_file_as_the_load_would) {
    const auto init = plugins.add_fixture("init_fails.so");
    const auto text = plugins.write("text.so", "text");
    const auto bad = probe_plugins(options, {init, plugins.add_fixture("crashes_in_constructor.so"),
                                             text, plugins.add_fixture("good.so")});
    ASSERT_TRUE(bad) << bad.error();
    EXPECT_THAT(*bad,
                UnorderedElementsAre(
                    Pair(init, HasSubstr("init failed (BAY_E_")), Pair(text, "not an ELF file"),
                    Pair(plugins.path() / "crashes_in_constructor.so", HasSubstr("signal 11"))));
}

TEST_F(ProbeTest, finds_every_file_that_ends_the_process) {
    const auto crash = plugins.add_fixture("crashes_in_constructor.so");
    const auto leave = plugins.add_fixture("exits_in_constructor.so");
    const auto bad = probe_plugins(options, {plugins.add_fixture("good.so"), crash, leave,
                                             plugins.add_fixture("fails_in_feed.so")});
    ASSERT_TRUE(bad) << bad.error();
    EXPECT_THAT(*bad,
                UnorderedElementsAre(Pair(crash, "crashed on load: signal 11 (Segmentation fault)"),
                                     Pair(leave, "ended the process on load (exit code 3)")));
}

TEST_F(ProbeTest, kills_a_child_that_hangs) {
    options.time_limit = std::chrono::seconds(2);
    const auto hang = plugins.add_fixture("hangs_in_constructor.so");
    const auto bad = probe_plugins(options, {hang, plugins.add_fixture("good.so")});
    ASSERT_TRUE(bad) << bad.error();
    EXPECT_THAT(*bad, UnorderedElementsAre(Pair(hang, "did not finish loading within 2 s")));
}

class DisturbedProbeTest : public ProbeTest {
  protected:
    /// What is said of the fixture that does this in its constructor, and of no other file.
    std::string told_of(char what) {
        std::string bytes = test::read_file(test::fixture("disturbs_trial.so"));
        const std::size_t at = bytes.find("CHOSEN=");
        EXPECT_NE(at, std::string::npos);
        bytes[at + 7] = what;
        const auto file = plugins.write("disturbs.so", bytes);
        std::filesystem::permissions(file, std::filesystem::perms(0644));
        const auto before = plugins.path() / "good.so";
        const auto behind = plugins.path() / "fails_in_feed.so";
        const auto begin = std::chrono::steady_clock::now();
        const auto bad = probe_plugins(options, {before, file, behind});
        EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10)) << what;
        if (!bad) return bad.error();
        EXPECT_FALSE(bad->contains(before)) << what << bad->at(before);
        EXPECT_FALSE(bad->contains(behind)) << what << bad->at(behind);
        const auto found = bad->find(file);
        return found == bad->end() ? "" : found->second;
    }
    void SetUp() override {
        plugins.add_fixture("good.so");
        plugins.add_fixture("fails_in_feed.so");
    }
};

TEST_F(DisturbedProbeTest, a_process_that_is_left_behind_is_ended_and_costs_only_its_own_file) {
    for (const char how : {'f', 'd', 'p', 'h'}) {
        EXPECT_EQ(told_of(how), "leaves a process behind") << how;
        EXPECT_FALSE(runs("left-behind")) << how;
    }
    EXPECT_EQ(told_of('q'), "") << "a process that it waits for is none of that";
}

TEST_F(DisturbedProbeTest, who_does_not_come_back_is_named_with_the_reason) {
    options.time_limit = std::chrono::seconds(2);
    EXPECT_EQ(told_of('x'), "ended the process on load (exit code 0)");
    EXPECT_EQ(told_of('s'), "did not finish loading within 2 s");
    EXPECT_THAT(told_of('c'), HasSubstr("descriptors"));
    if (!isolation::sandbox_is_whole()) GTEST_SKIP() << "no system call filter in this build";
    EXPECT_THAT(told_of('m'), HasSubstr("signal 6"));
}

TEST_F(DisturbedProbeTest, what_it_writes_into_every_descriptor_is_nobodys_result) {
    EXPECT_EQ(told_of('w'), "");
    EXPECT_EQ(told_of('W'), "ended the process on load (exit code 0)");
}

TEST_F(DisturbedProbeTest, a_thread_that_goes_on_does_not_hold_up_the_trial) {
    EXPECT_EQ(told_of('t'), "");
}

TEST_F(DisturbedProbeTest, it_cannot_take_the_trial_itself_down) {
    if (!isolation::sandbox_is_whole()) GTEST_SKIP() << "no system call filter in this build";
    for (const char how : {'k', 'K', 'g', 'u', 'l'}) {
        EXPECT_THAT(told_of(how), HasSubstr("reaches for another process")) << how;
    }
}

TEST_F(ProbeTest, says_that_the_program_cannot_be_run) {
    options.program = plugins.path() / "missing";
    auto bad = probe_plugins(options, {plugins.add_fixture("good.so")});
    ASSERT_FALSE(bad);
    EXPECT_THAT(bad.error(), HasSubstr("missing: No such file or directory"));
    options.program = "/bin/false";
    bad = probe_plugins(options, {plugins.path() / "good.so"});
    ASSERT_FALSE(bad);
    EXPECT_THAT(bad.error(), HasSubstr("/bin/false does not know \"plugin-probe\""));
}

TEST_F(ProbeTest, a_program_that_does_not_begin_in_time_is_told_from_another_program) {
    options.program = plugins.path() / "silent";
    std::ofstream(options.program) << "#!/bin/sh\nexec sleep 600\n";
    std::filesystem::permissions(options.program, std::filesystem::perms::owner_all);
    options.begin_limit = std::chrono::milliseconds(50);
    const auto bad = probe_plugins(options, {plugins.add_fixture("good.so")});
    ASSERT_FALSE(bad);
    EXPECT_THAT(bad.error(), HasSubstr("silent did not begin within 50 ms"));
}

TEST_F(ProbeTest, runs_nothing_for_no_files) {
    options.program = "/nonexistent";
    const auto bad = probe_plugins(options, {});
    ASSERT_TRUE(bad);
    EXPECT_THAT(*bad, IsEmpty());
}

}  // namespace
}  // namespace patchbay
