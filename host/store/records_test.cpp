#include "store/records.hpp"

#include <chrono>
#include <thread>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/key_reader.hpp"
#include "store/test_support.hpp"

namespace patchbay::store {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class RecordsTest : public test::StoreTest {
  protected:
    void SetUp() override {
        StoreTest::SetUp();
        if (IsSkipped()) return;
        auto opened = Records::open(address(), "a key");
        if (!opened) throw std::runtime_error(opened.error().text);
        records.emplace(std::move(*opened));
    }
    void TearDown() override { records.reset(); }

    Stored<void> put(Row& row, std::string_view action = "created") {
        auto writing = Writing::begin(*records, {.user_id = "admin"});
        if (!writing) return writing.error();
        if (auto done = writing->put(row, action); !done) return done;
        return writing->commit();
    }
    Row team(const std::string& id, const std::string& alias = "") {
        Row row(kTeamTable);
        row.set("team_id", id);
        row.set("blocked", 0);
        if (!alias.empty()) row.set("alias", alias);
        return row;
    }
    std::vector<std::string> names(const std::vector<AnyOf>& filters, const PageAsk& ask) {
        auto page = records->list(kTeamTable, filters, ask);
        std::vector<std::string> found;
        if (!page) return {page.error().text};
        for (const Row& row : page->rows) found.push_back(row.text("team_id"));
        return found;
    }
    std::int64_t number(std::string_view sql) { return *records->database().number(sql); }

