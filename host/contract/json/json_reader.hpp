// Reading JSON that clients send: checks everything (RFC 8259), says where it is wrong, builds no
// tree.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace patchbay {

/// Nesting that a JsonReader accepts.
inline constexpr unsigned kMaxJsonDepth = 512;

/// A cursor over a JSON text. Every step returns false if the text is wrong there; at() and what()
/// then say where and how, and no further step may be made. UTF-8 is not checked
/// (simdjson::validate_utf8 does that); escapes are, but a lone surrogate passes, as in the RFC's
/// grammar.
class JsonReader {
  public:
    explicit JsonReader(std::string_view text)
        : begin_(text.data()), at_(begin_), end_(begin_ + text.size()) {}

    /// Byte offset of the cursor.
    std::size_t at() const { return static_cast<std::size_t>(at_ - begin_); }
    /// What was expected and not found, for people.
    const char* what() const { return what_; }

    void skip_space() {
        if (at_ != end_ && static_cast<unsigned char>(*at_) <= ' ') skip_spaces();
    }
    /// The byte at the cursor, NUL at the end.
    char peek() const { return at_ == end_ ? '\0' : *at_; }
    bool at_end() const { return at_ == end_; }
    /// Steps over `c`, which must come here; `what` names it.
    bool take(char c, const char* what) {
        if (peek() != c) return fail(what);
        ++at_;
        return true;
    }
    /// Steps over a whole string, which must begin here.
    bool take_string();
    /// Steps over a whole value of any kind, after white space.
    bool take_value();
    /// Ends the walk here for a reason of the caller's; always false.
    bool refuse(const char* why) { return fail(why); }

  private:
    void skip_spaces();
    void skip_numbers();
    bool take_nested();
    bool take_scalar();
    bool take_number();
    bool take_literal(std::string_view literal);
    bool take_key();
    bool take_rest_of_string();
    bool take_escape();
    bool fail(const char* what);

    const char* begin_;
    const char* at_;
    const char* end_;
    const char* what_ = "";
};

/// Decodes the inside of a string that a JsonReader has accepted. False if it holds a lone
/// surrogate.
bool decode_json_string(std::string_view raw, std::string& decoded);

}  // namespace patchbay
