// What the gateway must know of a request before it is routed: one walk over the body, no tree.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include <boost/container/small_vector.hpp>

#include "contract/error.hpp"
#include "patchbay/provider.h"

namespace patchbay {

/// The facts of one request. The members and raw views point into the body that was scanned,
/// which must stay in place as long as they are used. Where a name occurs twice, both are in
/// `members` and the last one counts, as in Python's json.
struct RequestScan {
    /// The top-level members in the body's order; no allocation up to 10 of them.
    boost::container::small_vector<bay_member, 10> members;

    /// The decoded value of "model", never empty.
    std::string_view model() const { return model_decoded.empty() ? model_raw : model_decoded; }
    std::size_t model_off = 0;  ///< of the value's opening quote in the body
    std::size_t model_len = 0;  ///< with both quotes

    std::string_view content;    ///< raw text of what the model is asked
    bool stream = false;         ///< "stream"; null counts as false
    bool include_usage = false;  ///< "stream_options"."include_usage"; null counts as false

    std::string_view model_raw;  ///< between the quotes
    std::string model_decoded;   ///< empty if model_raw holds no escapes
};

/// More top-level members than any API has; what walks them may then be simple.
inline constexpr std::size_t kMaxMembers = 512;

/// What the body of an operation must hold besides "model".
struct RequestForm {
    std::string_view content;  ///< the name of what the model is asked
    bool list = false;         ///< it is an array
    bool streams = false;      ///< "stream" and "stream_options" mean something
    bool optional = false;     ///< there may be none
};
inline constexpr RequestForm kMessagesForm{.content = "messages", .list = true, .streams = true};
inline constexpr RequestForm kMessagesOnceForm{.content = "messages", .list = true};
inline constexpr RequestForm kContentsForm{.content = "contents", .list = true};
inline constexpr RequestForm kInputForm{.content = "input"};
inline constexpr RequestForm kPromptStreamForm{.content = "prompt", .streams = true};
inline constexpr RequestForm kResponsesForm{.content = "input", .streams = true, .optional = true};
inline constexpr RequestForm kQueryForm{.content = "query"};

/// Checks the whole body (RFC 8259, UTF-8, nesting up to kMaxJsonDepth; no byte order mark) and
/// that it is an object with "model" (a non-empty string) and the content, unless that is optional; where there are streams,
/// that "stream" is a boolean or null, and that "stream_options" is an object or null and its
/// "include_usage" a boolean or null; and that there are no more than kMaxMembers members.
/// Everything else is left to the provider. `body` needs no padding and no terminator. Any thread; allocates only for errors,
/// for more members than RequestScan holds in place and for escapes in names and in the model.
///
/// Failures are ErrorClass::bad_request with a message for the client; `param` names the member,
/// and is empty if the body is not JSON (the message names the byte). `code` is "invalid_json",
/// "missing_required_parameter", "invalid_type" or "invalid_value".
Result<RequestScan> scan_request(std::string_view body, const RequestForm& form);

}  // namespace patchbay
