// What SQLite and PostgreSQL write differently. All other SQL is one text for both: places are `?` or `?N`, and names
// that PostgreSQL reserves are quoted ("user").
#pragma once

#include <array>
#include <string>
#include <string_view>

namespace patchbay::store {

struct Dialect {
    struct Word {
        std::string_view word, means;
    };
    /// What the words of schemas are (in_words_of).
    std::array<Word, 7> words;
    /// A function: where a text begins in another, from 1 on; 0 = nowhere.
    std::string_view position;
    /// The texts of a JSON list, which is bound, as rows.
    std::string_view texts_of_list;
    /// Begins an INSERT whose failure is the transaction's, as each one's is in PostgreSQL. SQLite else copies every
    /// page before it changes, into a file, to take back a statement of several rows alone.
    std::string_view insert_or_end;
    /// Entries of the ledger are partitioned by day: the partition must be there before they are.
    bool partitioned = false;
    /// Entries have the number of their origin, by which they are found (origins.hpp).
    bool origins = false;
};

extern const Dialect kSqliteDialect, kPostgresDialect;

/// A schema with its words replaced; what stands in quotation marks stays.
std::string in_words_of(const Dialect& dialect, std::string_view schema);

}  // namespace patchbay::store
