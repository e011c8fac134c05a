#include "engine/plugins/plugin_update.hpp"

#include <sys/stat.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/plugins/test_support.hpp"

namespace patchbay {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::IsEmpty;
using Kind = PluginChange::Kind;

constexpr const char* kId = "org.example.versioned";

class PluginUpdateTest : public testing::Test {
  protected:
    void SetUp() override {
        options.directories = {plugins.path()};
        options.cache_directory = state.path() / "copies";
        options.retirement = retirement;
    }
    /// The fixture takes the name of the plugin's file.
    void put(const std::string& fixture, const std::string& as = "p.so") {
        fs::remove(plugins.path() / as);
        plugins.add_fixture(fixture, as);
    }
    /// Looks, and makes all changes; the change of the plugin or, if it is not there, of the file.
    PluginChange look() {
        const PluginUpdate update = PluginUpdate::look(options, set.get());
        return use(update);
    }
    PluginChange use(const PluginUpdate& update) {
        problems.clear();
        set = update.assemble(options, problems);
        retirement->run();
        for (const PluginChange& change : update.changes()) {
            if (change.plugin == kId || change.plugin.empty()) return change;
        }
        return {};
    }
    const PluginEntry& entry() const { return set->entries().at(0); }
    std::uint64_t generation() const { return entry().serving.plugin->generation(); }
    std::string version() const { return entry().serving.plugin->manifest().version; }

