#include "store/mail_addresses.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/ledger_store.hpp"
#include "store/test_support.hpp"

namespace patchbay::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class MailAddressesTest : public test::StoreTest {};
INSTANTIATE_TEST_SUITE_P(On, MailAddressesTest, test::kBoth, test::kind_name);

TEST_P(MailAddressesTest, users_and_members_have_them_or_not) {
    auto store = LedgerStore::open(address());
    ASSERT_TRUE(store) << store.error().text;
    Database& database = store->database();
    const auto made = database.execute(
        "INSERT INTO \"user\"(user_id, email, deleted_at) VALUES('ada', 'ada@x.org', NULL), "
        "('bob', NULL, NULL), ('cyd', 'b@x.org', NULL), ('dan', 'b@x.org', NULL), ('eve', '', "
        "NULL), ('gone', 'gone@x.org', 5);"
        "INSERT INTO team(team_id) VALUES('red'), ('blue');"
        "INSERT INTO member(kind, parent, \"user\", role) SELECT 4, 1, id, 'user' FROM \"user\" "
        "WHERE user_id <> 'ada';"
        "INSERT INTO member(kind, parent, \"user\", role) VALUES(4, 2, 1, 'user'), (5, 1, 1, "
        "'user')");
    ASSERT_TRUE(made) << made.error().text;
    EXPECT_THAT(*mail_of_user(database, "ada"), ElementsAre("ada@x.org"));
    for (const char* none : {"bob", "eve", "gone", "nobody", ""}) {
        EXPECT_THAT(*mail_of_user(database, none), IsEmpty()) << none;
    }
    EXPECT_THAT(*mail_of_team(database, "red"), ElementsAre("b@x.org"));
    EXPECT_THAT(*mail_of_team(database, "blue"), ElementsAre("ada@x.org"));
    EXPECT_THAT(*mail_of_team(database, "none"), IsEmpty());
}

}  // namespace
}  // namespace patchbay::store
