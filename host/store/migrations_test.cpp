#include "store/migrations.hpp"

#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/test_support.hpp"

namespace patchbay::store {
namespace {

using testing::HasSubstr;

class MigrationsTest : public test::StoreTest {
  protected:
    // The columns of a table, without those that every entity has.
    static std::string columns(Database& database, std::string_view table) {
        const std::string from =
            GetParam() == test::Kind::sqlite
                ? "SELECT name FROM pragma_table_info(?) ORDER BY cid"
                : "SELECT column_name FROM information_schema.columns WHERE table_name = ? AND "
                  "table_schema = current_schema() ORDER BY ordinal_position";
        Statement names(database.handle(), from);
        names.bind(1, table);
        std::string found;
        while (*names.step()) {
            const std::string name = names.text(0);
            const bool common = name == "doc" || name == "version" || name == "deleted_at" ||
                                name.starts_with("created_") || name.starts_with("updated_");
            if (!common) found += (found.empty() ? "" : " ") + name;
        }
        return found;
    }
};
INSTANTIATE_TEST_SUITE_P(On, MigrationsTest, test::kBoth, test::kind_name);

TEST_P(MigrationsTest, the_tables_of_identities_have_their_columns) {
    Database opened = database();
    ASSERT_TRUE(migrate(opened));
    struct Row {
        std::string table, columns;
    };
    for (const Row& row : {
             Row{"key",
                 "id hash name alias user team organization project budget expires blocked "
                 "last_used rotates_at is_session"},
             Row{"key_old", "hash key until"},
             Row{"user", "id user_id email alias role sso_id password budget"},
             Row{"team", "id team_id alias organization budget blocked"},
             Row{"organization", "id organization_id alias budget"},
             Row{"project", "id project_id alias team budget blocked"},
             Row{"member", "kind parent user role budget"},
             Row{"customer", "id customer_id alias budget blocked"},
             Row{"tag", "id name budget"},
             Row{"access_group", "id group_id name"},
             Row{"budget",
                 "id budget_id max_nano soft_nano duration rpm tpm parallel extra_nano "
                 "extra_until"},
             Row{"budget_window",
                 "id account budget model period until spent offset_nano soft_alerted"},
             Row{"change", "seq kind subject at"},
             Row{"audit", "seq at actor actor_key address action table object before after hash"},
         }) {
        EXPECT_EQ(columns(opened, row.table), row.columns) << row.table;
    }
}

TEST_P(MigrationsTest, names_are_unique_among_the_rows_that_are_there) {
    Database opened = database();
    ASSERT_TRUE(migrate(opened));
    ASSERT_TRUE(opened.execute("INSERT INTO team(team_id) VALUES('red')"));
    const auto twice = opened.execute("INSERT INTO team(team_id) VALUES('red')");
    ASSERT_FALSE(twice);
    EXPECT_EQ(twice.error().kind, Failure::Kind::conflict);
    ASSERT_TRUE(opened.execute("UPDATE team SET deleted_at = 1"));
    EXPECT_TRUE(opened.execute("INSERT INTO team(team_id) VALUES('red')"));
    EXPECT_EQ(*opened.number("SELECT COUNT(*) FROM team"), 2);
}

TEST_P(MigrationsTest, a_row_cannot_point_at_what_is_not_there) {
    Database opened = database();
    ASSERT_TRUE(migrate(opened));
    const auto dangling =
        opened.execute("INSERT INTO key(hash, team) VALUES(" + bytes("00") + ", 9)");
    ASSERT_FALSE(dangling);
    EXPECT_EQ(dangling.error().kind, Failure::Kind::conflict);
}

TEST_P(MigrationsTest, a_store_of_the_first_schema_keeps_its_books) {
    {
        Database opened = database();
        ASSERT_TRUE(migrate(opened, 1));
        EXPECT_EQ(*opened.number("SELECT MAX(version) FROM migration"), 1);
        EXPECT_EQ(columns(opened, "key"), "");
        ASSERT_TRUE(opened.execute(
            "INSERT INTO identity(kind, text) VALUES(1, 'alice');"
            "INSERT INTO account(book, house, subject, posted, entries) VALUES(1, 0, 1, 7, 1)"));
    }
    Database opened = database();
    ASSERT_TRUE(migrate(opened));
    EXPECT_EQ(*opened.number("SELECT MAX(version) FROM migration"), newest_schema());
    EXPECT_EQ(*opened.number("SELECT SUM(posted) FROM account"), 7);
    EXPECT_THAT(columns(opened, "key"), HasSubstr("hash"));
}

}  // namespace
}  // namespace patchbay::store
