// Values of rows into the places of a statement, and a number out of it.
#pragma once

#include <span>
#include <string_view>

#include "store/database.hpp"
#include "store/row.hpp"

namespace patchbay::store {

inline std::span<const std::uint8_t> bytes_of(std::string_view text) {
    return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

/// The number in the first column; 0 without a row. The statement is ready to be bound anew.
inline Stored<std::int64_t> number_of(Statement& statement) {
    const auto row = statement.step();
    const std::int64_t number = row && *row ? statement.number(0) : 0;
    statement.reset();
    if (!row) return row.error();
    return number;
}

/// Binds `value`, which must stay as it is until the statement's next reset(); NULL for none.
inline void bind_value(Statement& statement, int place, const Value& value, ColumnType type) {
    if (const auto* number = std::get_if<std::int64_t>(&value)) statement.bind(place, *number);
    if (const auto* text = std::get_if<std::string>(&value)) {
        if (type == ColumnType::bytes) {
            statement.bind(place, bytes_of(*text));
        } else {
            statement.bind(place, std::string_view(*text));
        }
    }
}

}  // namespace patchbay::store
