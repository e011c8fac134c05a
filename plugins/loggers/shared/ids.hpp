// Ids that a sink sees. They depend on the record's id alone, so that a record that comes again is
// the same thing to the sink.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace patchbay::sink {

/// `id` in lower case if it is a UUID; else a UUID made of its SHA-256 (version 8, RFC 9562).
std::string uuid_of(std::string_view id);

/// The first `bytes` (1 to 32) of the SHA-256 of `seed`, as lower-case hexadecimal digits.
std::string hex_of(std::string_view seed, std::size_t bytes);

/// `bytes` in base64 (RFC 4648, with padding).
std::string base64(std::string_view bytes);

}  // namespace patchbay::sink
