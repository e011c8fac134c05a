// AWS event streams ("application/vnd.amazon.eventstream"): binary messages with typed headers.
//
//     u32 bytes of all | u32 bytes of headers | u32 CRC of these 8 bytes
//     headers: u8 n, n bytes name, u8 type, value
//     payload
//     u32 CRC of everything before
//
// Numbers are big endian, CRCs are CRC-32 as in gzip.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory_resource>
#include <string>
#include <string_view>
#include <vector>

#include <boost/crc.hpp>

#include "contract/framing/decoder.hpp"

namespace patchbay::http {

/// A frame per message: `data` is the payload, `headers` are all headers in their order with their
/// values as text (bool "true" and "false"; whole numbers in decimal; a timestamp in milliseconds
/// since 1970, in decimal; a UUID in its canonical form, in lower case; byte arrays and strings as
/// they are, UTF-8 is not checked), `event` is the first ":event-type", else the first
/// ":exception-type".
///
/// `malformed`: a CRC that is wrong, lengths that contradict each other, a header of an unknown
/// type, without a name, or larger than what is left. `too_large`: more than `max_frame` bytes of
/// message, or more than kMaxHeaderBytes of headers. `cut`: the body ended inside a message.
class AwsEventStreamDecoder final : public Decoder {
  public:
    static constexpr std::size_t kMaxHeaderBytes = 128u << 10;

    explicit AwsEventStreamDecoder(std::size_t max_frame = kDefaultMaxFrame)
        : max_frame_(max_frame) {}
    DecodeStatus push(std::string_view bytes, std::vector<Frame>& frames) override;
    DecodeStatus finish(std::vector<Frame>& frames) override;

  private:
    bool collect(std::string_view& bytes, std::size_t size, std::size_t counted);
    void take_prelude(std::string_view prelude);
    void take_message(std::string_view message, std::vector<Frame>& frames);
    bool take_headers(std::string_view bytes, std::vector<Header>& headers);
    std::string_view keep(std::string_view text);
    DecodeStatus wrong(DecodeStatus status, std::string_view what);

    std::size_t max_frame_;
    std::uint64_t begin_ = 0;       // offset in the body of the message under way
    std::size_t total_ = 0;         // its size; 0 = the prelude has not come
    std::size_t header_bytes_ = 0;  // of its headers
    std::string pending_;           // of a message that began in an earlier push
    boost::crc_32_type crc_;        // of pending_, as far as it counts
    std::string done_;              // the message that was completed by the current push
    // Header lists and texts of the frames of the current push.
    std::array<std::byte, 4096> first_block_;
    std::pmr::monotonic_buffer_resource arena_{first_block_.data(), first_block_.size()};
    std::vector<Header> headers_;  // of the message in hand
};

}  // namespace patchbay::http
