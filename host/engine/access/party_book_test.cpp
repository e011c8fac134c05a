#include "engine/access/party_book.hpp"

#include <filesystem>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_future.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "engine/access/loop_parties.hpp"
#include "store/migrations.hpp"

namespace patchbay::access {
namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using Kind = store::Subject;

class PartyBookTest : public testing::Test {
  protected:
    PartyBookTest() {
        std::string pattern = (fs::temp_directory_path() / "patchbay-parties-XXXXXX").string();
        directory = mkdtemp(pattern.data());
        auto opened = store::Database::open(file());
        if (!opened) throw std::runtime_error(opened.error().text);
        database = std::move(*opened);
        if (!store::migrate(*database)) throw std::runtime_error("migrate");
    }
    ~PartyBookTest() override {
        if (ring) ring->stop();
        if (book) book->stop();
        fs::remove_all(directory);
    }

    fs::path file() const { return directory / "ledger.db"; }
    void run(const std::string& sql) {
        const auto done = database->execute(sql);
        ASSERT_TRUE(done) << done.error().text;
    }
    void start(PartyTerms terms = {}) {
        auto made = PartyBook::start({.store = file(), .terms = std::move(terms), .share = share});
        ASSERT_TRUE(made) << made.error();
        book = std::move(*made);
        KeyringOptions options;
        options.store = file();
        options.poll = 2ms;
        options.heard = [this](const auto& changes) { book->heard(changes); };
        auto started = Keyring::start(options);
        ASSERT_TRUE(started) << started.error();
        ring = std::move(*started);
        parties.emplace(*book, *ring, io);
    }
    std::vector<FoundParty> find_all(std::vector<PartyAsk> asked) {
        auto found =
            boost::asio::co_spawn(io, parties->find(std::move(asked)), boost::asio::use_future);
        io.restart();
        io.run();
        return found.get();
    }
    FoundParty find(Kind kind, const std::string& name) { return find_all({{kind, name}}).at(0); }
    // Until a condition that another thread brings about holds.
    template <class Condition>
    static bool eventually(Condition condition) {
        const auto end = std::chrono::steady_clock::now() + 5s;
        while (!condition()) {
            if (std::chrono::steady_clock::now() > end) return false;
            std::this_thread::yield();
        }
        return true;
    }

