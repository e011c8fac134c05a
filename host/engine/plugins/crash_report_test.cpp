#include "engine/plugins/crash_report.hpp"

#include <csignal>
#include <cstdlib>
#include <thread>

#include <gtest/gtest.h>

#include "engine/plugins/test_support.hpp"

namespace patchbay {
namespace {

/// Loads a fixture and feeds it one REQUEST.
void feed_fixture(const std::string& file, const std::string& prefix) {
    const test::TemporaryDirectory plugins;
    plugins.add_fixture(file);
    PluginSetOptions options;
    options.directories = {plugins.path()};
    options.cache_directory = plugins.path() / "copies";
    std::vector<Problem> problems;
    const auto set = PluginSet::load(options, problems);
    const auto instance = set->create_instance(*set->provider(prefix), {}, problems);
    bay_open_info info{};
    info.size = sizeof info;
    auto machine = Machine::open(*instance, info);
    bay_ev_request request{};
    request.h = {sizeof request, BAY_EV_REQUEST};
    test::RecordingOut out("{}");
    machine->feed(request.h, out.out());
}

TEST(CrashReportDeathTest, names_a_plugin_that_aborts) {
    EXPECT_EXIT(
        {
            install_crash_report();
            feed_fixture("aborts_in_feed.so", "aborts-in-feed");
        },
        testing::KilledBySignal(SIGABRT),
        "patchbay: crash in plugin org.example.aborts-in-feed, component aborts-in-feed, "
        "feed.REQUEST., "
        "signal 6, sha256 [0-9a-f]{64}");
}

TEST(CrashReportDeathTest, names_a_plugin_that_lets_an_exception_escape) {
    EXPECT_EXIT(
        {
            install_crash_report();
            feed_fixture("throws_in_feed.so", "throws-in-feed");
        },
        testing::KilledBySignal(SIGABRT), "crash in plugin org.example.throws-in-feed, .*signal 6");
}

TEST(CrashReportDeathTest, names_a_plugin_that_overflows_the_stack) {
    EXPECT_EXIT(
        {
            install_crash_report();
            std::thread([] {
                const SignalStack stack;
                feed_fixture("overflows_in_feed.so", "overflows-in-feed");
            }).join();
        },
        testing::KilledBySignal(SIGSEGV),
        "crash in plugin org.example.overflows-in-feed, .*signal 11");
}

TEST(CrashReportDeathTest, names_the_innermost_call) {
    EXPECT_EXIT(
        {
            install_crash_report();
            const CallScope outer({"a", "b", "c", "feed", 9999});
            { const CallScope inner({"x", "", "z", "init", 0}); }
            std::raise(SIGFPE);
        },
        testing::KilledBySignal(SIGFPE),
        "crash in plugin a, component b, feed.event 9999., signal 8, sha256 c\n");
}

TEST(CrashReportDeathTest, says_nothing_outside_of_plugins) {
    EXPECT_EXIT(
        {
            install_crash_report();
            { const CallScope scope({"a", "b", "c", "feed", 1}); }
            std::raise(SIGBUS);
        },
        testing::KilledBySignal(SIGBUS), "^$");
}

TEST(CrashReportDeathTest, says_nothing_of_another_threads_plugin) {
    EXPECT_EXIT(
        {
            install_crash_report();
            const CallScope scope({"a", "b", "c", "feed", 1});
            std::thread([] { std::abort(); }).join();
        },
        testing::KilledBySignal(SIGABRT), "^$");
}

}  // namespace
}  // namespace patchbay
