// One row of a managed table.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "store/tables.hpp"

namespace patchbay::store {

/// NULL, an integer, a text or bytes.
using Value = std::variant<std::monostate, std::int64_t, std::string>;

/// Owns all that it shows. Times are microseconds since 1970.
struct Row {
    explicit Row(const Table& of) : table(&of), values(of.columns.size()) {}

    const Table* table;
    std::int64_t id = 0;        ///< 0: not in the store yet
    std::int64_t version = 0;   ///< rises with each change
    std::vector<Value> values;  ///< in the order of table->columns
    std::string doc = "{}";     ///< the rest, a JSON object
    std::int64_t created_at = 0, updated_at = 0;
    std::string created_by, updated_by;
    std::optional<std::int64_t> deleted_at;

    const Value& operator[](std::string_view column) const { return values[table->place(column)]; }
    void set(std::string_view column, Value value) {
        values[table->place(column)] = std::move(value);
    }
    bool has(std::string_view column) const { return (*this)[column].index() != 0; }
    /// 0 if it is NULL.
    std::int64_t number(std::string_view column) const {
        const auto* found = std::get_if<std::int64_t>(&(*this)[column]);
        return found == nullptr ? 0 : *found;
    }
    /// Empty if it is NULL.
    std::string text(std::string_view column) const {
        const auto* found = std::get_if<std::string>(&(*this)[column]);
        return found == nullptr ? std::string() : *found;
    }
};

/// Who belongs to a team, an organization or a project.
struct Member {
    Subject kind = Subject::team;
    std::int64_t parent = 0, user = 0;
    std::string role;  ///< "admin" or "user" of a team
    std::optional<std::int64_t> budget;
    std::string doc = "{}";
};

}  // namespace patchbay::store