    test::TemporaryDirectory plugins;
    test::TemporaryDirectory state;
    std::shared_ptr<Retirement> retirement = std::make_shared<Retirement>([] {});
    PluginSetOptions options;
    std::shared_ptr<PluginSet> set;
    std::vector<Problem> problems;
};

TEST_F(PluginUpdateTest, an_unchanged_file_keeps_its_generation) {
    put("versioned.so");
    EXPECT_EQ(look().kind, Kind::loaded);
    const auto plugin = entry().serving.plugin;
    const PluginChange change = look();
    EXPECT_EQ(change.kind, Kind::kept);
    EXPECT_EQ(change.why, "");
    EXPECT_EQ(entry().serving.plugin, plugin);
}

TEST_F(PluginUpdateTest, without_a_trial_too_a_plugin_can_wait_for_its_first_use) {
    options.map_late = true;
    put("versioned.so");
    EXPECT_EQ(look().kind, Kind::loaded);
    const Plugin& plugin = *entry().serving.plugin;
    EXPECT_EQ(plugin.kind(BAY_KIND_PROVIDER), nullptr);
    EXPECT_EQ(plugin.prepare(), "");
    EXPECT_NE(plugin.kind(BAY_KIND_PROVIDER), nullptr);
}

TEST_F(PluginUpdateTest, a_changed_file_becomes_the_next_generation) {
    put("versioned.so");
    look();
    const std::uint64_t before = generation();
    std::weak_ptr<const Plugin> old = entry().serving.plugin;
    put("versioned_2.so");
    {
        const PluginChange change = look();
        EXPECT_EQ(change.kind, Kind::replaced);
        EXPECT_EQ(change.generation(), before + 1);
    }
    EXPECT_EQ(version(), "1.0.2");
    EXPECT_EQ(set->provider("versioned")->plugin, entry().serving.plugin.get());
    retirement->run();
    EXPECT_TRUE(old.expired());
    for (const auto& alive : Plugin::alive()) EXPECT_EQ(alive, entry().serving.plugin);
}

TEST_F(PluginUpdateTest, an_old_generation_lives_as_long_as_something_holds_it) {
    put("versioned.so");
    look();
    auto old = entry().serving.plugin;
    const std::uint64_t first = old->generation();
    put("versioned_2.so");
    look();
    EXPECT_EQ(Plugin::alive().size(), 2u);
    put("versioned.so");
    look();
    EXPECT_EQ(generation(), first) << "the same generation again while it lives";
    EXPECT_EQ(entry().serving.plugin, old);
    put("versioned_2.so");
    look();
    old.reset();
    retirement->run();
    put("versioned.so");
    look();
    EXPECT_GT(generation(), first + 1);
}

TEST_F(PluginUpdateTest, a_file_that_cannot_be_used_leaves_the_version_before) {
    put("versioned.so");
    look();
    const auto before = entry().serving.plugin;
    const std::string whole = test::read_file(test::fixture("versioned_2.so"));
    plugins.write("p.so", whole.substr(0, whole.size() / 2));
    PluginChange change = look();
    EXPECT_EQ(change.kind, Kind::failed);
    EXPECT_THAT(change.why, HasSubstr("truncated"));
    EXPECT_THAT(problem_of(change)->message,
                HasSubstr("of plugin org.example.versioned stays in use"));
    EXPECT_EQ(entry().serving.plugin, before);

    options.probe_program = test::fixture("patchbay_plugin_probe");
    put("crashes_in_constructor.so");  // another id: the plugin's file is gone, a bad one is there
    const PluginUpdate update = PluginUpdate::look(options, set.get());
    ASSERT_EQ(update.changes().size(), 2u);
    EXPECT_EQ(update.changes()[0].kind, Kind::failed);
    EXPECT_THAT(update.changes()[0].why, HasSubstr("crashed on load"));
    EXPECT_EQ(update.changes()[1].kind, Kind::removed);
}

TEST_F(PluginUpdateTest, a_second_file_of_an_id_and_a_prefix_that_is_taken_change_nothing) {
    put("versioned.so");
    plugins.write("good_rows.json", test::read_file(test::fixture("good_rows.json")));
    put("good.so", "a.so");
    look();
    ASSERT_EQ(set->entries().size(), 2u);
    put("versioned_2.so", "q.so");
    PluginUpdate update = PluginUpdate::look(options, set.get());
    ASSERT_EQ(update.changes().size(), 3u);
    EXPECT_THAT(update.changes()[2].why, HasSubstr("plugin id \"org.example.versioned\" is taken"));
    fs::remove(plugins.path() / "q.so");
    put("versioned_good_prefix.so");
    update = PluginUpdate::look(options, set.get());
    ASSERT_EQ(update.changes().size(), 2u);
    EXPECT_EQ(update.changes()[1].kind, Kind::failed);
    EXPECT_THAT(update.changes()[1].why, HasSubstr("prefix \"good\" is taken by plugin"));
    use(update);
    EXPECT_NE(set->provider("versioned"), nullptr);
}

TEST_F(PluginUpdateTest, changes_can_be_taken_back_one_by_one) {
    put("versioned.so");
    look();
    put("versioned_2.so");
    PluginUpdate update = PluginUpdate::look(options, set.get());
    ASSERT_TRUE(update.changes()[0].can_be_taken_back());
    take_back(update.changes()[0], "not wanted");
    const PluginChange change = use(update);
    EXPECT_EQ(change.kind, Kind::failed);
    EXPECT_FALSE(change.can_be_taken_back());
    EXPECT_EQ(version(), "1.0.1");

    fs::remove(plugins.path() / "p.so");
    update = PluginUpdate::look(options, set.get());
    EXPECT_EQ(update.changes()[0].kind, Kind::removed);
    take_back(update.changes()[0], "model 'x' needs it");
    use(update);
    EXPECT_TRUE(entry().file_gone);
    EXPECT_EQ(version(), "1.0.1");
    put("versioned.so");
    look();
    EXPECT_FALSE(entry().file_gone);
}

TEST_F(PluginUpdateTest, nothing_is_removed_for_a_directory_that_cannot_be_read) {
    put("versioned.so");
    look();
    fs::rename(plugins.path(), plugins.path().string() + ".away");
    const PluginChange change = look();
    fs::rename(plugins.path().string() + ".away", plugins.path());
    EXPECT_EQ(change.kind, Kind::kept);
    EXPECT_EQ(set->entries().size(), 1u);
}

TEST_F(PluginUpdateTest, a_new_version_is_tried_beside_the_old_and_promoted) {
    options.settings.plugins[kId].canary = 0.1;
    put("versioned.so");
    EXPECT_EQ(look().kind, Kind::loaded) << "a first version is not tried";
    put("versioned_2.so");
    EXPECT_EQ(look().kind, Kind::on_trial);
    ASSERT_TRUE(entry().canary);
    EXPECT_EQ(version(), "1.0.1");
    EXPECT_EQ(set->on_trial(*set->provider("versioned")), &entry());
    EXPECT_EQ(set->trial_provider("versioned")->plugin, entry().canary->plugin.get());
    const auto trial = entry().trial;
    EXPECT_EQ(look().kind, Kind::kept);
    EXPECT_EQ(entry().trial, trial) << "the trial goes on";
    EXPECT_FALSE(PluginUpdate::promote(*set, "org.example.other"));
    EXPECT_EQ(use(*PluginUpdate::promote(*set, kId)).kind, Kind::promoted);
    EXPECT_EQ(version(), "1.0.2");
    EXPECT_FALSE(entry().canary);
    EXPECT_FALSE(PluginUpdate::promote(*set, kId));
    EXPECT_EQ(look().kind, Kind::kept);
}

TEST_F(PluginUpdateTest, a_version_that_was_rolled_back_is_not_tried_again) {
    options.settings.plugins[kId].canary = 0.1;
    put("versioned.so");
    look();
    put("versioned_2.so");
    look();
    EXPECT_EQ(use(*PluginUpdate::roll_back(*set, kId, "it failed")).kind, Kind::rolled_back);
    EXPECT_FALSE(entry().canary);
    const PluginChange again = look();
    EXPECT_EQ(again.kind, Kind::failed);
    EXPECT_EQ(again.why, "this version was rolled back: it failed");
    put("versioned_3.so");
    EXPECT_EQ(look().kind, Kind::on_trial);
    put("versioned.so");
    EXPECT_EQ(look().kind, Kind::kept);
    EXPECT_FALSE(entry().canary) << "its file is the old version again";
}

TEST_F(PluginUpdateTest, a_trial_that_is_no_longer_asked_for_ends_with_the_new_version) {
    options.settings.plugins[kId].canary = 0.1;
    put("versioned.so");
    look();
    put("versioned_2.so");
    look();
    options.settings.plugins.clear();
    EXPECT_EQ(look().kind, Kind::promoted);
    EXPECT_EQ(version(), "1.0.2");
}

TEST_F(PluginUpdateTest, the_same_plugins_serve_another_configuration_without_a_look) {
    put("versioned.so");
    look();
    put("versioned_2.so");
    options.settings.settings["versioned"] = {{"x", 1}};
    EXPECT_EQ(use(PluginUpdate::keep(*set)).kind, Kind::kept);
    EXPECT_EQ(version(), "1.0.1");
    EXPECT_TRUE(set->settings().settings.contains("versioned"));
}

TEST_F(PluginUpdateTest, a_mapping_is_used_again_when_its_version_returns) {
    const auto mapped = [] {
        const std::string maps = test::read_file("/proc/self/maps");
        std::size_t lines = 0;
        for (std::size_t at = 0; (at = maps.find(kId, at)) != std::string::npos; ++at) ++lines;
        return lines;
    };
    for (const char* name : {"versioned.so", "versioned_2.so"}) {
        put(name);
        look();
    }
    const std::size_t lines = mapped();
    for (int i = 0; i < 10; ++i) {
        put(i % 2 == 0 ? "versioned.so" : "versioned_2.so");
        EXPECT_EQ(look().kind, Kind::replaced);
    }
    EXPECT_EQ(mapped(), lines);
}

}  // namespace
}  // namespace patchbay
