// A row of LiteLLM's database, read.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>

namespace patchbay::control {

/// Views into the row, which outlives it.
class LitellmRow {
  public:
    explicit LitellmRow(boost::json::object columns) : columns_(std::move(columns)) {}

    /// As management requests have it: JSON that stands in a text is JSON, as older versions wrote it.
    boost::json::object& columns() { return columns_; }
    const boost::json::object& columns() const { return columns_; }

    bool has(std::string_view column) const;
    /// Empty where there is none.
    std::string text(std::string_view column) const;
    /// Microseconds since 1970.
    std::optional<std::int64_t> time(std::string_view column) const;
    /// Nano-dollars, 0 where there are none or fewer.
    std::int64_t money(std::string_view column) const;
    /// Takes a column away and gives it; null where there is none.
    boost::json::value take(std::string_view column);

  private:
    boost::json::object columns_;
};

/// Null, false, 0 and what has no members: LiteLLM's ways to say that nothing was set.
bool says_nothing(const boost::json::value& value);

/// The row's JSON; nullopt if it is none.
std::optional<LitellmRow> read_litellm_row(std::string_view json);

}  // namespace patchbay::control
