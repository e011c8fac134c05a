#include "engine/access/keyring.hpp"

#include <filesystem>
#include <future>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <gtest/gtest.h>

#include "engine/access/loop_keys.hpp"
#include "engine/access/refusals.hpp"
#include "store/migrations.hpp"

namespace patchbay::access {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;

class KeyringTest : public testing::Test {
  protected:
    KeyringTest() {
        std::string pattern = (fs::temp_directory_path() / "patchbay-keys-XXXXXX").string();
        directory = mkdtemp(pattern.data());
        auto opened = store::Database::open(file());
        if (!opened) throw std::runtime_error(opened.error().text);
        database = std::move(*opened);
        if (!store::migrate(*database)) throw std::runtime_error("migrate");
    }
    ~KeyringTest() override {
        if (ring) ring->stop();
        fs::remove_all(directory);
    }

    fs::path file() const { return directory / "ledger.db"; }
    void run(const std::string& sql) {
        const auto done = database->execute(sql);
        ASSERT_TRUE(done) << done.error().text;
    }
    void add_key(int id, std::string_view text, const std::string& doc = "{}") {
        run("INSERT INTO key(id, hash, doc) VALUES(" + std::to_string(id) + ", x'" +
            hex(hash_key(text)) + "', '" + doc +
            "'); INSERT INTO change(kind, subject, at) VALUES(1, " + std::to_string(id) + ", 0)");
    }
    void start(KeyringOptions options = {}) {
        options.store = file();
        options.poll = 2ms;
        auto started = Keyring::start(options);
        ASSERT_TRUE(started) << started.error();
        ring = std::move(*started);
        keys.emplace(*ring, io);
    }
    FoundKey find(std::string_view text) {
        auto found = boost::asio::co_spawn(io, keys->find(hash_key(text)), boost::asio::use_future);
        io.restart();
        io.run();
        return found.get();
    }
    // Until the loop does not trust what it knows of the key any more.
    bool forgotten(std::string_view text) {
        const auto end = std::chrono::steady_clock::now() + 5s;
        while (keys->known(hash_key(text))) {
            if (std::chrono::steady_clock::now() > end) return false;
            std::this_thread::yield();
        }
        return true;
    }

