// Which strings of a request or an answer are structure, and so no texts.
//
// The rule stands the other way round: everything is a text that is not known to be structure, and
// what is known is a name together with the form of its value. An `id` with blanks in it is prose
// under another name and is looked at, and so is data in base64 where no data belongs.
#pragma once

#include <string>
#include <string_view>

namespace patchbay::guard {

enum class Side { request, answer };

/// True if the string `text` of the member `name` (or in an array of that name) is an id, a role, a
/// type, a word of the API or data, and nothing that people or models wrote.
bool is_structure(Side side, std::string_view name, std::string_view text);

/// What can be done about a text that a guardrail wants changed.
enum class Change {
    free,   ///< it is replaced
    label,  ///< replaced, in letters that names of participants may have
    none,   ///< nothing: a name that others refer to; the request ends
};

/// For the string of a request's member `name`, but for names of participants.
Change change_of(std::string_view name);

/// `text` as the name of a participant: '_' for all but letters, digits, '_' and '-', at most 64
/// bytes (OpenAI's rule for `messages[].name`).
std::string as_label(std::string_view text);

/// How the names of an object's members are chosen, by the member that holds the object.
enum class Naming {
    api,       ///< by the API: the names are words of it
    client,    ///< by the client, and the values are of the API again: properties of a schema
    anything,  ///< by the client, all the way down: an example, a default, arguments
};

/// For the object in member `name` of an object with names of the API, or of anything below one.
Naming naming_below(std::string_view name);

/// True for a name that could be a word of an API. Others are shown to guardrails.
bool is_plain_name(std::string_view name);

}  // namespace patchbay::guard
