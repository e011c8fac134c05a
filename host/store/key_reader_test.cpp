#include "store/key_reader.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/hex.hpp"
#include "store/ledger_counters.hpp"
#include "store/ledger_store.hpp"
#include "store/test_support.hpp"

namespace patchbay::store {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::int64_t kNow = 1'795'907'153'000'000;  // 2026-11-28 23:05:53 UTC
constexpr std::int64_t kHour = 3'600'000'000;

KeyHash hash_of(std::uint8_t first) {
    KeyHash hash{};
    hash.fill(0x11);
    hash[0] = first;
    return hash;
}

class KeyReaderTest : public test::StoreTest {
  protected:
    void SetUp() override {
        StoreTest::SetUp();
        if (IsSkipped()) return;
        auto opened = LedgerStore::open(address());
        if (!opened) throw std::runtime_error(opened.error().text);
        ledger.emplace(std::move(*opened));
    }
    void TearDown() override { ledger.reset(); }

    void run(const std::string& sql) {
        const auto done = ledger->database().execute(sql);
        ASSERT_TRUE(done) << done.error().text;
    }
    void add_key(int id, const KeyHash& hash, const std::string& columns = "",
                 const std::string& values = "") {
        const std::string text = hex({reinterpret_cast<const char*>(hash.data()), hash.size()});
        run("INSERT INTO key(id, hash" + columns + ") VALUES(" + std::to_string(id) + ", " +
            bytes(text) + values + ")");
    }
    KeyReader reader() {
        auto opened = KeyReader::open(address());
        if (!opened) throw std::runtime_error(opened.error().text);
        return std::move(*opened);
    }
    std::optional<KeyRecord> find(const KeyHash& hash, std::int64_t now = kNow) {
        const auto found = reader().find_key(hash, now);
        EXPECT_TRUE(found) << (found ? "" : found.error().text);
        return found ? *found : std::nullopt;
    }
    void spend(std::int64_t seq, LedgerDebtors debtors, std::int64_t charge, std::int64_t ended,
               std::string_view customer = "") {
        LedgerLine line;
        line.seq = seq;
        line.call[0] = static_cast<std::uint8_t>(seq);
        line.attempt = 1;
        line.key = "hash";
        line.debtors = debtors;
        line.customer = customer;
        line.started_us = ended;
        line.ended_us = ended;
        line.cost = line.charge = charge;
        std::string packed;
        for (const std::string& name : counted) counters::pack(name, packed);
        line.counters = packed;
        LedgerSource source;
        source.epoch[0] = 1;
        source.lines = {line};
        const auto posted = ledger->post({source});
        ASSERT_TRUE(posted) << posted.error().text;
        EXPECT_THAT(*ledger->check(), IsEmpty());
    }

