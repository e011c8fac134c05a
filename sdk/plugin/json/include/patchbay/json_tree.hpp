// Trees of all JSON that there is, and back.
//
// Boost.JSON's parser refuses a half of a surrogate pair ("\ud83d"), which is well-formed JSON
// (RFC 8259, section 8.2) and common where strings are cut between the halves, and rounds numbers
// that a double cannot hold. Whoever takes what it refuses for empty loses a text; whoever writes
// what it rounded changes an id. This reader takes every text that the grammar allows into a
// boost::json::value, and the writer gives all of it back:
//
//   half a pair        three bytes in the string, as UTF-8 would write the code point (WTF-8). Two
//                      halves that meet are one character again.
//   a number           stays text where a plain number would not say the same: digits that neither
//                      64 bits nor a double hold, an exponent as people wrote it (1e3), -0.
//   repeated members   the last one wins, and the reader says that there were some.
//
// Whatever holds a tree of this reader writes it with this writer: boost::json::serialize() knows
// neither halves nor number texts. C++17, no state, any thread. Tested by json_tree_test.cpp and
// tests/fuzz/json_tree_fuzz.cpp.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include <boost/json/storage_ptr.hpp>
#include <boost/json/value.hpp>

namespace patchbay::json_tree {

/// Nesting that is read: more than the gateway takes from clients (512 for each member of a
/// request), for what is put around that.
inline constexpr unsigned kMaxDepth = 700;

/// A text that was read, or why it was not.
struct Tree {
    boost::json::value value;             ///< null if the text was refused
    const char* what = nullptr;           ///< what is wrong, for people; nullptr if nothing is
    std::size_t at = 0;                   ///< where in the text, in bytes
    std::optional<std::string> repeated;  ///< name of the first member that came again, if one did

    explicit operator bool() const { return what == nullptr; }
    /// "a value expected at byte 17"; empty if the text was read.
    std::string error() const;
};

/// Reads one whole JSON text in UTF-8; everything in the tree uses `storage`.
Tree read(std::string_view text, boost::json::storage_ptr storage = {});

/// JSON text of `value`, in UTF-8 and without white space; numbers in the form people write (0.7,
/// not 7E-1). A double that JSON cannot hold becomes null.
std::string write(const boost::json::value& value);
/// The same, behind what is in `out`.
void append(const boost::json::value& value, std::string& out);
/// The JSON string, with its quotes, for a text in UTF-8 that may hold halves.
void append_string(std::string_view text, std::string& out);

/// Decodes the inside of a JSON string (without its quotes) behind what is in `out`; halves as in
/// a tree. The string must be well-formed, as a reader of JSON has found it.
void append_decoded(std::string_view inside, std::string& out);
/// Appends a piece of a text; halves that meet where the two join become the one character.
void join(std::string& text, std::string_view piece);

/// True if all of it is UTF-8.
bool is_utf8(std::string_view text);
/// True if the text of a tree holds half a pair, and so is not UTF-8.
bool has_half(std::string_view text);
/// The text in UTF-8: halves that belong together joined, others as U+FFFD (three bytes, as the
/// half was).
std::string to_utf8(std::string_view text);
/// The same for every string and name of a tree, in place.
void make_utf8(boost::json::value& value);

/// A number of which the tree holds the text; `text` must be a JSON number.
boost::json::value number_text(std::string_view text, boost::json::storage_ptr storage = {});
/// The text of such a number, without quotes; empty if `value` is anything else, a plain number
/// too. In the tree it is an object with one member of a name that no JSON text can have: ask here
/// before is_object() where it matters.
std::string_view number_text_of(const boost::json::value& value);
inline bool is_number_text(const boost::json::value& value) {
    return !number_text_of(value).empty();
}
/// True for plain numbers and number texts.
inline bool is_number(const boost::json::value& value) {
    return value.is_number() || is_number_text(value);
}
/// The nearest double of either kind of number; nothing for other values, and for what is beyond
/// a double's range.
std::optional<double> number(const boost::json::value& value);
/// The value for a JSON number: plain if write() gives the same number and, where an exponent is
/// written, the same text; else a number text.
boost::json::value number_from(std::string_view text, boost::json::storage_ptr storage = {});

}  // namespace patchbay::json_tree
