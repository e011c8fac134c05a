// The texts of a whole request or answer, found in its bytes.
//
// No tree is made: a text is a place in the document, so what a guardrail leaves alone stays byte
// for byte as it was, and members that come twice are all looked at, whichever of them a provider
// takes. One pass; strings are decoded once. Tested by document_texts_test.cpp.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "contract/error.hpp"
#include "contract/texts/structure.hpp"

namespace patchbay::guard {

enum class DocumentKind {
    request,         ///< what will be sent: without the members meant for the gateway
    logged_request,  ///< what a log will show: with them
    answer,
};

/// One text, as characters.
struct DocumentText {
    std::string path;       ///< RFC 6901; of the object for the names of its members
    std::string role;       ///< system, user, assistant, tool; "" if nobody's in particular
    std::string copy;       ///< UTF-8; halves of pairs as U+FFFD, escapes in arguments resolved
    std::size_t begin = 0;  ///< of the string in the document, its quotes included;
    std::size_t end = 0;    ///< the same as `begin` if there is no one string
    Change change = Change::free;
};

/// A place whose value spells out texts of the answer again.
struct Probabilities {
    std::size_t begin = 0;
    std::size_t end = 0;
};

struct DocumentTexts {
    std::vector<DocumentText> texts;
    std::vector<Probabilities> logprobs;  ///< of an answer's choices
};

/// Of a request: every string that is not structure, wherever it stands, and the names that the
/// client gave to members (of schemas, of examples), one text for each object. Of an answer: all
/// strings of `choices[].message` (or `.text`) that are not structure. An error says why the
/// document cannot be read, and where.
Result<DocumentTexts> find_texts(std::string_view document, DocumentKind kind);

}  // namespace patchbay::guard
