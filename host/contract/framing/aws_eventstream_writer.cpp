// Tested by aws_eventstream_writer_test.cpp.
#include "contract/framing/aws_eventstream_writer.hpp"

#include <cstdint>

#include <boost/crc.hpp>
#include <boost/endian/conversion.hpp>

namespace patchbay::http {

namespace {

constexpr std::size_t kLengths = 8;
constexpr std::size_t kPrelude = 12;  // the lengths and their CRC
constexpr char kString = 7;           // the type of a header's value

void store_u32(std::size_t value, std::string& to, std::size_t at) {
    boost::endian::store_big_u32(reinterpret_cast<unsigned char*>(to.data()) + at,
                                 static_cast<std::uint32_t>(value));
}

std::uint32_t crc_from(const std::string& text, std::size_t begin, std::size_t size) {
    boost::crc_32_type crc;
    crc.process_bytes(text.data() + begin, size);
    return crc.checksum();
}

}  // namespace

AwsMessage::AwsMessage(std::string& to) : to_(to), begin_(to.size()) {
    to_.append(kPrelude, '\0');
}

void AwsMessage::header(std::string_view name, std::string_view value) {
    to_ += static_cast<char>(name.size());
    to_.append(name);
    to_ += kString;
    to_ += static_cast<char>(value.size() >> 8);
    to_ += static_cast<char>(value.size() & 0xff);
    to_.append(value);
}

void AwsMessage::begin_payload() {
    header_bytes_ = to_.size() - begin_ - kPrelude;
}

void AwsMessage::end() {
    const std::size_t size = to_.size() - begin_;
    to_.append(4, '\0');
    store_u32(size + 4, to_, begin_);
    store_u32(header_bytes_, to_, begin_ + 4);
    store_u32(crc_from(to_, begin_, kLengths), to_, begin_ + kLengths);
    store_u32(crc_from(to_, begin_, size), to_, begin_ + size);
}

}  // namespace patchbay::http
