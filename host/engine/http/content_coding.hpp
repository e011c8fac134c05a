// Decodes compressed bodies (RFC 9110, 8.4.1): gzip, deflate, zstd.
//
// A few bytes can stand for gigabytes, so a decoder makes what its caller has room and time for,
// and goes on when it is asked again; what it is given it takes only as far as it got.
// "deflate" is zlib's format (RFC 1950); clients that send the bare stream (RFC 1951) are
// understood, as by all browsers. A body of several gzip members or zstd frames is their
// concatenation. Behind the end nothing may come.
//
// Tested by content_coding_test.cpp.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace patchbay::http {

/// What Content-Encoding says of a body.
enum class ContentCoding { identity, gzip, deflate, zstd, unsupported };

/// For the value of the header, or of all such headers joined by commas: names in any case,
/// "x-gzip" too, "identity" counts for nothing. More than one coding is unsupported.
ContentCoding content_coding(std::string_view header);

/// "gzip"; empty for unsupported.
std::string_view coding_name(ContentCoding coding);

/// The codings that are decoded, as an Accept-Encoding header says them.
inline constexpr std::string_view kAcceptedCodings = "gzip, deflate, zstd";

/// One body. Of use until it has failed or was finished.
class ContentDecoder {
  public:
    enum class Status { ok, broken };

    virtual ~ContentDecoder() = default;
    /// nullptr for identity and unsupported. Throws bad_alloc.
    static std::unique_ptr<ContentDecoder> make(ContentCoding coding);

    /// Decodes from the front of `in`, which it shortens, into `out`; `made` tells how much of it
    /// is filled. ok with bytes left in `in` means that `out` is full. A full `out` may mean that
    /// more is to come even though nothing is left of `in`: ask again with an empty one.
    virtual Status decode(std::string_view& in, std::span<char> out, std::size_t& made) = 0;
    /// After the last byte of the body was taken: was it whole?
    virtual bool complete() const = 0;
};

}  // namespace patchbay::http
