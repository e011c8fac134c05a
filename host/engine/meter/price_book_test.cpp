#include "engine/meter/price_book.hpp"

#include <gtest/gtest.h>

#include "engine/meter/price_import.hpp"
#include "engine/meter/price_row.hpp"

namespace patchbay::meter {
namespace {

std::string line(std::string_view model, std::string_view from, std::string_view price) {
    return "{\"model\":\"" + std::string(model) + "\",\"from\":\"" + std::string(from) +
           "\",\"source\":\"test\",\"rates\":{\"text_in\":\"" + std::string(price) + "\"}}\n";
}

std::string price_of(const std::shared_ptr<const RateCard>& card) {
    if (!card) return "none";
    const Rate* rate = card->standard(Dimension::text_in);
    return rate ? std::string(DecimalText(rate->rate, kAttoPlaces).view()) : "no rate";
}

TEST(PriceBook, nothing_is_wrong_with_the_table_in_the_binary) {
    EXPECT_EQ(table_fault(embedded_prices()), "");
    EXPECT_GT(embedded_prices().size(), 500'000u);
}

TEST(PriceBook, every_line_is_found_by_its_model_on_its_day) {
    std::string_view rest = embedded_prices();
    std::size_t lines = 0;
    while (!rest.empty()) {
        const std::string_view one = rest.substr(0, rest.find('\n'));
        rest.remove_prefix(one.size() + 1);
        const RowKey key = key_of(one);
        ASSERT_EQ(find_price(embedded_prices(), key.model, key.from), one);
        ++lines;
    }
    EXPECT_GT(lines, 4000u);
}

TEST(PriceBook, the_newest_price_that_holds_on_a_day_is_taken) {
    const std::string table = line("a", "2026-01-01", "1") + line("b", "2026-01-01", "2") +
                              line("B", "2026-06-01", "3") + line("c", "2026-03-01", "4");
    EXPECT_EQ(table_fault(table), "");
    struct Row {
        std::string_view model, day, expected;
    };
    for (const Row& row :
         {Row{"a", "2026-01-01", "1"}, Row{"a", "2030-01-01", "1"}, Row{"a", "2025-12-31", ""},
          Row{"b", "2026-05-31", "2"}, Row{"b", "2026-06-01", "3"}, Row{"B", "2026-05-31", "2"},
          Row{"c", "2026-02-28", ""}, Row{"c", "2026-03-01", "4"}, Row{"aa", "2026-06-01", ""},
          Row{"d", "2026-06-01", ""}, Row{"", "2026-06-01", ""}}) {
        std::string what;
        const auto found = find_price(table, row.model, row.day);
        const auto read = found.empty() ? std::nullopt : read_row(found, what);
        const std::string price = read ? price_of(make_card(read->terms)) : "";
        EXPECT_EQ(price, row.expected) << row.model << " " << row.day;
    }
    EXPECT_EQ(find_price("", "a", "2026-01-01"), "");
}

TEST(PriceBook, a_table_that_cannot_be_searched_is_refused_with_its_line) {
    struct Row {
        std::string table, expected;
    };
    const std::string good = line("b", "2026-01-01", "1");
    for (const Row& row : {
             Row{good + line("a", "2026-01-01", "1"), "line 2: it must stand before 'b'"},
             Row{good + good, "line 2: it must stand before 'b'"},
             Row{good + "nonsense\n", "line 2: this is no JSON object"},
             Row{line("b", "yesterday", "1"), "line 1: `from`"},
             Row{line("b", "2026-01-01", "-1"), "line 1: `rates`"},
             Row{"{\"from\":\"2026-01-01\",\"model\":\"a\"}\n", "line 1: `model` and `from` must"},
             Row{"{\"model\":\"a\",\"from\":\"2026-01-01\",\"smell\":1}\n", "line 1: `smell`"},
         }) {
        EXPECT_EQ(table_fault(row.table).substr(0, row.expected.size()), row.expected) << row.table;
    }
}

TEST(PriceBook, an_operators_prices_go_before_those_of_the_program) {
    const PriceBook book(
        line("gpt-4o", "2026-01-01", "7") + line("openai/gpt-4o-mini", "2026-01-01", "8"),
        "2026-11-27");
    EXPECT_EQ(price_of(book.find("openai", "gpt-4o", "")), "7");
    EXPECT_EQ(price_of(book.find("openai", "gpt-4o-mini", "")), "8");
    EXPECT_EQ(price_of(book.find("openai", "gpt-5.6", "")), "0.000004");
    EXPECT_EQ(price_of(book.find("openai", "no-such-model", "")), "none");
    const PriceBook later(line("gpt-4o", "2026-12-01", "7"), "2026-11-27");
    EXPECT_EQ(price_of(later.find("openai", "gpt-4o", "")), "0.0000025");
}

TEST(PriceBook, names_are_found_as_in_the_catalogue_and_by_region) {
    const PriceBook book("", "2026-11-27");
    EXPECT_EQ(price_of(book.find("anthropic", "claude-sonnet-4-5", "")), "0.000003");
    EXPECT_EQ(price_of(book.find("openai", "responses/gpt-4o", "")), "0.0000025");
    EXPECT_NE(book.find("bedrock", "anthropic.claude-instant-v1", "us-east-1")->id(),
              book.find("bedrock", "anthropic.claude-instant-v1", "ap-northeast-1")->id());
    EXPECT_EQ(book.find("openai", "gpt-4o", "")->id(), book.find("openai", "gpt-4o", "mars")->id());
}

TEST(PriceImport, tells_what_it_takes_and_what_not) {
    PriceMap map;
    ASSERT_TRUE(read_price_map(
        R"({"sample_spec":{"input_cost_per_token":1},
            "a":{"input_cost_per_token":1e-6,"mode":"chat","input_cost_per_smell":1,"colour":2},
            "b":{"alias_of":"c"},"c":{"alias_of":"a"},"d":{"mode":"chat"},"loop":{"alias_of":"loop"},
            "e":{"input_cost_per_token":"dear","output_cost_per_token":5.0000000000000004e-08},
            "f":7,"fw":{"litellm_provider":"fireworks_ai","input_cost_per_token":4e-07}})",
        map));
    EXPECT_EQ(map.models.size(), 5u);
    EXPECT_EQ(map.models.at("b"), map.models.at("a"));
    EXPECT_EQ(map.without_price, 2u);
    EXPECT_EQ(map.unknown_prices,
              (std::map<std::string, std::size_t>{{"input_cost_per_smell", 1}}));
    EXPECT_EQ(map.unknown, (std::map<std::string, std::size_t>{{"colour", 1}}));
    EXPECT_EQ(map.refused, (std::vector<std::string>{"e: input_cost_per_token: \"dear\"",
                                                     "f: no entry of a model"}));
    EXPECT_EQ(map.rounded, std::vector<std::string>{"e: output_cost_per_token"});
    EXPECT_EQ(write_terms(map.models.at("fw")),
              R"("rates":{"text_in":"0.0000004","cached_in":"0.0000002"})");
    PriceMap broken;
    EXPECT_FALSE(read_price_map("[]", broken));
    EXPECT_FALSE(read_price_map(R"({"a":{"input_cost_per_token":1})", broken));
}

TEST(PriceImport, writes_only_lines_that_differ_and_keeps_those_of_the_past) {
    PriceMap map;
    ASSERT_TRUE(
        read_price_map(R"({"same":{"input_cost_per_token":1},"dearer":{"input_cost_per_token":3},
                                   "new":{"input_cost_per_token":5}})",
                       map));
    const std::string before = line("dearer", "2026-01-01", "2") + line("gone", "2026-01-01", "1") +
                               line("same", "2026-01-01", "1");
    const PriceDiff diff = merge_prices(before, map, "2026-06-01", "test");
    EXPECT_EQ(diff.added, std::vector<std::string>{"new"});
    ASSERT_EQ(diff.changed.size(), 1u);
    EXPECT_EQ(diff.changed[0].model, "dearer");
    EXPECT_EQ(diff.changed[0].rate, "text_in");
    EXPECT_DOUBLE_EQ(diff.changed[0].percent, 50);
    EXPECT_EQ(diff.gone, std::vector<std::string>{"gone"});
    EXPECT_EQ(diff.same, 1u);
    EXPECT_EQ(diff.table, line("dearer", "2026-01-01", "2") + line("dearer", "2026-06-01", "3") +
                              line("gone", "2026-01-01", "1") + line("new", "2026-06-01", "5") +
                              line("same", "2026-01-01", "1"));
    EXPECT_EQ(table_fault(diff.table), "");
    const PriceDiff again = merge_prices(diff.table, map, "2026-06-02", "test");
    EXPECT_EQ(again.table, diff.table);
    EXPECT_EQ(again.same, 3u);
}

}  // namespace
}  // namespace patchbay::meter
