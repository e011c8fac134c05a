#include "engine/plugins/setting_files.hpp"

#include <filesystem>
#include <fstream>

#include <boost/json/parse.hpp>
#include <gmock/gmock.h>

namespace patchbay {
namespace {

namespace fs = std::filesystem;
namespace json = boost::json;

using testing::ElementsAre;
using testing::IsEmpty;

class SettingFiles : public testing::Test {
  protected:
    void SetUp() override {
        home_ = fs::path(testing::TempDir()) /
                testing::UnitTest::GetInstance()->current_test_info()->name();
        fs::remove_all(home_);
        fs::create_directories(home_);
        component_.config_schema = json::parse(R"({"properties": {
            "token": {"type": "string", "x-bay-file": true},
            "usual": {"type": "string", "x-bay-file": true, "default": "~/usual"},
            "plain": {"type": "string"}}})")
                                       .as_object();
    }
    void TearDown() override { fs::remove_all(home_); }

    std::string write(const std::string& name, std::string_view text) {
        const fs::path path = home_ / name;
        std::ofstream(path, std::ios::binary) << text;
        return path.string();
    }
    json::object read(json::object settings) {
        told_.clear();
        read_setting_files(
            component_, settings,
            [this](const std::string& name) -> std::optional<std::string> {
                if (name != "HOME") return std::nullopt;
                return home_.string();
            },
            files_,
            [this](const std::string& pointer, const std::string&) { told_.push_back(pointer); });
        return settings;
    }

    fs::path home_;
    ManifestComponent component_;
    std::vector<SettingFile> files_;
    std::vector<std::string> told_;
};

TEST_F(SettingFiles, the_text_stands_in_place_of_the_name) {
    const auto path = write("t", "secret\n");
    const auto read_back = read({{"token", path}, {"plain", path}});
    EXPECT_EQ(read_back, (json::object{{"token", "secret\n"}, {"plain", path}}));
    ASSERT_EQ(files_.size(), 1U);
    EXPECT_EQ(files_[0].path, path);
    EXPECT_THAT(told_, IsEmpty());
}

TEST_F(SettingFiles, what_cannot_be_read_is_empty_and_told) {
    for (const std::string& bad :
         {(home_ / "none").string(), home_.string(), write("large", std::string(65 * 1024, 'x')),
          write("binary", "\xff\xfe")}) {
        EXPECT_EQ(read({{"token", bad}}), (json::object{{"token", ""}})) << bad;
        EXPECT_THAT(told_, ElementsAre("/token")) << bad;
    }
    EXPECT_FALSE(any_changed(files_));
}

TEST_F(SettingFiles, a_file_that_only_the_schema_names_need_not_be_there) {
    EXPECT_EQ(read({{"usual", "~/usual"}}), json::object());
    EXPECT_THAT(told_, IsEmpty());
    EXPECT_FALSE(any_changed(files_));
    write("usual", "here");
    EXPECT_TRUE(any_changed(files_));
    EXPECT_EQ(read({{"usual", "~/usual"}}), (json::object{{"usual", "here"}}));
    EXPECT_FALSE(any_changed(files_));
}

TEST_F(SettingFiles, a_file_that_is_mounted_in_anothers_place_has_changed) {
    write("a", "one");
    write("b", "two");
    fs::create_symlink("a", home_ / "link");
    const auto link = (home_ / "link").string();
    EXPECT_EQ(read({{"token", link}}), (json::object{{"token", "one"}}));
    fs::create_symlink("b", home_ / "next");
    fs::rename(home_ / "next", link);
    EXPECT_TRUE(any_changed(files_));
    EXPECT_EQ(read({{"token", link}}), (json::object{{"token", "two"}}));
    EXPECT_EQ(files_.size(), 1U);
    EXPECT_FALSE(any_changed(files_));
    fs::remove(link);
    EXPECT_TRUE(any_changed(files_));
}

TEST_F(SettingFiles, values_that_are_no_names_are_left) {
    const json::object odd{{"token", 1}, {"usual", ""}};
    EXPECT_EQ(read(odd), odd);
    EXPECT_THAT(files_, IsEmpty());
    component_.config_schema = {};
    const json::object any{{"token", "/dev/null"}};
    EXPECT_EQ(read(any), any);
}

}  // namespace
}  // namespace patchbay
