// What a provider says of a failure: its own words, and nothing that it repeats of the request.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/json/fwd.hpp>

namespace patchbay::shared {

/// The error object of an answer, however it is wrapped.
struct ErrorText {
    bool error_member = false;  ///< the document has an "error" (or "errors") that says something
    std::string message;        ///< empty if there is none
    std::string type;
    std::string code;
    std::string param;
    /// An HTTP status that the error itself states (code, status, status_code; a number or its
    /// text), 400 to 599; else 0.
    int status = 0;
    /// What may be searched for words: the message in lower case, without what stands in quotes,
    /// as that is the request's. Holds also the message of an error that is wrapped in this one.
    std::string words;
    /// type, code and the like in lower case, of this error and of one that is wrapped in it: the
    /// most telling first.
    std::vector<std::string> names;
};

/// False for null, false, 0, "", [], and an object of such members: an "error" that is so is none.
bool says_something(const boost::json::value& value);

/// Reads OpenAI's error object and what is used in its place: {"error": {...}}, {"error": "text"},
/// {"errors": [...]}, {"message": ...}, {"detail": "text" or a list of {"msg": ...}},
/// {"object": "error", ...}, a list of one of these, base_resp; the code of Azure's `innererror`; an error of the provider's own
/// provider in `metadata.raw` or as JSON inside of the message. A body of plain text is its own
/// message; a page of HTML and a document that cannot be read have no words. Any bytes are safe;
/// looks at the first 64 KiB.
ErrorText read_error(std::string_view body);

}  // namespace patchbay::shared
