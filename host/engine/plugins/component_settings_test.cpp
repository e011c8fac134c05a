#include "engine/plugins/component_settings.hpp"

#include <boost/json/parse.hpp>
#include <gtest/gtest.h>

#include "engine/plugins/settings_test_support.hpp"

namespace patchbay {
namespace {

using test::variables;

ManifestComponent sink() {
    ManifestComponent made;
    made.id = "sink";
    made.config_env = {{"public_key", {"PUBLIC"}}, {"secret_key", {"SECRET", "OLD_SECRET"}}};
    made.config_schema = boost::json::parse(R"({
        "required": ["public_key", "secret_key", "folder"],
        "properties": {
          "public_key": {"type": "string", "x-bay-secret": true},
          "secret_key": {"type": "string", "x-bay-secret": true},
          "folder": {"type": "string"},
          "host": {"default": "https://h"}}})")
                             .get_object();
    return made;
}

TEST(ComponentSettings, come_from_the_entry_then_the_section_then_variables_then_defaults) {
    PluginSettings operators;
    operators.settings["sink"] = {{"public_key", "section"}, {"secret_key", "section"}};
    const auto made = component_settings(sink(), operators, {{"public_key", "entry"}},
                                         variables({{"SECRET", "variable"}}));
    EXPECT_EQ(made.at("public_key"), "entry");
    EXPECT_EQ(made.at("secret_key"), "section");
    EXPECT_EQ(made.at("host"), "https://h");
    const auto other =
        component_settings(sink(), {}, {}, variables({{"SECRET", ""}, {"OLD_SECRET", "old"}}));
    EXPECT_EQ(other.at("secret_key"), "old") << "an empty variable is none";
}

TEST(ComponentSettings, what_is_missing_is_named_by_its_variables) {
    EXPECT_EQ(missing_settings(sink(), {}, "s."),
              "PUBLIC and SECRET or OLD_SECRET and `s.folder` (or `s.public_key` and "
              "`s.secret_key` and `s.folder`)");
    EXPECT_EQ(missing_settings(sink(), {{"public_key", 1}, {"secret_key", 1}}, ""), "`folder`");
    EXPECT_EQ(missing_settings(sink(), {{"public_key", 1}, {"secret_key", 1}, {"folder", 1}}, ""),
              "");
    EXPECT_EQ(missing_settings(ManifestComponent(), {}, ""), "");
}

TEST(ComponentSettings, secrets_and_headers_are_what_a_header_can_carry) {
    std::vector<std::string> wrong;
    const auto check = [&](boost::json::object settings) {
        wrong.clear();
        check_headers(sink(), settings,
                      [&](const std::string& pointer) { wrong.push_back(pointer); });
        return settings;
    };
    EXPECT_EQ(check({{"secret_key", "sk\r\n"}}).at("secret_key"), "sk");
    EXPECT_TRUE(wrong.empty());
    check({{"secret_key", "s\nk"}});
    EXPECT_EQ(wrong, std::vector<std::string>{"/secret_key"});
    check({{"headers", {{"x", "a\nb"}}}});
    EXPECT_EQ(wrong, std::vector<std::string>{"/headers"});
    check({{"folder", "a\nb"}});
    EXPECT_TRUE(wrong.empty()) << "it is no header";
}

}  // namespace
}  // namespace patchbay