    fs::path directory;
    std::optional<store::Database> database;
    boost::asio::io_context io{1};
    std::unique_ptr<Keyring> ring;
    std::optional<LoopKeys> keys;
};

TEST_F(KeyringTest, a_key_is_read_once_and_then_known_without_the_store) {
    add_key(7, "sk-red");
    start();
    EXPECT_EQ(keys->known(hash_key("sk-red")), nullptr);
    const FoundKey found = find("sk-red");
    ASSERT_TRUE(found.principal);
    EXPECT_EQ(found.principal->debtors.key, 7);
    EXPECT_EQ(keys->known(hash_key("sk-red")), found.principal);
    LoopKeys other(*ring, io);
    EXPECT_FALSE(other.refused(hash_key("sk-red")));
    EXPECT_EQ(other.known(hash_key("sk-red")), found.principal) << "another loop asks no store";
}

TEST_F(KeyringTest, what_the_configuration_says_of_keys_holds_for_those_that_are_known) {
    add_key(7, "sk-red");
    start();
    ASSERT_EQ(find("sk-red").principal->limits.size(), 1U);
    const KeyTerms terms{.rates = {{"m", {.rpm = 5, .tpm = {}}}}};
    ring->use(terms);
    EXPECT_EQ(keys->known(hash_key("sk-red")), nullptr);
    const auto limited = find("sk-red").principal;
    ASSERT_EQ(limited->limits.size(), 2U);
    EXPECT_EQ(limited->limits.back().subject->rpm, 5);
    ring->use(terms);
    EXPECT_EQ(keys->known(hash_key("sk-red")), limited) << "nothing is new";
}

TEST_F(KeyringTest, a_key_that_nobody_has_is_refused_and_not_repeated) {
    start();
    const FoundKey found = find("sk-guess");
    ASSERT_TRUE(found.refused);
    EXPECT_EQ(found.refused->status(), 401);
    EXPECT_EQ(found.refused->type, "token_not_found_in_db");
    EXPECT_EQ(found.refused->message.find("sk-guess"), std::string::npos);
    EXPECT_TRUE(keys->refused(hash_key("sk-guess"))) << "for a second without asking again";
}

TEST_F(KeyringTest, guesses_ask_the_store_so_many_times_a_second_and_keys_that_are_there_always) {
    add_key(7, "sk-red");
    KeyringOptions options;
    options.new_keys = 2;
    options.waiting = 0;
    start(options);
    int asked = 0;
    for (int i = 0; i < 20; ++i) {
        asked += keys->refused(hash_key("sk-guess-" + std::to_string(i))) ? 0 : 1;
    }
    EXPECT_LE(asked, 4) << "two a second";
    EXPECT_FALSE(keys->refused(hash_key("sk-red")));
}

TEST_F(KeyringTest, many_keys_may_be_made_and_used_at_once) {
    KeyringOptions options;
    options.new_keys = 0;
    start(options);
    for (int id = 1; id <= 60; ++id) {
        const std::string text = "sk-" + std::to_string(id);
        add_key(id, text);
        ASSERT_FALSE(keys->refused(hash_key(text)));
        const FoundKey found = find(text);
        ASSERT_TRUE(found.principal) << id;
        EXPECT_EQ(found.principal->debtors.key, id);
    }
    // One that no change tells of would be found only by asking for it.
    run("INSERT INTO key(id, hash, doc) VALUES(99, x'" + hex(hash_key("sk-guess")) + "', '{}')");
    EXPECT_EQ(find("sk-guess").refused->status(), 401);
    EXPECT_TRUE(keys->refused(hash_key("sk-guess")));
}

// As when a key is made and used by many at once before the set has it.
TEST_F(KeyringTest, many_that_ask_for_the_same_new_key_are_one_question) {
    KeyringOptions options;
    options.new_keys = 1;
    start(options);
    for (int i = 0; i < 20; ++i) EXPECT_FALSE(keys->refused(hash_key("sk-new"))) << i;
}

TEST_F(KeyringTest, a_change_of_anything_a_key_was_made_of_has_it_read_anew) {
    add_key(7, "sk-red");
    run("INSERT INTO budget(id, rpm) VALUES(9, 3); INSERT INTO \"user\"(id, user_id) VALUES(1, "
        "'ann');"
        "INSERT INTO organization(id, organization_id) VALUES(6, 'acme');"
        "INSERT INTO team(id, team_id) VALUES(4, 'red');"
        "UPDATE key SET user = 1, team = 4, organization = 6, budget = 9");
    start();
    for (const auto& [kind, subject] : {std::pair(1, 7), std::pair(3, 1), std::pair(4, 4),
                                        std::pair(5, 6), std::pair(10, 9), std::pair(11, 1)}) {
        ASSERT_TRUE(find("sk-red").principal);
        run("INSERT INTO change(kind, subject, at) VALUES(" + std::to_string(kind) + ", " +
            std::to_string(subject + 100) + ", 0)");
        run("INSERT INTO change(kind, subject, at) VALUES(" + std::to_string(kind) + ", " +
            std::to_string(subject) + ", 0)");
        EXPECT_TRUE(forgotten("sk-red")) << kind;
    }
}

TEST_F(KeyringTest, a_key_that_is_deleted_is_refused_and_a_new_one_is_found) {
    add_key(7, "sk-red");
    start();
    ASSERT_TRUE(find("sk-red").principal);
    run("UPDATE key SET deleted_at = 1; INSERT INTO change(kind, subject, at) VALUES(1, 7, 0)");
    ASSERT_TRUE(forgotten("sk-red"));
    EXPECT_EQ(find("sk-red").refused->status(), 401);
    add_key(8, "sk-blue");
    EXPECT_TRUE(find("sk-blue").principal);
}

// Two loops may ask for a key at nearly the same time, so that it is read twice.
TEST_F(KeyringTest, of_two_readings_of_a_key_no_loop_keeps_the_one_that_changes_do_not_reach) {
    add_key(7, "sk-red");
    start();
    const auto first = find("sk-red").principal;
    ASSERT_EQ(keys->known(hash_key("sk-red")), first);
    std::promise<std::shared_ptr<const Principal>> read;
    ASSERT_TRUE(ring->find(hash_key("sk-red"),
                           [&read](const FoundKey& found) { read.set_value(found.principal); }));
    const auto second = read.get_future().get();
    ASSERT_NE(first, second);
    EXPECT_EQ(keys->known(hash_key("sk-red")), nullptr);
    LoopKeys other(*ring, io);
    EXPECT_FALSE(other.refused(hash_key("sk-red")));
    EXPECT_EQ(other.known(hash_key("sk-red")), second);
}

TEST_F(KeyringTest, what_is_counted_survives_that_a_key_is_read_anew) {
    add_key(7, "sk-red");
    run("INSERT INTO budget(id, max_nano) VALUES(9, 1000); UPDATE key SET budget = 9");
    start();
    const auto before = find("sk-red").principal;
    ASSERT_TRUE(before);
    before->limits.front().subject->budget.charge(400, 1);
    run("UPDATE budget SET max_nano = 2000; INSERT INTO change(kind, subject, at) VALUES(10, 9, "
        "0)");
    ASSERT_TRUE(forgotten("sk-red"));
    const auto after = find("sk-red").principal;
    ASSERT_TRUE(after);
    EXPECT_EQ(after->key().budget.spent(), 400);
    EXPECT_EQ(after->key().budget.limit(1), 2000);
}

TEST_F(KeyringTest, while_the_store_is_away_known_keys_go_on_and_others_are_told_so_in_time) {
    add_key(7, "sk-red");
    add_key(8, "sk-blue");
    start();
    ASSERT_TRUE(find("sk-red").principal);
    run("ALTER TABLE key RENAME TO hidden");
    EXPECT_TRUE(keys->known(hash_key("sk-red")));
    const auto start = std::chrono::steady_clock::now();
    const FoundKey away = find("sk-blue");
    EXPECT_LT(std::chrono::steady_clock::now() - start, 2s);
    ASSERT_TRUE(away.refused);
    EXPECT_EQ(away.refused->status(), 503);
    EXPECT_EQ(away.refused->type, "no_db_connection");
}

// A change that the store tells of, while it does not say what a key is now: its table has another name.
TEST_F(KeyringTest, a_key_that_was_changed_goes_on_as_it_was_until_the_store_says_what_it_is) {
    add_key(7, "sk-red");
    run("INSERT INTO budget(id, rpm) VALUES(9, 3); UPDATE key SET budget = 9");
    start();
    const auto before = find("sk-red").principal;
    ASSERT_TRUE(before);
    run("ALTER TABLE budget RENAME TO hidden; INSERT INTO change(kind, subject, at) VALUES(10, 9, "
        "0)");
    ASSERT_TRUE(forgotten("sk-red"));
    EXPECT_EQ(find("sk-red").principal, before);
    EXPECT_EQ(keys->known(hash_key("sk-red")), before) << "the next request does not wait";
    LoopKeys other(*ring, io);
    EXPECT_EQ(other.known(hash_key("sk-red")), nullptr) << "each loop asks for itself";
    run("ALTER TABLE hidden RENAME TO budget");
    const auto end = std::chrono::steady_clock::now() + 5s;
    std::shared_ptr<const Principal> after = before;
    while (after == before && std::chrono::steady_clock::now() < end) {
        after = find("sk-red").principal;
    }
    ASSERT_TRUE(after && after != before) << "it is read when the store is back";
    EXPECT_TRUE(before->gone);
}

TEST_F(KeyringTest, a_key_that_was_shut_out_does_not_go_on_where_the_store_is_slow) {
    const char* const kHide = "ALTER TABLE budget RENAME TO hidden";
    for (const char* change :
         {"UPDATE key SET blocked = 1; INSERT INTO change(kind, subject, at) VALUES(1, 7, 0)",
          "UPDATE key SET deleted_at = 1; INSERT INTO change(kind, subject, at) VALUES(1, 7, 0)",
          "UPDATE key SET expires = 1; INSERT INTO change(kind, subject, at) VALUES(1, 7, 0)",
          "INSERT INTO key_old(hash, key, until) SELECT hash, id, 1 FROM key; UPDATE key SET hash "
          "= x'00'; INSERT INTO change(kind, subject, at) VALUES(1, 7, 0)",
          "UPDATE team SET blocked = 1; INSERT INTO change(kind, subject, at) VALUES(4, 4, 0)",
          "UPDATE \"user\" SET role = 'internal_user'; INSERT INTO change(kind, subject, at) "
          "VALUES(3, 1, 0), (1, 7, 0)"}) {
        run("DELETE FROM key_old; DELETE FROM key; DELETE FROM team; DELETE FROM \"user\"");
        run("INSERT INTO team(id, team_id) VALUES(4, 'red'); INSERT INTO \"user\"(id, user_id, "
            "role) VALUES(1, 'ann', 'proxy_admin')");
        add_key(7, "sk-red");
        const bool team = std::string_view(change).find("team") != std::string_view::npos;
        run(std::string("UPDATE key SET user = 1") + (team ? ", team = 4" : ""));
        start();
        ASSERT_TRUE(find("sk-red").principal) << change;
        run(std::string(kHide) + ";" + change);
        ASSERT_TRUE(forgotten("sk-red")) << change;
        const FoundKey found = find("sk-red");
        EXPECT_FALSE(found.principal) << change;
        EXPECT_EQ(found.refused->status(), 503) << change;
        ring->stop();
        run("ALTER TABLE hidden RENAME TO budget");
    }
}

TEST_F(KeyringTest, says_whether_the_store_answers) {
    start();
    EXPECT_TRUE(ring->hears());
    EXPECT_TRUE(keys->store_answers());
}

TEST(StaleLimits, go_on_no_longer_than_they_may) {
    const auto principal = std::make_shared<Principal>();
    EXPECT_TRUE(principal->may_go_on(0s)) << "it is not stale";
    principal->set_stale();
    EXPECT_FALSE(principal->may_go_on(0s));
    EXPECT_TRUE(principal->may_go_on(60s));
    principal->set_gone();
    EXPECT_FALSE(principal->may_go_on(60s));
}

TEST_F(KeyringTest, a_key_that_was_replaced_is_nobodys_when_its_grace_period_is_over) {
    add_key(7, "sk-new");
    const std::int64_t until = 4'000'000'000'000'000;
    run("INSERT INTO key_old(hash, key, until) VALUES(x'" + hex(hash_key("sk-old")) + "', 7, " +
        std::to_string(until) + ")");
    start();
    const auto old = find("sk-old").principal;
    const auto fresh = find("sk-new").principal;
    ASSERT_TRUE(old && fresh);
    EXPECT_FALSE(refused_now(*old, until - 1));
    const auto over = refused_now(*old, until);
    ASSERT_TRUE(over) << "though nothing was changed";
    EXPECT_EQ(over->status(), 401);
    EXPECT_EQ(over->type, "token_not_found_in_db");
    EXPECT_FALSE(refused_now(*fresh, until));
}

TEST_F(KeyringTest, a_key_that_cannot_be_read_does_not_keep_others_from_being_read) {
    add_key(7, "sk-red", "{\"models\":");
    add_key(8, "sk-blue");
    start();
    for (int i = 0; i < 4; ++i) EXPECT_EQ(find("sk-red").refused->status(), 503);
    EXPECT_TRUE(find("sk-blue").principal);
}

TEST_F(KeyringTest, a_key_that_cannot_be_read_is_refused_and_not_let_in) {
    add_key(7, "sk-red", "{\"models\":");
    start();
    const FoundKey found = find("sk-red");
    EXPECT_FALSE(found.principal);
    EXPECT_EQ(found.refused->status(), 503);
}

TEST_F(KeyringTest, more_keys_than_there_is_room_for_push_out_the_oldest) {
    KeyringOptions options;
    options.most = 2;
    for (int i = 1; i <= 3; ++i) add_key(i, "sk-" + std::to_string(i));
    start(options);
    for (int i = 1; i <= 3; ++i) {
        ASSERT_TRUE(find("sk-" + std::to_string(i)).principal);
    }
    EXPECT_FALSE(keys->known(hash_key("sk-1")));
    EXPECT_TRUE(keys->known(hash_key("sk-3")));
    EXPECT_TRUE(find("sk-1").principal) << "it is read again";
}

}  // namespace
}  // namespace patchbay::access
