// Walks the members of one JSON object, checking as it goes.
#pragma once

#include <string_view>

#include "contract/json/json_reader.hpp"

namespace patchbay {

/// A member of an object, as views into its text.
struct JsonMember {
    std::string_view name;   ///< without the quotes, escapes as they are
    std::string_view value;  ///< no white space around it
};

/// Walks the members of one object, in any bytes, without allocation. `text` is the object, white
/// space around it allowed. Everything a JsonReader checks is checked up to where the walk has
/// come.
class MemberWalker {
  public:
    explicit MemberWalker(std::string_view text) : text_(text), reader_(text) {}

    /// The next member, in the order of the text. False at the end, and where the text is no
    /// object.
    bool next(JsonMember& member);
    /// After next() has returned false: the text was a whole object with nothing behind it.
    bool complete() const { return complete_; }

  private:
    bool end_of_object();

    std::string_view text_;
    JsonReader reader_;
    bool first_ = true;
    bool over_ = false;
    bool complete_ = false;
};

/// The value of a member of a JSON object: the last one of that name, as the last one counts everywhere. Empty if there is none,
/// or up to where the text is no object.
std::string_view member_of(std::string_view object, std::string_view name);

}  // namespace patchbay
