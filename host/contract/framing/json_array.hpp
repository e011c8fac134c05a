// A JSON array whose elements come one after the other: what some APIs call a stream.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "contract/framing/decoder.hpp"

namespace patchbay::http {

/// A frame per element of the top-level array: `data` is its text without white space around it. A
/// BOM and white space before the array are skipped, and white space after it. An element is given
/// when its last byte has come (a number, true, false or null: when the byte behind it has).
///
/// Checked is the grammar of RFC 8259, of every element before it is given, and of the array
/// around; UTF-8 is not. What is not a JSON array, or is followed by more, is `malformed`.
/// `too_large`: an element of more than `max_frame` bytes, or one nested deeper than kMaxJsonDepth.
/// `cut`: the body ended before the array did, or was empty.
class JsonArrayDecoder final : public Decoder {
  public:
    explicit JsonArrayDecoder(std::size_t max_frame = kDefaultMaxFrame) : max_frame_(max_frame) {}
    DecodeStatus push(std::string_view bytes, std::vector<Frame>& frames) override;
    DecodeStatus finish(std::vector<Frame>& frames) override;

  private:
    enum class At : unsigned char { bom, array, first, element, comma, next, end };
    /// Of the element under way, up to where it was looked at.
    enum class In : unsigned char { nothing, scalar, container, string, escape };

    std::size_t take_outside(std::string_view bytes, std::size_t at);
    std::size_t take_element(std::string_view bytes, std::size_t at, std::vector<Frame>& frames);
    const char* walk(const char* at, const char* end);
    void give(std::string_view element, std::vector<Frame>& frames);
    std::size_t wrong(std::size_t offset, std::string_view what);

    std::size_t max_frame_;
    std::uint64_t offset_ = 0;   // of the current push in the body
    std::uint64_t element_ = 0;  // of the element under way, or of the last one
    std::size_t depth_ = 0;      // brackets open in the element
    At state_ = At::bom;
    In in_ = In::nothing;
    bool whole_ = false;          // the element's last byte was found
    unsigned char bom_seen_ = 0;  // bytes of it
    std::string pending_;         // start of an element whose end has not come
    std::string done_;            // the element that was completed by the current push
};

}  // namespace patchbay::http
