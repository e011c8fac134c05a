// What is PostgreSQL's alone: a server that does not answer, connections that are lost, statements sent ahead.
#include "store/postgres.hpp"

#include <chrono>
#include <csignal>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/bind.hpp"
#include "store/test_support.hpp"

namespace patchbay::store {
namespace {

using namespace std::chrono_literals;
using testing::HasSubstr;
using testing::Not;
using Clock = std::chrono::steady_clock;

class PostgresTest : public test::StoreTest {
  protected:
    void SetUp() override {
        StoreTest::SetUp();
        if (IsSkipped()) return;
        one.emplace(database());
        other.emplace(database());
        auto begun = Transaction::begin(*one, Lock::schema);
        ASSERT_TRUE(begun);
        ASSERT_TRUE(one->execute("CREATE TABLE t(id bigint PRIMARY KEY, text text, bytes bytea)"));
        ASSERT_TRUE(begun->commit());
    }
    // A server that was lost is asked again after a pause.
    static bool comes_back(Database& database) {
        const auto end = Clock::now() + 20s;
        while (Clock::now() < end) {
            if (database.number("SELECT 1")) return true;
        }
        return false;
    }
    std::int64_t rows() { return *other->number("SELECT COUNT(*) FROM t"); }

    std::optional<Database> one, other;
};
INSTANTIATE_TEST_SUITE_P(On, PostgresTest, testing::Values(test::Kind::postgres), test::kind_name);

TEST_P(PostgresTest, what_is_not_answered_in_time_is_away_and_the_server_stops_working_on_it) {
    one->within(50ms);
    const auto begun = Clock::now();
    const auto slept = one->number("SELECT 1 FROM pg_sleep(600)");
    ASSERT_FALSE(slept);
    EXPECT_EQ(slept.error().kind, Failure::Kind::away);
    EXPECT_LT(Clock::now() - begun, 5s);
    // In the pause that follows it fails at once.
    EXPECT_FALSE(one->number("SELECT 1"));
    one->within({});
    EXPECT_TRUE(comes_back(*one));
    const auto end = Clock::now() + 20s;
    std::int64_t sleepers = 1;
    while (sleepers > 0 && Clock::now() < end) {
        sleepers =
            *other->number("SELECT COUNT(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep'");
    }
    EXPECT_EQ(sleepers, 0);
}

TEST_P(PostgresTest, a_frozen_server_is_waited_for_no_longer_than_told) {
    const auto process = static_cast<pid_t>(*one->number("SELECT pg_backend_pid()"));
    ASSERT_EQ(::kill(process, SIGSTOP), 0);
    one->within(50ms);
    const auto begun = Clock::now();
    EXPECT_FALSE(one->number("SELECT 1"));
    EXPECT_LT(Clock::now() - begun, 5s);
    ::kill(process, SIGCONT);
    one->within({});
    EXPECT_TRUE(comes_back(*one));
}

TEST_P(PostgresTest, a_transaction_that_lost_its_connection_is_not_continued_on_another) {
    const std::int64_t process = *one->number("SELECT pg_backend_pid()");
    {
        auto transaction = Transaction::begin(*one);
        ASSERT_TRUE(transaction);
        ASSERT_TRUE(one->execute("INSERT INTO t(id) VALUES(1)"));
        ASSERT_EQ(*other->number("SELECT CAST(pg_terminate_backend(" + std::to_string(process) +
                                 ", 10000) AS int)"),
                  1);
        EXPECT_FALSE(one->execute("INSERT INTO t(id) VALUES(2)"));
        const auto end = Clock::now() + 200ms;  // longer than the pause
        while (Clock::now() < end) {
            const auto more = one->execute("INSERT INTO t(id) VALUES(3)");
            ASSERT_FALSE(more);
            ASSERT_EQ(more.error().kind, Failure::Kind::away);
        }
        EXPECT_FALSE(transaction->commit());
    }
    EXPECT_TRUE(comes_back(*one));
    EXPECT_EQ(rows(), 0);
    EXPECT_TRUE(one->execute("INSERT INTO t(id) VALUES(4)"));
    EXPECT_EQ(rows(), 1);
}

TEST_P(PostgresTest, a_connection_that_was_closed_while_nobody_used_it_is_made_anew_unnoticed) {
    const std::int64_t process = *one->number("SELECT pg_backend_pid()");
    ASSERT_EQ(*other->number("SELECT CAST(pg_terminate_backend(" + std::to_string(process) +
                             ", 10000) AS int)"),
              1);
    const auto now = one->number("SELECT pg_backend_pid()");
    ASSERT_TRUE(now) << now.error().text;
    EXPECT_NE(*now, process);
}

TEST_P(PostgresTest, what_was_sent_ahead_and_failed_is_told_by_the_commit) {
    Statement add(one->handle(), "INSERT INTO t(id) VALUES(?)");
    {
        auto transaction = Transaction::begin(*one);
        for (const std::int64_t id : {1, 2, 1, 3}) ASSERT_TRUE(add.bind(1, id).run());
        const auto committed = transaction->commit();
        ASSERT_FALSE(committed);
        EXPECT_EQ(committed.error().kind, Failure::Kind::conflict);
        EXPECT_THAT(committed.error().text, HasSubstr("unique"));
        EXPECT_THAT(committed.error().text, Not(HasSubstr("=("))) << "values of columns";
    }
    EXPECT_EQ(rows(), 0);
    auto transaction = Transaction::begin(*one);
    constexpr std::int64_t kMany = 3000;
    for (std::int64_t id = 1; id <= kMany; ++id) ASSERT_TRUE(add.bind(1, id).run());
    EXPECT_EQ(*one->number("SELECT COUNT(*) FROM t"), kMany) << "asked behind what was sent";
    ASSERT_TRUE(transaction->commit());
    EXPECT_EQ(rows(), kMany);
}

TEST_P(PostgresTest, a_transaction_in_which_something_failed_is_not_committed) {
    auto transaction = Transaction::begin(*one);
    ASSERT_TRUE(one->execute("INSERT INTO t(id) VALUES(1)"));
    EXPECT_FALSE(one->execute("INSERT INTO t(id) VALUES(1)"));
    EXPECT_FALSE(transaction->commit());
    EXPECT_EQ(rows(), 0);
}

TEST_P(PostgresTest, any_text_and_any_bytes_are_taken) {
    Statement add(one->handle(), "INSERT INTO t(id, text, bytes) VALUES(?, ?, ?)");
    const std::string zeros("a\0\x80\\x41", 7);
    const std::string_view cut = "caf\xc3";
    ASSERT_TRUE(add.bind(1, 1).bind(2, std::string_view(zeros)).bind(3, bytes_of(zeros)).run());
    ASSERT_TRUE(add.bind(1, 2).bind(2, cut).bind(3, bytes_of("")).run());
    ASSERT_TRUE(add.bind(1, 3).bind(2, std::string_view("café")).run());
    Statement read(one->handle(), "SELECT text, bytes FROM t ORDER BY id");
    ASSERT_TRUE(*read.step());
    EXPECT_EQ(read.text(0), "a??\\x41");
    EXPECT_EQ(read.text(1), zeros);
    ASSERT_TRUE(*read.step());
    EXPECT_EQ(read.text(0), "caf?");
    EXPECT_FALSE(read.is_null(1));
    EXPECT_EQ(read.text(1), "");
    ASSERT_TRUE(*read.step());
    EXPECT_EQ(read.text(0), "café");
    EXPECT_TRUE(read.is_null(1));
    EXPECT_FALSE(*read.step());
}

TEST_P(PostgresTest, more_statements_than_are_kept_are_prepared_anew) {
    Statement first(one->handle(), "SELECT 0");
    for (int i = 0; i < 600; ++i) {
        ASSERT_EQ(*one->number("SELECT " + std::to_string(i)), i);
        ASSERT_TRUE(*first.step());
        first.reset();
    }
}

TEST_P(PostgresTest, who_only_reads_cannot_write) {
    auto reader = Database::open(address(), Access::read_only);
    ASSERT_TRUE(reader);
    EXPECT_FALSE(reader->execute("INSERT INTO t(id) VALUES(1)"));
    EXPECT_EQ(rows(), 0);
}

TEST_P(PostgresTest, a_password_is_in_no_error) {
    for (const char* url : {"postgresql://ada:can/ary@127.0.0.1:1/books",
                            "postgresql://ada:can%zzary@127.0.0.1:1/books",
                            "postgresql://ada:can ary@127.0.0.1:port/books"}) {
        const auto opened = open_postgres(Address::read(url), Access::read_write, 0ms);
        ASSERT_FALSE(opened);
        EXPECT_THAT(opened.error().text, Not(HasSubstr("can"))) << opened.error().text;
    }
}

}  // namespace
}  // namespace patchbay::store
