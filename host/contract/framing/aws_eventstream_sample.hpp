// Makes AWS event stream messages, for tests and seeds.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <boost/crc.hpp>

namespace patchbay::http {

/// `value` as `bytes` bytes, big endian.
inline std::string big_endian(std::uint64_t value, int bytes) {
    std::string text;
    for (int shift = 8 * (bytes - 1); shift >= 0; shift -= 8) {
        text += static_cast<char>(value >> shift & 0xFF);
    }
    return text;
}

inline std::string crc_field(std::string_view bytes) {
    boost::crc_32_type crc;
    crc.process_bytes(bytes.data(), bytes.size());
    return big_endian(crc.checksum(), 4);
}

/// A header of any type, whose value is given as it is on the wire.
inline std::string aws_header(std::string_view name, int type, std::string_view value = {}) {
    return big_endian(name.size(), 1) + std::string(name) + static_cast<char>(type) +
           std::string(value);
}

inline std::string aws_text(std::string_view name, std::string_view value) {
    return aws_header(name, 7, big_endian(value.size(), 2) + std::string(value));
}

/// A message with right lengths and CRCs.
inline std::string aws_message(std::string_view headers, std::string_view payload) {
    std::string message = big_endian(16 + headers.size() + payload.size(), 4);
    message += big_endian(headers.size(), 4);
    message += crc_field(message);
    message += headers;
    message += payload;
    return message + crc_field(message);
}

}  // namespace patchbay::http
