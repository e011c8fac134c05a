// Where the store is: the file says it, or else the variable that LiteLLM reads.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "config/test_support.hpp"

namespace patchbay {
namespace {

using config_test::load;
using config_test::texts;
using config_test::Variables;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

constexpr const char* kServer = "postgresql://ada:canary@db:5432/books?sslmode=require";

TEST(DatabaseUrl, is_of_a_file_or_a_server_and_comes_from_the_file_or_the_environment) {
    struct Row {
        const char* text;
        Variables variables;
        const char* store;
    };
    for (const Row& row : {
             Row{"general_settings: {database_url: sqlite:///var/x.db}", {}, "/var/x.db"},
             Row{"general_settings: {database_url: 'postgres://h/d'}", {}, "postgres://h/d"},
             Row{"general_settings: {database_url: os.environ/U}", {{"U", kServer}}, kServer},
             Row{"general_settings: {database_url: sqlite:///var/x.db}",
                 {{"DATABASE_URL", kServer}},
                 "/var/x.db"},
             Row{"general_settings: {database_url: null}", {{"DATABASE_URL", kServer}}, kServer},
             Row{"model_list: []", {{"DATABASE_URL", kServer}}, kServer},
             Row{"model_list: []", {{"DATABASE_URL", "mysql://h/d"}}, ""},
             Row{"model_list: []", {}, ""},
         }) {
        const auto loaded = load(row.text, row.variables);
        EXPECT_THAT(texts(loaded.problems), IsEmpty()) << row.text;
        ASSERT_TRUE(loaded.config) << row.text;
        EXPECT_EQ(loaded.config->general.ledger, row.store) << row.text;
    }
}

TEST(DatabaseUrl, that_is_neither_is_told) {
    for (const char* text : {"general_settings: {database_url: 'mysql://ada:canary@h/d'}",
                             "general_settings: {database_url: 'file.db'}"}) {
        EXPECT_THAT(texts(load(text).problems),
                    ElementsAre(AllOf(HasSubstr("expected postgresql://"),
                                      HasSubstr("spend are not stored"), Not(HasSubstr("canary")))))
            << text;
    }
    const auto relative = load("general_settings: {database_url: sqlite://x.db}");
    EXPECT_FALSE(relative.config);
    EXPECT_THAT(texts(relative.problems), ElementsAre(HasSubstr("sqlite:///absolute/path")));
}

TEST(DatabaseUrl, a_variable_that_is_not_set_is_no_gateway_without_its_keys) {
    const auto loaded = load("general_settings: {database_url: os.environ/U}");
    EXPECT_FALSE(loaded.config);
    EXPECT_THAT(texts(loaded.problems), ElementsAre(HasSubstr("`U` is not set")));
    EXPECT_TRUE(load("general_settings: {database_url: os.environ/U}", {{"U", ""}}).config);
}

TEST(DatabaseUrl, of_a_mounted_secret_has_no_line_end) {
    const auto loaded =
        load("general_settings: {database_url: os.environ/U}", {{"U", "postgresql://h/d\n"}});
    ASSERT_TRUE(loaded.config);
    EXPECT_EQ(loaded.config->general.ledger, "postgresql://h/d");
    const auto own = load("general_settings: {}", {{"DATABASE_URL", "postgresql://h/d\r\n"}});
    ASSERT_TRUE(own.config);
    EXPECT_EQ(own.config->general.ledger, "postgresql://h/d");
}

}  // namespace
}  // namespace patchbay
