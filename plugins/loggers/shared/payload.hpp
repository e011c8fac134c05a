// Reading a record's payload: LiteLLM's StandardLoggingPayload, of which any member may be missing
// (standard_logging_payload_excluded_fields) or null.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/object.hpp>
#include <boost/json/value.hpp>

#include "patchbay/sdk/records.hpp"

namespace patchbay::sink {

/// One record of a batch, parsed.
struct Record {
    std::uint32_t index = 0;  ///< in the batch
    std::string id;
    bool failed = false;
    double started = 0;  ///< seconds since 1970
    double ended = 0;    ///< the same; not before `started`
    boost::json::object payload;
};

/// Nothing, and a log line with the record's id, if its text is no JSON object.
std::optional<Record> read_record(const bay::Records& records, std::uint64_t index);

/// Any JSON text, as deeply nested as a payload may be; nothing if it is none.
std::optional<boost::json::value> parse(std::string_view text);

/// A member, or null. Of a value that is no object: null.
const boost::json::value& member(const boost::json::object& object, std::string_view name);
const boost::json::value& member(const boost::json::value& value, std::string_view name);
/// A member's text, or an empty view; a view into the object.
std::string_view text(const boost::json::object& object, std::string_view name);
std::string_view text(const boost::json::value& value, std::string_view name);
/// A member that is a number; nothing if it is not.
std::optional<double> number(const boost::json::object& object, std::string_view name);

/// The request's `metadata` (or `litellm_metadata`), an empty object if there was none.
const boost::json::object& requester_metadata(const boost::json::object& payload);
/// The deployment's model without the provider's prefix: "gpt-4o" of "openai/gpt-4o".
std::string model_of(const boost::json::object& payload);
/// The first choice's message, all of them as an array if there are several, else the response as
/// it stands; null for a request without an answer.
boost::json::value output_of(const boost::json::object& payload);
/// What the error was, for a record that failed; may be empty.
std::string_view error_text(const boost::json::object& payload);

/// Without members that are null.
boost::json::object without_nulls(const boost::json::object& object);

}  // namespace patchbay::sink
