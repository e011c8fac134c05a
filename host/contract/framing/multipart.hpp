// Bodies of the type multipart/form-data (RFC 7578, RFC 2046 section 5.1).
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/system/result.hpp>

namespace patchbay::http {

/// One part. Views into the body, or into the form where a name had to be decoded.
struct FormPart {
    std::string_view name;
    std::optional<std::string_view> filename;  ///< absent: a plain field
    std::string_view content_type;             ///< as sent; empty if none was
    std::string_view data;
};

struct MultipartForm {
    MultipartForm() = default;
    MultipartForm(MultipartForm&&) = default;
    MultipartForm& operator=(MultipartForm&&) = default;

    std::vector<FormPart> parts;
    std::deque<std::string> decoded;  ///< names that are not as they stand in the body
};

/// Why a body is refused.
struct MultipartError {
    std::size_t offset = 0;  ///< in the body
    std::string text;        ///< a sentence for the client, without the offset
};

inline constexpr std::size_t kMaxFormParts = 1000;
inline constexpr std::size_t kMaxPartHeaderBytes = 16u << 10;  ///< of one part, with line ends

/// The boundary that a Content-Type names, of up to 70 characters; nullopt unless it is
/// multipart/form-data with exactly one.
std::optional<std::string> form_boundary(std::string_view content_type);

/// Cuts `body` into its parts; nothing of it is copied but names with escapes. The views live as
/// long as `body` and the form. Any thread; the time is linear in the body.
///
/// Whatever two readers could take for different things is refused: line ends other than CRLF,
/// folded headers, a delimiter with something behind it, a header or parameter that comes twice, a
/// body without its closing delimiter. A part must be "form-data" with a name; a Content-Transfer-
/// Encoding may only be one that encodes nothing. In quoted strings \" and \\ are decoded and
/// nothing else ("%22", as browsers write a quote, stays). "filename*" (RFC 8187, UTF-8 only) goes
/// before "filename". Preamble and epilogue are ignored; UTF-8 of names is checked.
boost::system::result<MultipartForm, MultipartError> parse_multipart(std::string_view body,
                                                                     std::string_view boundary);

}  // namespace patchbay::http
