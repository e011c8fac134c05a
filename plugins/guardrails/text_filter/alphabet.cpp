#include "alphabet.hpp"

#include <cstddef>

namespace patchbay::text_filter {

namespace {

constexpr std::string_view kWord =
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz";
constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kSpace = "\t\n\f\r ";

class Collector {
  public:
    explicit Collector(std::string_view regex) : regex_(regex) {}

    Alphabet collect() {
        while (!any_ && at_ < regex_.size()) step();
        if (any_) return Alphabet().set();
        if (folded_) fold();
        return found_;
    }

  private:
    void step() {
        const char c = regex_[at_++];
        switch (c) {
            case '\\':
                escape();
                break;
            case '[':
                bracket();
                break;
            case '.':
                any_ = true;
                break;
            case '(':
                group();
                break;
            case '{':
                repetition();
                break;
            case ')':
            case '|':
            case '*':
            case '+':
            case '?':
            case '^':
            case '$':
                break;
            default:
                add(c);
        }
    }

    void add(char c) { found_.set(static_cast<unsigned char>(c)); }
    void add(std::string_view all) {
        for (const char c : all) add(c);
    }

    /// Behind the backslash. Returns the character it stands for, or -1 for a class or a boundary.
    int escape() {
        if (at_ >= regex_.size()) return -1;
        const char c = regex_[at_++];
        switch (c) {
            case 'd':
                add(kDigits);
                return -1;
            case 'w':
                add(kWord);
                return -1;
            case 's':
                add(kSpace);
                return -1;
            case 'b':
            case 'B':
            case 'A':
            case 'z':
                return -1;
            case 'n':
                add('\n');
                return '\n';
            case 't':
                add('\t');
                return '\t';
            case 'r':
                add('\r');
                return '\r';
            default:
                if (std::string_view(kWord).find(c) != std::string_view::npos) {
                    any_ = true;  // \D \S \W \p \x \Q and whatever else
                } else {
                    add(c);
                }
                return static_cast<unsigned char>(c);
        }
    }

    // Behind "[".
    void bracket() {
        if (at_ < regex_.size() && regex_[at_] == '^') {
            any_ = true;
            return;
        }
        int before = -1;
        for (bool first = true; at_ < regex_.size(); first = false) {
            const char c = regex_[at_++];
            if (c == ']' && !first) return;
            if (c == '[' && at_ < regex_.size() && regex_[at_] == ':') {
                any_ = true;
                return;
            }
            const bool range = c == '-' && before >= 0 && at_ < regex_.size() && regex_[at_] != ']';
            if (range) {
                const char end = regex_[at_++];
                if (end == '\\') {
                    any_ = true;
                    return;
                }
                for (int i = before; i <= static_cast<unsigned char>(end); ++i) {
                    found_.set(static_cast<std::size_t>(i));
                }
                before = -1;
            } else if (c == '\\') {
                before = escape();
                if (any_) return;
            } else {
                add(c);
                before = static_cast<unsigned char>(c);
            }
            // A character of several bytes may end a range: all of them then.
            if (static_cast<unsigned char>(c) >= 0x80) {
                any_ = true;
                return;
            }
        }
    }

    // Behind "(": flags and names are no characters of a match.
    void group() {
        if (at_ >= regex_.size() || regex_[at_] != '?') return;
        ++at_;
        if (at_ < regex_.size() && regex_[at_] == 'P') {
            while (at_ < regex_.size() && regex_[at_] != '>') ++at_;
            ++at_;
            return;
        }
        while (at_ < regex_.size() && regex_[at_] != ':' && regex_[at_] != ')') {
            if (regex_[at_] == 'i') folded_ = true;
            ++at_;
        }
        if (at_ < regex_.size() && regex_[at_] == ':') ++at_;
    }

    // Behind "{": a count, or a brace.
    void repetition() {
        std::size_t end = at_;
        while (end < regex_.size() &&
               (kDigits.find(regex_[end]) != std::string_view::npos || regex_[end] == ',')) {
            ++end;
        }
        if (end > at_ && end < regex_.size() && regex_[end] == '}') {
            at_ = end + 1;
        } else {
            add('{');
        }
    }

    void fold() {
        bool letters = false;
        for (int c = 'a'; c <= 'z'; ++c) {
            const auto lower = static_cast<std::size_t>(c);
            const auto upper = static_cast<std::size_t>(c - 'a' + 'A');
            if (found_.test(lower) || found_.test(upper)) {
                found_.set(lower);
                found_.set(upper);
                letters = true;
            }
        }
        // Unicode folds U+017F to s and U+212A to k; other letters beyond ASCII fold anyhow.
        if (letters) {
            for (const int byte : {0xC5, 0xBF, 0xE2, 0x84, 0xAA}) {
                found_.set(static_cast<std::size_t>(byte));
            }
        }
        for (std::size_t byte = 0x80; byte < 256; ++byte) {
            if (found_.test(byte) && byte != 0xC5 && byte != 0xBF && byte != 0xE2 && byte != 0x84 &&
                byte != 0xAA) {
                found_.set();
                return;
            }
        }
    }

    std::string_view regex_;
    std::size_t at_ = 0;
    Alphabet found_;
    bool any_ = false;
    bool folded_ = false;
};

}  // namespace

Alphabet alphabet_of(std::string_view regex) {
    return Collector(regex).collect();
}

}  // namespace patchbay::text_filter
