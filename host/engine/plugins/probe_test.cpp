#include "engine/plugins/probe.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/plugins/test_support.hpp"

namespace patchbay {
namespace {

using test::fixture;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;
using testing::UnorderedElementsAre;

const std::filesystem::path kProbe =
    std::filesystem::path(PATCHBAY_FIXTURE_DIR) / "patchbay_plugin_probe";

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

TEST_F(ProbeTest, runs_nothing_for_no_files) {
    options.program = "/nonexistent";
    const auto bad = probe_plugins(options, {});
    ASSERT_TRUE(bad);
    EXPECT_THAT(*bad, IsEmpty());
}

}  // namespace
}  // namespace patchbay
