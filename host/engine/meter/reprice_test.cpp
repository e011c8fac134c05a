#include "engine/meter/reprice.hpp"

#include <gtest/gtest.h>

#include "engine/meter/counts.hpp"

namespace patchbay::meter {
namespace {

using Outcome = NewPrice::Outcome;

constexpr std::int64_t kNoonUs = 1'795'780'800'000'000;  // 2026-11-27 12:00 UTC
constexpr std::int64_t kDayUs = 86'400'000'000;

// In the order of a table.
const std::string kTable =
    R"({"model":"acme/one","from":"2026-11-01","source":"ops","rates":{"text_in":"0.000001","text_out":"0.000002"}})"
    "\n"
    R"({"model":"acme/one","from":"2026-11-20","source":"ops","rates":{"text_in":"0.000003","text_out":"0.000004"}})"
    "\n"
    R"({"model":"acme/fast","from":"2026-11-01","source":"ops","rates":{"text_in":"0.000001","text_out":"0.000002"},"multipliers":{"fast":"6"}})"
    "\n"
    R"({"model":"acme/fast","from":"2026-11-20","source":"ops","rates":{"text_in":"0.000002","text_out":"0.000002"},"multipliers":{"fast":"6"}})"
    "\n";

std::string sorted() {
    // "acme/fast" stands before "acme/one".
    const std::size_t half = kTable.find(R"({"model":"acme/fast")");
    return kTable.substr(half) + kTable.substr(0, half);
}

std::uint64_t card_on(std::string_view day, std::string_view model) {
    return PriceBook(sorted(), std::string(day)).find("acme", model, {})->id();
}

PastAttempt attempt(std::string model, std::uint64_t price, Amount cost, std::int64_t ended) {
    PastAttempt made;
    made.usage = {.prompt = 100, .completion = 10, .total = 110};
    made.status = 200;
    made.ended_us = ended;
    made.price = price;
    made.cost = made.charge = cost;
    made.provider = "acme";
    made.models = {std::move(model)};
    return made;
}

TEST(Repricer, the_price_of_the_day_of_the_call_holds) {
    ASSERT_EQ(table_fault(sorted()), "");
    Repricer repricer(sorted());
    const std::uint64_t first = card_on("2026-11-05", "one");
    const Amount before = 100 * 1000 + 10 * 2000;
    const Amount after = 100 * 3000 + 10 * 4000;
    const NewPrice late = repricer.price(attempt("one", first, before, kNoonUs));
    EXPECT_EQ(late.outcome, Outcome::known);
    EXPECT_EQ(late.cost, after);
    EXPECT_EQ(late.price, card_on("2026-11-27", "one"));
    const NewPrice early = repricer.price(attempt("one", first, before, kNoonUs - 20 * kDayUs));
    EXPECT_EQ(early.cost, before);
    EXPECT_EQ(repricer.price(attempt("one", first, before, kNoonUs - 60 * kDayUs)).outcome,
              Outcome::unpriced);
    // What was priced anew once stays.
    EXPECT_EQ(repricer.price(attempt("one", late.price, after, kNoonUs)).cost, after);
}

TEST(Repricer, what_the_books_do_not_say_is_found_by_the_old_price) {
    Repricer repricer(sorted());
    const std::uint64_t first = card_on("2026-11-05", "fast");
    const NewPrice fast =
        repricer.price(attempt("fast", first, 6 * (100 * 1000 + 10 * 2000), kNoonUs));
    EXPECT_EQ(fast.outcome, Outcome::known);
    EXPECT_EQ(fast.cost, 6 * (100 * 2000 + 10 * 2000));
    const NewPrice unlike =
        repricer.price(attempt("fast", first, 5 * (100 * 1000 + 10 * 2000), kNoonUs));
    EXPECT_EQ(unlike.outcome, Outcome::unlike);
    EXPECT_EQ(repricer.price(attempt("one", 12345, 7, kNoonUs)).outcome, Outcome::foreign);
}

TEST(Repricer, margins_are_those_that_the_entry_shows) {
    Repricer repricer(sorted());
    PastAttempt past = attempt("one", card_on("2026-11-05", "one"), 120'000, kNoonUs);
    past.terms.margin = 500'000;
    past.charge = 180'000;
    const NewPrice owed = repricer.price(past);
    EXPECT_EQ(owed.cost, 340'000);
    EXPECT_EQ(owed.charge, 510'000);
    past.charge = 0;  // it lost against another attempt
    EXPECT_EQ(repricer.price(past).cost, 340'000);
    EXPECT_EQ(repricer.price(past).charge, 0);
    past.charge = 170'000;  // made with another margin
    EXPECT_EQ(repricer.price(past).outcome, Outcome::unlike);
}

TEST(Repricer, a_table_of_the_operators_may_have_come_later_than_the_call) {
    const auto bundled = PriceBook({}, "2026-11-27").find("openai", "gpt-4o", {});
    ASSERT_TRUE(bundled);
    Repricer repricer(
        R"({"model":"gpt-4o","from":"2026-01-01","source":"ops","rates":{"text_in":"0.000005","text_out":"0.00001"}})"
        "\n");
    PastAttempt past = attempt("gpt-4o", bundled->id(), 100 * 2500 + 10 * 10'000, kNoonUs);
    past.provider = "openai";
    EXPECT_EQ(repricer.price(past).cost, 100 * 5000 + 10 * 10'000);
}

TEST(Repricer, what_had_no_price_gets_one) {
    Repricer repricer(sorted());
    PastAttempt past = attempt("one", 0, 0, kNoonUs);
    EXPECT_EQ(repricer.price(past).cost, 340'000);
    EXPECT_EQ(repricer.price(past).charge, 340'000);
    past.status = 499;
    EXPECT_EQ(repricer.price(past).charge, 0);
    past.models = {"nobody-knows"};
    EXPECT_EQ(repricer.price(past).outcome, Outcome::unpriced);
    past.models = {"nobody-knows", "one"};
    EXPECT_EQ(repricer.price(past).outcome, Outcome::known);
}

}  // namespace
}  // namespace patchbay::meter
