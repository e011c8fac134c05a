#include "store/migrations.hpp"

#include <filesystem>
#include <string>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/sqlite.hpp"

namespace patchbay::store {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

class MigrationsTest : public testing::Test {
  protected:
    MigrationsTest() {
        std::string pattern = (fs::temp_directory_path() / "patchbay-store-XXXXXX").string();
        directory = mkdtemp(pattern.data());
    }
    ~MigrationsTest() override { fs::remove_all(directory); }

    Database open() {
        auto database = Database::open(directory / "ledger.db");
        if (!database) throw std::runtime_error(database.error().text);
        return std::move(*database);
    }
    // The columns of a table, without those that every entity has.
    static std::string columns(Database& database, std::string_view table) {
        Statement names(
            database.handle(),
            "SELECT group_concat(name, ' ') FROM pragma_table_info(?) WHERE name NOT IN "
            "('doc', 'created_at', 'created_by', 'updated_at', 'updated_by', 'version', "
            "'deleted_at')");
        const auto row = names.bind(1, table).step();
        return row && *row ? names.text(0) : "";
    }

    fs::path directory;
};

TEST_F(MigrationsTest, the_tables_of_identities_have_their_columns) {
    Database database = open();
    ASSERT_TRUE(migrate(database));
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
        EXPECT_EQ(columns(database, row.table), row.columns) << row.table;
    }
}

TEST_F(MigrationsTest, names_are_unique_among_the_rows_that_are_there) {
    Database database = open();
    ASSERT_TRUE(migrate(database));
    ASSERT_TRUE(database.execute("INSERT INTO team(team_id) VALUES('red')"));
    const auto twice = database.execute("INSERT INTO team(team_id) VALUES('red')");
    ASSERT_FALSE(twice);
    EXPECT_EQ(twice.error().kind, Failure::Kind::conflict);
    ASSERT_TRUE(database.execute("UPDATE team SET deleted_at = 1"));
    EXPECT_TRUE(database.execute("INSERT INTO team(team_id) VALUES('red')"));
    EXPECT_EQ(*database.number("SELECT MAX(id) FROM team"), 2);
}

TEST_F(MigrationsTest, a_row_cannot_point_at_what_is_not_there) {
    Database database = open();
    ASSERT_TRUE(migrate(database));
    const auto dangling = database.execute("INSERT INTO key(hash, team) VALUES(x'00', 9)");
    ASSERT_FALSE(dangling);
    EXPECT_EQ(dangling.error().kind, Failure::Kind::conflict);
}

TEST_F(MigrationsTest, a_store_of_the_first_schema_keeps_its_books) {
    {
        Database database = open();
        ASSERT_TRUE(migrate(database, 1));
        EXPECT_EQ(*database.number("SELECT MAX(version) FROM migration"), 1);
        EXPECT_EQ(columns(database, "key"), "");
        ASSERT_TRUE(database.execute(
            "INSERT INTO identity(kind, text) VALUES(1, 'alice');"
            "INSERT INTO account(book, house, subject, posted, entries) VALUES(1, 0, 1, 7, 1)"));
    }
    Database database = open();
    ASSERT_TRUE(migrate(database));
    EXPECT_EQ(*database.number("SELECT MAX(version) FROM migration"), newest_schema());
    EXPECT_EQ(*database.number("SELECT SUM(posted) FROM account"), 7);
    EXPECT_THAT(columns(database, "key"), HasSubstr("hash"));
}

}  // namespace
}  // namespace patchbay::store
