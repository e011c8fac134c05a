#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/test_support.hpp"

namespace patchbay {
namespace {

using config_test::problems_of;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

PluginSettings settings(const std::string& lines) {
    const LoadedConfig loaded = config_test::load("plugins:\n" + lines);
    EXPECT_THAT(config_test::texts(loaded.problems), IsEmpty());
    return loaded.config ? loaded.config->plugins : PluginSettings();
}

TEST(PluginSettings, reload_is_signal_watch_or_off) {
    EXPECT_EQ(settings("  directories: [a]\n").reload, PluginReload::signal);
    EXPECT_EQ(settings("  reload: signal\n").reload, PluginReload::signal);
    EXPECT_EQ(settings("  reload: watch\n").reload, PluginReload::watch);
    EXPECT_EQ(settings("  reload: off\n").reload, PluginReload::off) << "YAML 1.1: false";
    EXPECT_EQ(settings("  reload: \"off\"\n").reload, PluginReload::off);
    for (const char* bad : {"always", "on", "3", "[watch]"}) {
        EXPECT_THAT(problems_of(std::string("plugins:\n  reload: ") + bad + "\n"),
                    ElementsAre(HasSubstr("`plugins.reload`: expected signal, watch or off")))
            << bad;
    }
}

TEST(PluginSettings, a_key_with_a_dot_is_a_plugin) {
    const auto read =
        settings("  com.example.a: {canary: 5%}\n  com.example.b: {canary: \"0.5%\"}\n");
    EXPECT_DOUBLE_EQ(read.plugins.at("com.example.a").canary.value(), 0.05);
    EXPECT_DOUBLE_EQ(read.plugins.at("com.example.b").canary.value(), 0.005);
    EXPECT_EQ(read.plugins.size(), 2u);
}

TEST(PluginSettings, a_canary_is_a_percentage) {
    for (const char* bad : {"5", "0%", "101%", "-1%", "x%", "\"%\"", "5 percent", "[5%]", "true"}) {
        EXPECT_THAT(problems_of(std::string("plugins:\n  a.b: {canary: ") + bad + "}\n"),
                    ElementsAre(HasSubstr("`plugins.a.b.canary`: expected a percentage")))
            << bad;
    }
}

TEST(PluginSettings, unknown_keys_of_a_plugin_are_told_with_the_known_ones) {
    EXPECT_THAT(problems_of("plugins:\n  a.b: {canari: 5%}\n"), ElementsAre(HasSubstr("canary")));
    EXPECT_THAT(problems_of("plugins:\n  a.b: 7\n"), ElementsAre(HasSubstr("expected a mapping")));
}

}  // namespace
}  // namespace patchbay