    fs::path directory;
    std::function<void(const Limits&)> share;
    std::optional<store::Database> database;
    boost::asio::io_context io{1};
    std::unique_ptr<PartyBook> book;
    std::unique_ptr<Keyring> ring;
    std::optional<LoopParties> parties;
};

TEST_F(PartyBookTest, names_that_nobody_has_registered_ask_nobody) {
    run("INSERT INTO customer(id, customer_id) VALUES(1, 'shop')");
    start();
    EXPECT_TRUE(parties->may_have_limits(Kind::customer, "shop"));
    EXPECT_FALSE(parties->may_have_limits(Kind::customer, "other"));
    EXPECT_FALSE(parties->may_have_limits(Kind::tag, "shop"));
}

TEST_F(PartyBookTest, a_party_is_read_once_and_then_known_without_the_store) {
    run("INSERT INTO budget(id, rpm) VALUES(1, 5)");
    run("INSERT INTO customer(id, customer_id, budget, blocked, doc) VALUES(1, 'shop', 1, 1, "
        "'{\"allowed_model_region\":\"eu\",\"default_model\":\"m\"}')");
    start();
    EXPECT_EQ(parties->known(Kind::customer, "shop"), nullptr);
    const FoundParty found = find(Kind::customer, "shop");
    ASSERT_TRUE(found.party);
    EXPECT_TRUE(found.party->blocked);
    EXPECT_EQ(found.party->region, "eu");
    EXPECT_EQ(found.party->default_model, "m");
    EXPECT_EQ(found.party->limits.front().subject->rpm, 5);
    EXPECT_EQ(parties->known(Kind::customer, "shop"), found.party);
    LoopParties other(*book, *ring, io);
    EXPECT_EQ(book->known(Kind::customer, "shop"), found.party) << "another loop asks no store";
}

TEST_F(PartyBookTest, those_of_one_call_wait_for_their_first_shares_together) {
    run("INSERT INTO budget(id, max_nano) VALUES(1, 500)");
    run("INSERT INTO customer(id, customer_id, budget) VALUES(1, 'shop', 1)");
    run("INSERT INTO tag(id, name, budget) VALUES(1, 'a', 1), (2, 'b', 1)");
    std::vector<std::size_t> shared;  // by the lookup thread, before the answers
    share = [&](const Limits& limits) { shared.push_back(limits.limits.size()); };
    start();
    const auto found = find_all(
        {{Kind::tag, "a"}, {Kind::customer, "shop"}, {Kind::tag, "none"}, {Kind::tag, "b"}});
    EXPECT_THAT(shared, testing::ElementsAre(3));
    ASSERT_EQ(found.size(), 4u);
    EXPECT_EQ(found[0].party->name, "a");
    EXPECT_EQ(found[1].party->kind, Kind::customer);
    EXPECT_TRUE(found[2].party->limits.empty());
    EXPECT_EQ(found[3].party->name, "b");
    EXPECT_EQ(find_all({{Kind::tag, "b"}, {Kind::tag, "a"}})[1].party, found[0].party);
    EXPECT_EQ(shared.size(), 1u) << "they are known";
}

TEST_F(PartyBookTest, one_that_changes_while_its_share_is_asked_for_is_read_anew) {
    run("INSERT INTO budget(id, max_nano) VALUES(1, 500)");
    run("INSERT INTO tag(id, name, budget) VALUES(1, 'a', 1)");
    share = [&](const Limits&) { book->heard({{.kind = Kind::tag, .subject = 1}}); };
    start();
    const auto before = find(Kind::tag, "a").party;
    EXPECT_TRUE(before->stale);
    EXPECT_NE(find(Kind::tag, "a").party, before);
}

TEST_F(PartyBookTest, one_that_is_registered_later_is_heard_of) {
    start();
    run("INSERT INTO tag(id, name) VALUES(1, 'prod'); INSERT INTO change(kind, subject, at) "
        "VALUES(2, 1, 0)");
    EXPECT_TRUE(eventually([&] { return parties->may_have_limits(Kind::tag, "prod"); }));
    EXPECT_EQ(find(Kind::tag, "prod").party->row, 1);
}

TEST_F(PartyBookTest, a_change_of_it_or_of_its_budget_has_it_read_anew_and_keeps_what_was_counted) {
    run("INSERT INTO budget(id, max_nano) VALUES(1, 500)");
    run("INSERT INTO customer(id, customer_id, budget) VALUES(1, 'shop', 1)");
    start();
    const auto before = find(Kind::customer, "shop").party;
    before->limits.front().subject->budget.charge(400, 1);
    run("UPDATE budget SET max_nano = 300; INSERT INTO change(kind, subject, at) VALUES(10, 1, 0)");
    EXPECT_TRUE(eventually([&] { return !parties->known(Kind::customer, "shop"); }));
    const auto after = find(Kind::customer, "shop").party;
    EXPECT_EQ(after->limits.front().subject->budget.limit(0), 300);
    EXPECT_EQ(after->limits.front().subject->budget.spent(), 400);
    run("UPDATE customer SET blocked = 1; INSERT INTO change(kind, subject, at) VALUES(7, 1, 0)");
    EXPECT_TRUE(eventually([&] { return !parties->known(Kind::customer, "shop"); }));
    EXPECT_TRUE(find(Kind::customer, "shop").party->blocked);
}

TEST_F(PartyBookTest, with_default_limits_everybody_has_them_until_they_are_taken_away) {
    PartyTerms terms;
    terms.defaults.customer_nano = 70;
    start(terms);
    EXPECT_TRUE(parties->may_have_limits(Kind::customer, "anybody"));
    const auto found = find(Kind::customer, "anybody").party;
    EXPECT_EQ(found->limits.front().subject->budget.limit(0), 70);
    EXPECT_EQ(found->row, 0);
    book->use({});
    EXPECT_FALSE(parties->may_have_limits(Kind::customer, "anybody"));
    EXPECT_EQ(parties->known(Kind::customer, "anybody"), nullptr) << "it is stale";
    terms.defaults.customer_nano.reset();
    terms.defaults.tags["prod"] = {9, {}};
    book->use(terms);
    EXPECT_TRUE(parties->may_have_limits(Kind::tag, "prod"));
    EXPECT_EQ(find(Kind::tag, "prod").party->limits.front().subject->budget.limit(0), 9);
}

TEST_F(PartyBookTest, whom_customers_are_validated_by_is_asked_for_each_name_once) {
    run("INSERT INTO customer(id, customer_id) VALUES(1, 'shop')");
    run("INSERT INTO \"user\"(id, user_id, email) VALUES(1, 'ann', 'Ann@Example.com')");
    start({.defaults = {}, .validate_customers = true});
    EXPECT_TRUE(parties->may_have_limits(Kind::customer, "anybody"));
    EXPECT_FALSE(parties->may_have_limits(Kind::tag, "anybody"));
    for (const char* valid : {"shop", "ann", "ann@example.com"}) {
        EXPECT_TRUE(find(Kind::customer, valid).party->valid) << valid;
    }
    const auto nobody = find(Kind::customer, "anybody").party;
    EXPECT_FALSE(nobody->valid);
    EXPECT_EQ(parties->known(Kind::customer, "anybody"), nobody);
    run("INSERT INTO \"user\"(id, user_id) VALUES(2, 'anybody'); INSERT INTO change(kind, subject, "
        "at) VALUES(3, 2, 0)");
    EXPECT_TRUE(eventually([&] { return !parties->known(Kind::customer, "anybody"); }));
    EXPECT_TRUE(find(Kind::customer, "anybody").party->valid);
    run("ALTER TABLE \"user\" RENAME TO hidden");
    const FoundParty away = find(Kind::customer, "another");
    EXPECT_FALSE(away.party);
    EXPECT_EQ(away.refused->status(), 503);
    run("ALTER TABLE hidden RENAME TO \"user\"");
}

TEST_F(PartyBookTest, one_with_default_limits_is_valid) {
    PartyTerms terms{.defaults = {}, .validate_customers = true};
    terms.defaults.customer_nano = 70;
    start(terms);
    EXPECT_TRUE(find(Kind::customer, "anybody").party->valid);
}

TEST_F(PartyBookTest, one_whose_documents_cannot_be_read_is_refused) {
    run("INSERT INTO customer(id, customer_id, doc) VALUES(1, 'shop', '[]')");
    start();
    const FoundParty found = find(Kind::customer, "shop");
    ASSERT_TRUE(found.refused);
    EXPECT_EQ(found.refused->status(), 503);
}

TEST(NameFilter, has_what_was_added_and_nearly_nothing_else) {
    NameFilter filter;
    EXPECT_FALSE(filter.may_have("c1"));
    constexpr int kNames = 10'000;
    for (int i = 0; i < kNames; ++i) filter.add("c" + std::to_string(i));
    int wrong = 0;
    for (int i = 0; i < kNames; ++i) {
        EXPECT_TRUE(filter.may_have("c" + std::to_string(i)));
        wrong += filter.may_have("d" + std::to_string(i)) ? 1 : 0;
    }
    EXPECT_LT(wrong, kNames / 100);
}

TEST_F(PartyBookTest, one_that_was_changed_goes_on_as_it_was_until_the_store_says_what_it_is) {
    run("INSERT INTO budget(id, rpm) VALUES(1, 5)");
    run("INSERT INTO customer(id, customer_id, budget) VALUES(1, 'shop', 1), (2, 'bar', 1)");
    start();
    const auto shop = find(Kind::customer, "shop").party;
    const auto bar = find(Kind::customer, "bar").party;
    ASSERT_TRUE(shop && bar);
    run("UPDATE customer SET blocked = 1 WHERE id = 2; ALTER TABLE budget RENAME TO hidden; INSERT "
        "INTO change(kind, subject, at) VALUES(7, 1, 0), (7, 2, 0)");
    ASSERT_TRUE(eventually([&] { return !parties->known(Kind::customer, "shop"); }));
    EXPECT_EQ(find(Kind::customer, "shop").party, shop);
    EXPECT_EQ(parties->known(Kind::customer, "shop"), shop) << "the next call does not wait";
    const FoundParty blocked = find(Kind::customer, "bar");
    EXPECT_FALSE(blocked.party) << "it was shut out";
    EXPECT_EQ(blocked.refused->status(), 503);
    run("ALTER TABLE hidden RENAME TO budget");
    EXPECT_TRUE(eventually([&] {
        const auto now = find(Kind::customer, "shop").party;
        return now && now != shop;
    }));
    EXPECT_TRUE(find(Kind::customer, "bar").party->blocked);
}

}  // namespace
}  // namespace patchbay::access