    std::vector<std::string> counted;  ///< counters of what is spent
    std::optional<LedgerStore> ledger;
};
INSTANTIATE_TEST_SUITE_P(On, KeyReaderTest, test::kBoth, test::kind_name);

TEST_P(KeyReaderTest, a_user_is_known_by_its_id_and_by_its_address_in_any_letters) {
    run("INSERT INTO \"user\"(id, user_id, email) VALUES(1, 'ann', 'Ann@Example.com'), (2, 'bob', "
        "NULL)");
    run("INSERT INTO \"user\"(id, user_id, email, deleted_at) VALUES(3, 'gone', 'gone@x.com', 5)");
    auto keys = reader();
    for (const char* name : {"ann", "bob", "Ann@Example.com", "ann@example.COM"}) {
        const auto found = keys.is_user(name);
        EXPECT_TRUE(found && *found) << name;
    }
    for (const char* name : {"Ann", "gone", "gone@x.com", "@", ""}) {
        const auto found = keys.is_user(name);
        EXPECT_TRUE(found && !*found) << name;
    }
}

TEST_P(KeyReaderTest, a_key_is_found_with_all_that_decides_what_it_may_do) {
    run("INSERT INTO budget(id, max_nano, soft_nano, duration, rpm, tpm, parallel, extra_nano, "
        "extra_until) VALUES(1, 1000, 800, '30d', 3, 4, 5, 6, 7), (2, 2000, NULL, NULL, NULL, "
        "NULL, "
        "NULL, NULL, NULL), (3, NULL, NULL, NULL, 9, NULL, NULL, NULL, NULL)");
    run("INSERT INTO \"user\"(id, user_id, role, budget) VALUES(1, 'ann', 'internal_user', 2)");
    run("INSERT INTO organization(id, organization_id) VALUES(6, 'acme')");
    run("INSERT INTO team(id, team_id, alias, organization, blocked, doc) VALUES(4, 'red', 'Red', "
        "6, 1, '{\"models\":[\"m\"]}')");
    run("INSERT INTO member(kind, parent, \"user\", role, budget) VALUES(4, 4, 1, 'user', 3)");
    add_key(8, hash_of(1), ", alias, \"user\", team, budget, expires, doc",
            ", 'a', 1, 4, 1, 99, '{\"models\":[]}'");
    const auto key = find(hash_of(1));
    ASSERT_TRUE(key);
    EXPECT_EQ(key->id, 8);
    EXPECT_EQ(key->alias, "a");
    EXPECT_EQ(key->expires, 99);
    EXPECT_EQ(key->doc, "{\"models\":[]}");
    EXPECT_EQ(key->limits.max_nano, 1000);
    EXPECT_EQ(key->limits.soft_nano, 800);
    EXPECT_EQ(key->limits.rpm, 3);
    EXPECT_EQ(key->limits.tpm, 4);
    EXPECT_EQ(key->limits.parallel, 5);
    EXPECT_EQ(key->limits.extra_until, 7);
    EXPECT_EQ(key->limits.duration.months, 1);
    EXPECT_EQ(key->user.name, "ann");
    EXPECT_EQ(key->role, "internal_user");
    EXPECT_EQ(key->user.limits.max_nano, 2000);
    EXPECT_EQ(key->team.name, "red");
    EXPECT_TRUE(key->team.blocked);
    EXPECT_EQ(key->team.doc, "{\"models\":[\"m\"]}");
    EXPECT_EQ(key->organization.name, "acme") << "the team's";
    EXPECT_EQ(key->member.rpm, 9);
    EXPECT_EQ(key->member.max_nano, std::nullopt);
}

TEST_P(KeyReaderTest, a_key_that_is_nobodys_is_not_found) {
    add_key(1, hash_of(1), ", deleted_at", ", 5");
    EXPECT_FALSE(find(hash_of(1))) << "deleted";
    EXPECT_FALSE(find(hash_of(2))) << "never there";
}

TEST_P(KeyReaderTest, an_old_hash_is_good_until_its_grace_period_ends) {
    add_key(1, hash_of(1));
    run("INSERT INTO key_old(hash, key, until) VALUES(" + bytes("02" + std::string(62, '1')) +
        ", 1, " + std::to_string(kNow) + ")");
    const auto before = find(hash_of(2), kNow - 1);
    ASSERT_TRUE(before);
    EXPECT_EQ(before->id, 1);
    EXPECT_EQ(before->hash, hash_of(2));
    EXPECT_EQ(before->replaced, kNow);
    EXPECT_EQ(find(hash_of(1), kNow - 1)->replaced, std::nullopt);
    EXPECT_FALSE(find(hash_of(2), kNow));
}

TEST_P(KeyReaderTest, what_was_spent_is_that_of_the_period) {
    run("INSERT INTO budget(id, max_nano, duration) VALUES(1, 1000, '1h'), (2, 1000, '1d'), (3, "
        "1000, "
        "NULL), (4, 1000, '1mo')");
    run("INSERT INTO \"user\"(id, user_id, budget) VALUES(1, 'ann', 2)");
    run("INSERT INTO team(id, team_id, budget) VALUES(4, 'red', 3)");
    run("INSERT INTO member(kind, parent, \"user\", role, budget) VALUES(4, 4, 1, 'user', 4)");
    add_key(8, hash_of(1), ", \"user\", team, budget", ", 1, 4, 1");
    const LedgerDebtors all{8, 1, 4, 0};
    spend(1, all, 1, kNow);
    spend(2, all, 10, kNow - kHour);
    spend(3, all, 100, kNow - 25 * kHour);
    spend(4, all, 1000, kNow - 40 * 24 * kHour);
    spend(5, {9, 2, 4, 0}, 10'000, kNow);
    spend(6, {}, 100'000, kNow);
    const auto key = find(hash_of(1));
    ASSERT_TRUE(key);
    EXPECT_EQ(key->limits.spent, 1) << "of the hour";
    EXPECT_EQ(key->user.limits.spent, 11) << "of the day";
    EXPECT_EQ(key->team.limits.spent, 11'111) << "ever, of all its keys";
    EXPECT_EQ(key->member.spent, 111) << "of the month, of ann in the team";
    EXPECT_EQ(find(hash_of(1), kNow + kHour)->limits.spent, 0) << "of the next hour";
}

TEST_P(KeyReaderTest, a_customer_is_found_with_its_limits) {
    run("INSERT INTO budget(id, max_nano) VALUES(1, 500)");
    run("INSERT INTO customer(id, customer_id, budget, blocked) VALUES(3, 'shop', 1, 1)");
    spend(1, {}, 7, kNow, "shop");
    spend(2, {}, 8, kNow, "other");
    auto store = reader();
    const auto customer = store.find_party(Subject::customer, "shop", {}, kNow);
    ASSERT_TRUE(customer && *customer);
    EXPECT_EQ((*customer)->id, 3);
    EXPECT_TRUE((*customer)->blocked);
    EXPECT_EQ((*customer)->limits.max_nano, 500);
    EXPECT_EQ((*customer)->limits.spent, 7);
    const auto none = store.find_party(Subject::customer, "other", {}, kNow);
    ASSERT_TRUE(none);
    EXPECT_FALSE(*none);
}

TEST_P(KeyReaderTest, customers_without_limits_of_their_own_have_the_defaults) {
    run("INSERT INTO budget(id, budget_id, max_nano, rpm, duration, doc) VALUES(1, 'free', 500, 9, "
        "'1h', "
        "'{\"a\":1}'), (2, NULL, 50, NULL, NULL, '{}')");
    run("INSERT INTO customer(id, customer_id, budget) VALUES(3, 'shop', 2), (4, 'bare', NULL)");
    spend(1, {}, 7, kNow, "new");
    spend(2, {}, 8, kNow - 2 * kHour, "new");
    auto store = reader();
    PartyDefaults defaults;
    defaults.budget_id = "free";
    for (const char* name : {"new", "bare"}) {
        const auto found = store.find_party(Subject::customer, name, defaults, kNow);
        ASSERT_TRUE(found && *found) << name;
        EXPECT_EQ((*found)->limits.max_nano, 500) << name;
        EXPECT_EQ((*found)->limits.rpm, 9);
        EXPECT_EQ((*found)->limits.doc, "{\"a\":1}");
        EXPECT_EQ((*found)->limits.budget, 1) << "a change of the budget concerns it";
    }
    EXPECT_EQ((*store.find_party(Subject::customer, "new", defaults, kNow))->limits.spent, 7);
    EXPECT_EQ((*store.find_party(Subject::customer, "shop", defaults, kNow))->limits.max_nano, 50);
    defaults.customer_nano = 3;
    EXPECT_EQ((*store.find_party(Subject::customer, "new", defaults, kNow))->limits.max_nano, 3);
}

TEST_P(KeyReaderTest, a_tag_and_a_counter_have_spent_what_was_posted_to_them) {
    run("INSERT INTO budget(id, max_nano) VALUES(1, 500)");
    run("INSERT INTO tag(id, name, budget) VALUES(3, 'prod', 1)");
    counted = {"tag:prod", "model:1:7:gpt-4o", "tag:prod"};
    spend(1, {}, 7, kNow);
    counted = {"tag:test"};
    spend(2, {}, 100, kNow);
    auto store = reader();
    const auto tag = store.find_party(Subject::tag, "prod", {}, kNow);
    ASSERT_TRUE(tag && *tag);
    EXPECT_EQ((*tag)->limits.spent, 7) << "once, though it is named twice";
    PartyDefaults defaults;
    defaults.tags["test"] = {40, *read_budget_duration("1h")};
    const auto test = store.find_party(Subject::tag, "test", defaults, kNow);
    ASSERT_TRUE(test && *test);
    EXPECT_EQ((*test)->limits.max_nano, 40);
    EXPECT_EQ((*test)->limits.spent, 100);
    const Spender model{.name = "model:1:7:gpt-4o", .counter = true};
    EXPECT_EQ(*store.spent(model, *read_budget_duration("1h"), kNow), 7);
    EXPECT_EQ(*store.spent(model, *read_budget_duration("1h"), kNow + kHour), 0);
    EXPECT_EQ(*store.spent({.name = "model:1:8:gpt-4o", .counter = true}, {}, kNow), 0);
}

TEST_P(KeyReaderTest, names_of_customers_and_tags_are_read_in_pieces) {
    run("INSERT INTO customer(id, customer_id, deleted_at) VALUES(1, 'a', NULL), (2, 'b', 5), (3, "
        "'c', NULL)");
    run("INSERT INTO tag(id, name) VALUES(1, 't')");
    auto store = reader();
    const auto first = store.party_names(Subject::customer, 0, 1);
    ASSERT_TRUE(first);
    ASSERT_EQ(first->size(), 1u);
    EXPECT_EQ(first->front().name, "a");
    const auto rest = store.party_names(Subject::customer, 1, 10);
    ASSERT_EQ(rest->size(), 1u);
    EXPECT_EQ(rest->front().name, "c");
    EXPECT_EQ(store.party_names(Subject::tag, 0, 10)->size(), 1u);
}

TEST_P(KeyReaderTest, a_duration_that_is_none_is_a_failure_and_not_for_ever) {
    run("INSERT INTO budget(id, max_nano, duration) VALUES(1, 500, 'soon')");
    add_key(1, hash_of(1), ", budget", ", 1");
    const auto found = reader().find_key(hash_of(1), kNow);
    ASSERT_FALSE(found);
    EXPECT_EQ(found.error().kind, Failure::Kind::corrupt);
}

TEST_P(KeyReaderTest, prefixes_come_in_their_order_and_in_pieces) {
    for (int i = 1; i <= 5; ++i) add_key(i, hash_of(static_cast<std::uint8_t>(0xfd - i)));
    run("INSERT INTO key_old(hash, key, until) VALUES(" + bytes("01" + std::string(62, '1')) +
        ", 1, 5)");
    auto store = reader();
    std::vector<std::uint64_t> all;
    std::uint64_t from = 0;
    while (true) {
        const auto some = store.key_prefixes(from, 2);
        ASSERT_TRUE(some);
        if (some->empty()) break;
        all.insert(all.end(), some->begin(), some->end());
        from = all.back() + 1;
    }
    EXPECT_EQ(all.size(), 6u);
    EXPECT_TRUE(std::is_sorted(all.begin(), all.end()));
    EXPECT_EQ(all.front(), key_prefix(hash_of(1)));
    EXPECT_EQ(all.back(), key_prefix(hash_of(0xfc)));
    EXPECT_THAT(*store.prefixes_of(1, 4), ElementsAre(KeyPrefix{key_prefix(hash_of(1)), true},
                                                      KeyPrefix{key_prefix(hash_of(0xfc)), true}));
}

TEST_P(KeyReaderTest, hashes_that_let_nobody_in_are_told_apart) {
    const auto open = [&](const std::string& change) {
        run("DELETE FROM key_old; DELETE FROM key");
        add_key(1, hash_of(1));
        run("INSERT INTO key_old(hash, key, until) VALUES(" + bytes("02" + std::string(62, '1')) +
            ", 1, " + std::to_string(kNow) + ")");
        run("UPDATE key SET id = id" + change);
        std::string text;
        for (const KeyPrefix& one : *reader().prefixes_of(1, kNow - 1))
            text += one.open ? '+' : '-';
        return text;
    };
    EXPECT_EQ(open(""), "++");
    EXPECT_EQ(open(", blocked = 1"), "--");
    EXPECT_EQ(open(", expires = " + std::to_string(kNow)), "++");
    EXPECT_EQ(open(", expires = " + std::to_string(kNow - 1)), "--");
    EXPECT_EQ(open(", deleted_at = 1"), "");
    open("");
    EXPECT_FALSE(reader().prefixes_of(1, kNow)->at(1).open) << "its grace period is over";
}

TEST_P(KeyReaderTest, changes_come_in_their_order_behind_what_is_known) {
    run("INSERT INTO change(kind, subject, at) VALUES(1, 7, 0), (4, 8, 0), (3, 9, 0)");
    auto store = reader();
    EXPECT_EQ(*store.last_change(), 3);
    const auto changes = store.changes_after(1, 10);
    ASSERT_TRUE(changes);
    ASSERT_EQ(changes->size(), 2u);
    EXPECT_EQ((*changes)[0].seq, 2);
    EXPECT_EQ((*changes)[0].kind, Subject::team);
    EXPECT_EQ((*changes)[1].subject, 9);
    EXPECT_EQ(store.changes_after(0, 1)->size(), 1u);
}

TEST_P(KeyReaderTest, changes_say_who_is_shut) {
    run("INSERT INTO \"user\"(id, user_id, deleted_at) VALUES(1, 'ann', NULL), (2, 'bob', 1)");
    run("INSERT INTO team(id, team_id, blocked) VALUES(1, 'red', 0), (2, 'blue', 1)");
    run("INSERT INTO organization(id, organization_id, deleted_at) VALUES(1, 'acme', NULL), (2, "
        "'less', 1)");
    run("INSERT INTO customer(id, customer_id, blocked) VALUES(1, 'shop', 0), (2, 'bar', 1)");
    for (const int kind : {3, 4, 5, 7, 1, 2, 10, 11, 12, 6, 99}) {
        run("INSERT INTO change(kind, subject, at) VALUES(" + std::to_string(kind) + ", 1, 0), (" +
            std::to_string(kind) + ", 2, 0)");
    }
    std::string shut;
    for (const ChangeRecord& change : *reader().changes_after(0, 100)) {
        shut += change.shut ? '!' : '.';
    }
    EXPECT_EQ(shut, ".!.!.!.!..........!!!!") << "what is not known is";
}

TEST_P(KeyReaderTest, a_minute_that_was_changed_by_hand_is_found_by_the_rules) {
    spend(1, {8, 1, 4, 5}, 7, kNow);
    run("UPDATE spend_minute SET charge = charge + 1");
    run("UPDATE entry SET team = 3");
    std::vector<std::string> rules;
    for (const Violation& violation : *ledger->check())
        rules.push_back(violation.rule.substr(0, 2));
    EXPECT_THAT(rules, testing::IsSupersetOf({"I8", "I9"}));
}

}  // namespace
}  // namespace patchbay::store