    std::optional<Records> records;
};
INSTANTIATE_TEST_SUITE_P(On, RecordsTest, test::kBoth, test::kind_name);

TEST_P(RecordsTest, a_row_comes_back_as_it_was_put) {
    Row row = team("red", "Red");
    row.doc = R"({"models":["gpt-4o"],"metadata":{"a":0.1}})";
    ASSERT_TRUE(put(row));
    EXPECT_EQ(row.id, 1);
    EXPECT_EQ(row.version, 1);
    const auto found = records->get(kTeamTable, "team_id", std::string("red"));
    ASSERT_TRUE(found && *found);
    EXPECT_EQ((*found)->text("alias"), "Red");
    EXPECT_EQ((*found)->doc, row.doc);
    EXPECT_EQ((*found)->created_by, "admin");
    EXPECT_FALSE((*found)->has("budget"));
    EXPECT_FALSE(*records->get(kTeamTable, "team_id", std::string("blue")));
}

TEST_P(RecordsTest, a_row_that_somebody_else_has_changed_is_a_conflict_and_stays) {
    Row first = team("red", "one");
    ASSERT_TRUE(put(first));
    Row second = first;
    first.set("alias", "two");
    ASSERT_TRUE(put(first, "updated"));
    second.set("alias", "three");
    const auto done = put(second, "updated");
    ASSERT_FALSE(done);
    EXPECT_EQ(done.error().kind, Failure::Kind::conflict);
    EXPECT_EQ((*records->get(kTeamTable, first.id))->text("alias"), "two");
    EXPECT_EQ(number("SELECT COUNT(*) FROM audit"), 2);
}

TEST_P(RecordsTest, a_change_that_is_not_committed_leaves_no_trace) {
    {
        auto writing = Writing::begin(*records, {.user_id = "admin"});
        Row row = team("red");
        ASSERT_TRUE(writing->put(row, "created"));
    }
    EXPECT_EQ(number("SELECT (SELECT COUNT(*) FROM team) + (SELECT COUNT(*) FROM audit) + "
                     "(SELECT COUNT(*) FROM change)"),
              0);
}

TEST_P(RecordsTest, every_change_is_told_to_the_data_plane) {
    Row row = team("red");
    ASSERT_TRUE(put(row));
    auto writing = Writing::begin(*records, {.user_id = "admin"});
    Row user(kUserTable);
    user.set("user_id", std::string("ada"));
    ASSERT_TRUE(writing->put(user, "created"));
    ASSERT_TRUE(writing->put(Member{Subject::team, row.id, user.id, "admin", {}, "{}"}));
    ASSERT_TRUE(writing->commit());
    // The team, the user, then the membership: of the team and of the user.
    Statement rows(records->database().handle(), "SELECT kind FROM change ORDER BY seq");
    std::vector<std::int64_t> kinds;
    while (*rows.step()) kinds.push_back(rows.number(0));
    EXPECT_THAT(kinds, ElementsAre(4, 3, 4, 11));
    EXPECT_EQ((*records->memberships(Subject::team, user.id)).size(), 1u);
    EXPECT_EQ((*records->member(Subject::team, row.id, user.id))->role, "admin");
}

// A reader that has seen a change has seen all before it: the data plane asks for what is behind the last one.
TEST_P(RecordsTest, changes_become_visible_in_the_order_of_their_numbers) {
    constexpr int kWriters = 4;
    constexpr int kEach = 10;
    std::vector<std::thread> writers;
    for (int writer = 0; writer < kWriters; ++writer) {
        writers.emplace_back([this, writer] {
            auto mine = Records::open(address(), "a key");
            for (int i = 0; mine && i < kEach; ++i) {
                auto writing = Writing::begin(*mine, {.user_id = "admin"});
                Row row = team(std::to_string(writer) + "-" + std::to_string(i));
                if (!writing || !writing->put(row, "created") || !writing->commit()) return;
            }
        });
    }
    auto reader = KeyReader::open(address());
    ASSERT_TRUE(reader);
    std::int64_t last = 0;
    int seen = 0;
    const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (seen < kWriters * kEach && std::chrono::steady_clock::now() < end) {
        const auto changes = reader->changes_after(last, 100);
        if (!changes || changes->empty()) continue;
        seen += static_cast<int>(changes->size());
        last = changes->back().seq;
    }
    for (std::thread& writer : writers) writer.join();
    EXPECT_EQ(seen, kWriters * kEach);
    EXPECT_EQ(*check_audit(records->database()), std::nullopt);
}

TEST_P(RecordsTest, a_deleted_row_is_gone_and_its_name_free) {
    Row row = team("red");
    ASSERT_TRUE(put(row));
    auto writing = Writing::begin(*records, {.user_id = "admin"});
    ASSERT_TRUE(writing->remove(row));
    ASSERT_TRUE(writing->commit());
    EXPECT_FALSE(*records->get(kTeamTable, "team_id", std::string("red")));
    EXPECT_TRUE((*records->get(kTeamTable, row.id))->deleted_at);
    Row again = team("red");
    ASSERT_TRUE(put(again));
    EXPECT_EQ(again.id, 2);
    EXPECT_THAT(names({}, {.sort = "id", .deleted = true}), ElementsAre("red"));
}

TEST_P(RecordsTest, pages_follow_each_other_though_rows_come_and_go) {
    for (const char* name : {"a", "b", "c", "d", "e", "f", "g"}) {
        Row row = team(name, std::string(1, static_cast<char>('x' - (name[0] - 'a') % 2)));
        ASSERT_TRUE(put(row));
    }
    const auto ask = [](std::int64_t page) {
        return PageAsk{.sort = "alias", .descending = false, .page = page, .size = 3};
    };
    EXPECT_THAT(names({}, ask(1)), ElementsAre("b", "d", "f"));
    EXPECT_THAT(names({}, ask(2)), ElementsAre("a", "c", "e"));
    // Found by the last row of the page before.
    EXPECT_THAT(names({}, ask(3)), ElementsAre("g"));
    EXPECT_THAT(names({}, ask(4)), ElementsAre());
    EXPECT_THAT(names({}, {.sort = "alias", .page = 2, .size = 3}), ElementsAre("a", "f", "d"));
    EXPECT_EQ(records->list(kTeamTable, {}, ask(3))->total, 7);
}

TEST_P(RecordsTest, filters_are_all_kept_and_each_has_alternatives) {
    for (const auto& [id, alias] : {std::pair("a", "Red One"), std::pair("b", "red two"),
                                    std::pair("c", "blue"), std::pair("d", "")}) {
        Row row = team(id, alias);
        ASSERT_TRUE(put(row));
    }
    const PageAsk ask{.sort = "id", .descending = false};
    const Filter red{"alias", Filter::Op::contains, std::string("RED")};
    const Filter a{"team_id", Filter::Op::equal, std::string("a")};
    const Filter none{.column = "alias", .op = Filter::Op::missing};
    EXPECT_THAT(names({{red}}, ask), ElementsAre("a", "b"));
    EXPECT_THAT(names({{red}, {a}}, ask), ElementsAre("a"));
    EXPECT_THAT(names({{a, none}}, ask), ElementsAre("a", "d"));
    EXPECT_THAT(names({{{"team_id", Filter::Op::equal, std::string("' OR 1=1 --")}}}, ask),
                ElementsAre());
    EXPECT_THAT(names({{{"team_id", Filter::Op::one_of, std::string(R"(["a","c","none"])")}}}, ask),
                ElementsAre("a", "c"));
}

TEST_P(RecordsTest, the_audit_log_shows_a_change_of_a_secret_and_not_the_secret) {
    Row key(kKeyTable);
    key.set("hash", std::string("canary-hash"));
    key.set("blocked", 0);
    key.set("is_session", 0);
    key.doc = R"({"metadata":{"logging":[{"langfuse_secret_key":"canary-doc"}],"tokens":5}})";
    ASSERT_TRUE(put(key));
    Statement rows(records->database().handle(), "SELECT object, after FROM audit");
    ASSERT_TRUE(*rows.step());
    EXPECT_EQ(rows.text(0), "key 1");
    EXPECT_THAT(rows.text(1), Not(HasSubstr("canary")));
    EXPECT_THAT(rows.text(1), HasSubstr("hmac:"));
    EXPECT_THAT(rows.text(1), HasSubstr(R"("tokens":5)"));
}

TEST_P(RecordsTest, a_row_of_the_audit_log_that_was_altered_is_found) {
    for (const char* name : {"a", "b", "c"}) {
        Row row = team(name);
        ASSERT_TRUE(put(row));
    }
    EXPECT_EQ(*check_audit(records->database()), std::nullopt);
    for (const std::string& fault : {std::string("UPDATE audit SET actor = 'eve' WHERE seq = 2"),
                                     std::string("UPDATE audit SET after = NULL WHERE seq = 2"),
                                     "UPDATE audit SET hash = " + bytes("00") + " WHERE seq = 2"}) {
        const auto taken_back = Transaction::begin(records->database());
        ASSERT_TRUE(taken_back);
        ASSERT_TRUE(records->database().execute(fault)) << fault;
        EXPECT_EQ(*check_audit(records->database()), std::optional<std::int64_t>(2)) << fault;
    }
    ASSERT_TRUE(records->database().execute("DELETE FROM audit WHERE seq = 2"));
    EXPECT_EQ(*check_audit(records->database()), std::optional<std::int64_t>(3));
}

}  // namespace
}  // namespace patchbay::store
