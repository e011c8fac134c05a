// Reading JSON that upstreams answer: finds the members of an object by matching quotes and
// brackets.
#pragma once

#include <string_view>

namespace patchbay {

/// A member of an object, as views into its text.
struct JsonMember {
    std::string_view name;   ///< without the quotes, escapes as they are
    std::string_view value;  ///< no white space around it
};

/// Walks the members of one object, in any bytes, without recursion or allocation. `text` is the
/// object, white space around it allowed. Values are not checked beyond their brackets and quotes.
class MemberWalker {
  public:
    explicit MemberWalker(std::string_view text);

    /// The next member, in the order of the text. False at the end, and where the text is no
    /// object.
    bool next(JsonMember& member);
    /// After next() has returned false: the text was a whole object with nothing behind it.
    bool complete() const { return complete_; }

  private:
    const char* skip_space(const char* at) const;

    const char* at_;
    const char* end_;
    bool first_ = true;
    bool complete_ = false;
};

}  // namespace patchbay
