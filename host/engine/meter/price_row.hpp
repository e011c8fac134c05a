// A line of the price table: the prices of one model from a day on.
//
//   {"model":"gpt-4o","from":"2026-11-27","source":"litellm","rates":{"text_in":"0.0000025",
//    "text_in@priority":"0.00000425","text_in>200000":"0.000005"},"multipliers":{"eu":"1.1"}}
//
// Rates are dollars for DimensionRow::divisor units, as decimal texts. A name is that of a dimension, with
// `>N` for prompts of more than N tokens and `@tier` behind it. A table is such lines in the order of their
// models (ASCII letters without regard to case) and days, so that a model is found by halving the
// text. A line is never changed: prices that hold from another day are another line.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "engine/meter/rate_card.hpp"

namespace patchbay::meter {

struct PriceRow {
    std::string model;
    std::string from;  ///< "2026-11-27", UTC
    std::string source;
    CardTerms terms;
};

/// A date as it stands in a row: ten characters, months 01 to 12, days 01 to 31.
bool is_day(std::string_view text);
/// The day in UTC of a time in microseconds since 1970; from year 0 to 9999.
std::string day_of(std::int64_t unix_us);

/// The line, without its end. Names of models hold no quotes, backslashes or control characters.
std::string write_row(const PriceRow& row);
/// The members of the line that are prices: what two rows are compared by, and a card is named by.
std::string write_terms(const CardTerms& terms);

/// nullopt if the text is no row; `what` then says why, for people.
std::optional<PriceRow> read_row(std::string_view line, std::string& what);

/// A name of the price table, "text_in>200000@priority". nullopt if it is none. `rate` is 0.
std::optional<Rate> read_rate_name(std::string_view name);
std::string rate_name(const Rate& rate);

/// The first two members of a row, without looking at the rest; empty if they are not there.
struct RowKey {
    std::string_view model;
    std::string_view from;
};
RowKey key_of(std::string_view line);

/// The order of a table: below 0 if a's line stands before b's.
int compare_keys(RowKey a, RowKey b);

}  // namespace patchbay::meter
