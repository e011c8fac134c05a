// Attributes of OTLP's JSON: a list of {"key", "value": {"stringValue": ...}}.
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/value.hpp>

namespace patchbay::otel {

/// Builds a list of attributes. What is empty or null is left out.
class Attributes {
  public:
    void text(std::string_view key, std::string_view value);
    void integer(std::string_view key, std::int64_t value);
    void texts(std::string_view key, const boost::json::array& values);
    /// A text, number or boolean as what it is; anything else as a text of JSON.
    void any(std::string_view key, const boost::json::value& value);
    /// As a text of JSON.
    void json(std::string_view key, const boost::json::value& value);
    boost::json::array take() { return std::move(list_); }

  private:
    void add(std::string_view key, const char* type, boost::json::value value);
    boost::json::array list_;
};

}  // namespace patchbay::otel
