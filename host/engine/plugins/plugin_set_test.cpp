#include "engine/plugins/plugin_set.hpp"

#include <sys/stat.h>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/plugins/plugin.hpp"
#include "engine/plugins/test_support.hpp"

namespace patchbay {
namespace {

using test::fixture;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class PluginSetTest : public testing::Test {
  protected:
    std::shared_ptr<PluginSet> load() {
        options.directories = {plugins.path()};
        return load_from(options.directories);
    }
    std::shared_ptr<PluginSet> load_from(std::vector<std::filesystem::path> directories) {
        options.directories = std::move(directories);
        options.cache_directory = cache.path() / "copies";
        problems.clear();
        return PluginSet::load(options, problems);
    }
    void expect_one_problem(const std::string& file, const std::string& text) {
        ASSERT_EQ(problems.size(), 1u) << text;
        EXPECT_EQ(problems[0].place.file, (plugins.path() / file).string());
        EXPECT_THAT(problems[0].message, HasSubstr(text));
        EXPECT_THAT(problems[0].message, testing::Not(HasSubstr("\n")));
    }
    /// The one fixture must be left out, for this reason, without harm to a good one beside it.
    void expect_left_out(const std::string& name, const std::string& why) {
        plugins.add_fixture("good.so");
        plugins.add_fixture(name);
        const auto set = load();
        expect_one_problem(name, why);
        EXPECT_EQ(problems.at(0).severity, Problem::Severity::warning);
        ASSERT_EQ(set->list().size(), 1u);
        EXPECT_EQ(set->list()[0].id, "org.example.good");
        EXPECT_EQ(set->providers().size(), 3u);
    }

    test::TemporaryDirectory plugins;
    test::TemporaryDirectory cache;
    PluginSetOptions options;
    std::vector<Problem> problems;

    void SetUp() override {
        plugins.write("good_rows.json", test::read_file(fixture("good_rows.json")));
    }
};

TEST_F(PluginSetTest, loads_a_good_plugin) {
    const auto file = plugins.add_fixture("good.so");
    const auto set = load();
    EXPECT_THAT(problems, IsEmpty());
    const auto list = set->list();
    ASSERT_EQ(list.size(), 1u);
    EXPECT_EQ(list[0].id, "org.example.good");
    EXPECT_EQ(list[0].version, "1.2.3");
    EXPECT_EQ(list[0].file, file.string());
    EXPECT_EQ(list[0].sha256.size(), 64u);
    ASSERT_EQ(list[0].components.size(), 1u);
    EXPECT_EQ(list[0].components[0].id, "good");

    const auto* row = set->provider("good");
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(row->base_url, "https://good.example.org/v1");
    EXPECT_THAT(row->api_key_env, ElementsAre("GOOD_API_KEY"));
    EXPECT_THAT(row->api_base_env, ElementsAre("GOOD_API_BASE"));
    EXPECT_TRUE(row->row.empty());
    EXPECT_EQ(set->provider("bad"), nullptr);
}

TEST_F(PluginSetTest, loads_with_a_trial_in_a_child) {
    plugins.add_fixture("good.so");
    plugins.add_fixture("crashes_in_constructor.so");
    options.probe_program = fixture("patchbay_plugin_probe");
    const auto set = load();
    expect_one_problem("crashes_in_constructor.so",
                       "crashed on load: signal 11 (Segmentation fault)");
    EXPECT_EQ(set->list().size(), 1u);
}

bool is_mapped(const std::filesystem::path& below) {
    return test::read_file("/proc/self/maps").find(below.string()) != std::string::npos;
}

TEST_F(PluginSetTest, maps_a_plugin_that_was_tried_with_its_first_instance) {
    plugins.add_fixture("good.so");
    options.probe_program = fixture("patchbay_plugin_probe");
    const auto set = load();
    ASSERT_THAT(problems, IsEmpty());
    EXPECT_FALSE(is_mapped(options.cache_directory));
    EXPECT_TRUE(set->create_instance(*set->provider("good"), {}, problems));
    EXPECT_TRUE(is_mapped(options.cache_directory));
    const auto again = load();  // the fixture refuses a second init()
    EXPECT_TRUE(again->create_instance(*again->provider("good"), {}, problems));
    EXPECT_THAT(problems, IsEmpty());
}

TEST_F(PluginSetTest, says_so_if_a_plugin_cannot_be_mapped_when_it_is_needed) {
    const auto file = plugins.add_fixture("good.so");
    options.probe_program = fixture("patchbay_plugin_probe");
    const auto set = load();
    std::filesystem::remove_all(options.cache_directory);
    EXPECT_FALSE(set->create_instance(*set->provider("good"), {}, problems));
    ASSERT_EQ(problems.size(), 1u);
    EXPECT_EQ(problems[0].place.file, file.string());
    EXPECT_THAT(problems[0].message, HasSubstr("cannot open shared object file"));
}

TEST_F(PluginSetTest, loads_nothing_if_the_trial_cannot_be_run) {
    plugins.add_fixture("good.so");
    options.probe_program = "/nonexistent/patchbay";
    const auto set = load();
    ASSERT_EQ(problems.size(), 1u);
    EXPECT_THAT(problems[0].message, HasSubstr("/nonexistent/patchbay: No such file or directory"));
    EXPECT_THAT(set->list(), IsEmpty());
}

TEST_F(PluginSetTest, maps_a_private_copy) {
    const auto file = plugins.add_fixture("good.so");
    const auto set = load();
    const auto copies = options.cache_directory;
    struct stat status {};
    ASSERT_EQ(::stat(copies.c_str(), &status), 0);
    EXPECT_EQ(status.st_mode & 0777, 0700u);
    const auto copy =
        copies / ("org.example.good-1.2.3-" + set->list().at(0).sha256.substr(0, 12) + ".so");
    EXPECT_EQ(test::read_file(copy), test::read_file(file));
}

TEST_F(PluginSetTest, replaces_a_private_copy_that_was_tampered_with) {
    plugins.add_fixture("fails_in_feed.so");
    ASSERT_EQ(load()->list().size(), 1u);
    const auto copy = *std::filesystem::directory_iterator(options.cache_directory);
    std::filesystem::remove(copy.path());
    std::ofstream(copy.path()) << "something else";
    ASSERT_EQ(load()->list().size(), 1u);
    EXPECT_THAT(problems, IsEmpty());
    EXPECT_EQ(test::read_file(copy.path()), test::read_file(fixture("fails_in_feed.so")));
}

TEST_F(PluginSetTest, shares_a_plugin_between_generations_and_initialises_it_again_later) {
    plugins.add_fixture("good.so");
    const auto first = load();
    ASSERT_THAT(problems, IsEmpty());
    auto second = load();  // the fixture refuses a second init()
    EXPECT_THAT(problems, IsEmpty());
    EXPECT_EQ(first->provider("good")->plugin, second->provider("good")->plugin);
}

TEST_F(PluginSetTest, initialises_again_after_the_last_generation_is_gone) {
    plugins.add_fixture("good.so");
    load();
    const auto again = load();
    EXPECT_THAT(problems, IsEmpty());
    EXPECT_EQ(again->list().size(), 1u);
}

TEST_F(PluginSetTest, refuses_another_version_of_a_plugin_with_unique_symbols) {
    const auto file = plugins.add_fixture("unique_symbol.so");
    ASSERT_EQ(load()->list().size(), 1u);
    std::ofstream(file, std::ios::app) << "another version";
    load();
    expect_one_problem("unique_symbol.so", "STB_GNU_UNIQUE");
}

TEST_F(PluginSetTest, first_directory_wins_for_a_file_in_two) {
    test::TemporaryDirectory other;
    other.write("good_rows.json", "{}");
    plugins.add_fixture("good.so");
    other.add_fixture("good.so");
    const auto set = load_from({other.path(), plugins.path()});
    EXPECT_THAT(problems, IsEmpty());
    ASSERT_EQ(set->list().size(), 1u);
    EXPECT_EQ(set->list()[0].file, (other.path() / "good.so").string());
    EXPECT_EQ(set->provider("good-eu"), nullptr);
}

TEST_F(PluginSetTest, says_that_a_directory_cannot_be_read) {
    const auto set = load_from({plugins.path() / "nothing"});
    expect_one_problem("nothing", "cannot be read: No such file or directory");
}

TEST_F(PluginSetTest, leaves_out_a_plugin_whose_init_fails) {
    expect_left_out("init_fails.so", "init failed (BAY_E_DENIED): no licence file");
}
TEST_F(PluginSetTest, leaves_out_another_abi_major_without_running_it) {
    expect_left_out("other_major.so", "built for plugin ABI 2.0, this host speaks 0.3");
}
TEST_F(PluginSetTest, leaves_out_a_newer_abi_minor) {
    expect_left_out("newer_minor.so", "built for plugin ABI 0.9, this host speaks 0.3");
}
TEST_F(PluginSetTest, leaves_out_a_plugin_whose_entry_needs_a_newer_host) {
    expect_left_out("newer_entry.so", "needs a host with plugin ABI 0.9, this host speaks 0.3");
}
TEST_F(PluginSetTest, leaves_out_a_library_without_manifest) {
    expect_left_out("no_manifest.so", "not a Patchbay plugin: no section .bay_manifest");
}
TEST_F(PluginSetTest, leaves_out_a_manifest_that_is_not_json) {
    expect_left_out("manifest_not_json.so", "manifest: not JSON, at byte 0");
}
TEST_F(PluginSetTest, leaves_out_a_manifest_that_differs_from_the_entry) {
    expect_left_out("manifest_differs.so", "differs from the one in section .bay_manifest");
}
TEST_F(PluginSetTest, leaves_out_an_entry_table_that_is_too_small) {
    expect_left_out("entry_too_small.so", "its entry table is 24 bytes long, at least");
}
TEST_F(PluginSetTest, leaves_out_a_library_that_exports_nothing) {
    expect_left_out("exports_nothing.so", "does not export bay_entry_v0");
}
TEST_F(PluginSetTest, leaves_out_a_plugin_that_answers_for_any_kind) {
    expect_left_out("any_kind.so", "get_kind() answers for a kind that does not exist");
}
TEST_F(PluginSetTest, leaves_out_components_that_the_manifest_does_not_name) {
    expect_left_out("other_component.so", "its code offers component \"other-component\"");
}

TEST_F(PluginSetTest, leaves_out_a_second_file_with_an_id_that_is_taken) {
    plugins.add_fixture("good.so");
    plugins.add_fixture("duplicate_id.so", "other.so");
    const auto set = load();
    expect_one_problem("other.so", "plugin id \"org.example.good\" is taken by");
    EXPECT_EQ(set->provider("duplicate-id"), nullptr);
}

TEST_F(PluginSetTest, leaves_out_a_second_file_with_a_prefix_that_is_taken) {
    plugins.add_fixture("good.so");
    plugins.add_fixture("duplicate_prefix.so", "other.so");
    const auto set = load();
    expect_one_problem("other.so", "prefix \"good\" is taken by plugin org.example.good");
    EXPECT_EQ(set->list().size(), 1u);
}

TEST_F(PluginSetTest, leaves_out_a_text_file_and_a_truncated_one) {
    plugins.write("text.so", "#!/bin/sh\n");
    plugins.write("truncated.so", test::read_file(fixture("good.so")).substr(0, 4000));
    load();
    ASSERT_EQ(problems.size(), 2u);
    EXPECT_THAT(problems[0].message, HasSubstr("not an ELF file"));
    EXPECT_THAT(problems[1].message, HasSubstr("truncated ELF file"));
}

TEST_F(PluginSetTest, leaves_out_a_file_that_others_can_write) {
    const auto file = plugins.add_fixture("good.so");
    ASSERT_EQ(::chmod(file.c_str(), 0664), 0);
    load();
    expect_one_problem("good.so", "is writable by its group");
    ASSERT_EQ(::chmod(file.c_str(), 0646), 0);
    load();
    expect_one_problem("good.so", "is writable by everybody");
}

TEST_F(PluginSetTest, leaves_out_a_file_of_another_user) {
    const auto file = plugins.add_fixture("good.so");
    if (::chown(file.c_str(), 12345, -1) != 0) GTEST_SKIP() << "needs root";
    load();
    expect_one_problem("good.so", "is owned by user 12345");
}

TEST_F(PluginSetTest, leaves_out_a_plugin_whose_data_file_is_wrong) {
    plugins.add_fixture("good.so");
    plugins.write("good_rows.json", R"({"good-eu": {"base_url": 7}})");
    load();
    expect_one_problem("good.so", "data file good_rows.json: /good-eu/base_url: must be a string");
}

TEST_F(PluginSetTest, leaves_out_a_plugin_whose_data_file_is_missing_or_not_trusted) {
    plugins.add_fixture("good.so");
    ASSERT_EQ(::chmod((plugins.path() / "good_rows.json").c_str(), 0666), 0);
    load();
    expect_one_problem("good.so", "data file good_rows.json is writable by everybody");
    std::filesystem::remove(plugins.path() / "good_rows.json");
    load();
    expect_one_problem("good.so", "data file good_rows.json cannot be opened: No such file");
}

TEST_F(PluginSetTest, takes_rows_from_the_data_file) {
    plugins.add_fixture("good.so");
    const auto set = load();
    const auto* row = set->provider("good-eu");
    ASSERT_NE(row, nullptr);
    EXPECT_EQ(row->base_url, "https://eu.good.example.org/v1");
    EXPECT_THAT(row->api_key_env, ElementsAre("GOOD_EU_API_KEY", "GOOD_API_KEY"));
    EXPECT_THAT(row->api_base_env, ElementsAre("GOOD_EU_API_BASE"));
    EXPECT_EQ(row->row.at("quirk").at("max_tokens").as_string(), "max_completion_tokens");
    EXPECT_EQ(row->component->id, "good");
}

TEST_F(PluginSetTest, operators_rows_add_and_replace) {
    plugins.add_fixture("good.so");
    const auto rows = plugins.write("mine.json", R"({
        "good": {"base_url": "https://proxy.example.net/v1", "api_key_env": "PROXY_KEY"},
        "mine": {"base_url": "http://10.0.0.1:8000"}})");
    options.settings.rows["good"] = rows.string();
    const auto set = load();
    EXPECT_THAT(problems, IsEmpty());
    EXPECT_EQ(set->provider("good")->base_url, "https://proxy.example.net/v1");
    EXPECT_THAT(set->provider("good")->api_key_env, ElementsAre("PROXY_KEY"));
    EXPECT_EQ(set->provider("mine")->component->id, "good");
    EXPECT_EQ(set->providers().size(), 4u);
}

TEST_F(PluginSetTest, operators_rows_are_errors_if_they_are_wrong) {
    plugins.add_fixture("good.so");
    plugins.add_fixture("fails_in_feed.so");
    options.settings.rows["good"] = plugins.write("a.json", R"({"fails-in-feed": {}})").string();
    options.settings.rows["nobody"] = plugins.write("b.json", "{}").string();
    options.settings.rows["fails-in-feed"] = plugins.write("c.json", "{\n \"x\": [],}").string();
    load();
    ASSERT_EQ(problems.size(), 3u);
    for (const auto& problem : problems) EXPECT_EQ(problem.severity, Problem::Severity::error);
    EXPECT_THAT(problems[0].message, HasSubstr("line 2, column "));
    EXPECT_THAT(problems[1].message, HasSubstr("/fails-in-feed: the prefix is taken by component"));
    EXPECT_THAT(problems[2].message, HasSubstr("component \"nobody\", which no loaded provider"));
}

TEST_F(PluginSetTest, warns_of_settings_for_a_component_that_is_not_there) {
    options.settings.settings["nobody"] = {};
    load();
    ASSERT_EQ(problems.size(), 1u);
    EXPECT_THAT(problems[0].message, HasSubstr("settings for component \"nobody\""));
}

TEST_F(PluginSetTest, create_instance_reports_what_the_schema_forbids) {
    plugins.add_fixture("good.so");
    options.settings.settings["good"] = {{"retries", 12}, {"colour", "red"}};
    const auto set = load();
    EXPECT_EQ(set->create_instance(*set->provider("good"), {}, problems), nullptr);
    ASSERT_GE(problems.size(), 2u);
    bool retries = false;
    for (const auto& problem : problems) {
        EXPECT_EQ(problem.severity, Problem::Severity::error);
        EXPECT_THAT(problem.message, HasSubstr("settings of component \"good\" (prefix \"good\")"));
        retries = retries || problem.message.find("/retries: ") != std::string::npos;
    }
    EXPECT_TRUE(retries);
}

TEST_F(PluginSetTest, create_instance_checks_the_row_if_the_schema_speaks_of_it) {
    plugins.add_fixture("row_in_schema.so");
    options.settings.rows["row-in-schema"] =
        plugins.write("mine.json", R"({"red": {"colour": "red"}, "odd": {"colour": 7}})").string();
    const auto set = load();
    EXPECT_NE(set->create_instance(*set->provider("row-in-schema"), {}, problems), nullptr);
    EXPECT_NE(set->create_instance(*set->provider("red"), {}, problems), nullptr);
    EXPECT_THAT(problems, IsEmpty());
    EXPECT_EQ(set->create_instance(*set->provider("odd"), {}, problems), nullptr);
    ASSERT_EQ(problems.size(), 1u);
    EXPECT_THAT(problems[0].message, HasSubstr("(prefix \"odd\"), /row/colour: "));
}

TEST_F(PluginSetTest, create_instance_takes_what_is_not_set_from_the_variables) {
    const Environment rude = [](const std::string& name) {
        return name == "GOOD_GREETING" ? std::optional<std::string>("rude") : std::nullopt;
    };
    plugins.add_fixture("good.so");
    const auto unset = load();
    EXPECT_EQ(unset->create_instance(*unset->provider("good"), rude, problems), nullptr);
    ASSERT_EQ(problems.size(), 1u);
    EXPECT_THAT(problems[0].message, HasSubstr("/greeting: must not be rude"));
    options.settings.settings["good"] = {{"greeting", "hello"}};
    const auto set = load();
    EXPECT_NE(set->create_instance(*set->provider("good"), rude, problems), nullptr);
}

TEST_F(PluginSetTest, create_instance_reports_what_the_plugin_refuses) {
    plugins.add_fixture("good.so");
    options.settings.settings["good"] = {{"greeting", "rude"}};
    const auto set = load();
    EXPECT_EQ(set->create_instance(*set->provider("good"), {}, problems), nullptr);
    ASSERT_EQ(problems.size(), 1u);
    EXPECT_THAT(problems[0].message, HasSubstr("/greeting: must not be rude"));
}

TEST_F(PluginSetTest, stats_name_every_component) {
    plugins.add_fixture("good.so");
    const auto set = load();
    const auto stats = set->provider("good")->plugin->stats();
    ASSERT_EQ(stats.size(), 1u);
    EXPECT_EQ(stats[0]->plugin, "org.example.good");
    EXPECT_EQ(stats[0]->component, "good");
    EXPECT_EQ(stats[0]->kind, BAY_KIND_PROVIDER);
    EXPECT_EQ(stats[0]->sha256, set->list().at(0).sha256);
}

}  // namespace
}  // namespace patchbay
