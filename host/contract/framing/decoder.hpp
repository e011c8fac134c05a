// Framing: cuts a response body, however it was split on its way, into whole frames.
//
// The decoders give the same frames and the same end for every split of the same bytes; that is
// tested for every split of every sample.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "contract/http/header.hpp"

namespace patchbay::http {

/// Bytes of one frame, if nothing else is said.
inline constexpr std::size_t kDefaultMaxFrame = 16u << 20;

/// One frame. The views live until the next call of push() or finish() on the decoder, and as long
/// as the bytes that were pushed.
struct Frame {
    std::string_view event{};  ///< its name, empty if none
    std::string_view id{};     ///< SSE last event id
    std::string_view data{};
    std::span<const Header> headers{};  ///< of an AWS message
    bool whole = false;  ///< the body is this one JSON document, where events were asked for
};

enum class DecodeStatus {
    ok,
    too_large,  ///< a frame over a limit
    malformed,  ///< bytes that are not of this framing
    cut,        ///< finish(): bytes of an incomplete frame were left
};

/// Decodes one body. Used by one thread at a time. After the first status that is not `ok` a
/// decoder is of no more use and says the same again.
class Decoder {
  public:
    Decoder() = default;
    virtual ~Decoder() = default;

    /// Appends to `frames` what became whole with `bytes`. Views may point into `bytes`. Frames
    /// before one that is too large or malformed are appended too.
    virtual DecodeStatus push(std::string_view bytes, std::vector<Frame>& frames) = 0;
    /// The body has ended; appends the frame that was ended by that.
    virtual DecodeStatus finish(std::vector<Frame>& frames) = 0;
    /// What is wrong and where, for logs; empty while all is well.
    const std::string& what() const { return what_; }

  protected:
    Decoder(Decoder&&) = default;
    Decoder& operator=(Decoder&&) = default;

    DecodeStatus status() const { return status_; }
    DecodeStatus fail(DecodeStatus status, std::string what) {
        status_ = status;
        what_ = std::move(what);
        return status;
    }

  private:
    DecodeStatus status_ = DecodeStatus::ok;
    std::string what_;
};

}  // namespace patchbay::http
