#include <string>
#include <utility>

#include <boost/json/array.hpp>
#include <boost/json/object.hpp>
#include <boost/json/string.hpp>

#include "decode.hpp"
#include "patchbay/json_tree.hpp"
#include "plain_run.hpp"

namespace patchbay::json_tree {

namespace json = boost::json;

namespace {

constexpr std::size_t kUsualMembers = 6;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// One pass over the text, by recursive descent; at most kMaxDepth calls deep. A step that returns
/// false has noted in `tree` what is wrong and where.
class Reader {
  public:
    Reader(std::string_view text, json::storage_ptr storage, Tree& tree)
        : text_(text), storage_(std::move(storage)), tree_(tree) {}

    bool read(json::value& out) {
        if (!value(out, 0)) return false;
        skip_space();
        return at_ == text_.size() || fail("the end expected");
    }

  private:
    bool fail(const char* what) { return fail(what, at_); }
    bool fail(const char* what, std::size_t at) {
        tree_.what = what;
        tree_.at = at;
        return false;
    }

    char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
    void skip_space() {
        while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n' ||
                                      text_[at_] == '\r' || text_[at_] == '\t')) {
            ++at_;
        }
    }
    bool take(char c) {
        if (peek() != c || at_ == text_.size()) return false;
        ++at_;
        return true;
    }

    bool value(json::value& out, unsigned depth) {
        skip_space();
        switch (peek()) {
            case '{':
                return object(out, depth);
            case '[':
                return array(out, depth);
            case '"':
                return string_value(out);
            case 't':
                return literal("true", json::value(true), out);
            case 'f':
                return literal("false", json::value(false), out);
            case 'n':
                return literal("null", json::value(nullptr), out);
            default:
                return number(out);
        }
    }

    bool literal(std::string_view word, json::value meant, json::value& out) {
        if (text_.substr(at_, word.size()) != word) return fail("a value expected");
        at_ += word.size();
        out = std::move(meant);
        return true;
    }

    bool digits() {
        if (!is_digit(peek())) return fail("a digit expected");
        while (is_digit(peek())) ++at_;
        return true;
    }

    bool number(json::value& out) {
        const std::size_t begin = at_;
        if (peek() != '-' && !is_digit(peek())) return fail("a value expected");
        take('-');
        if (!take('0') && !digits()) return false;
        if (take('.') && !digits()) return false;
        if (take('e') || take('E')) {
            if (!take('+')) take('-');
            if (!digits()) return false;
        }
        out = number_from(text_.substr(begin, at_ - begin), storage_);
        return true;
    }

    /// The inside of the string that begins here, escapes as they are; `escaped` tells of some.
    bool string(std::string_view& inside, bool& escaped) {
        const std::size_t begin = ++at_;
        escaped = false;
        bool ascii = true;
        for (;; ++at_) {
            const PlainRun run = plain_run<>(text_, at_);
            at_ += run.length;
            ascii = ascii && run.ascii;
            if (at_ == text_.size()) return fail("the string does not end");
            const char c = text_[at_];
            if (c == '"') break;
            if (static_cast<unsigned char>(c) < 0x20) return fail("control character in a string");
            if (c != '\\') continue;
            escaped = true;
            const std::size_t length = escape_length(text_.substr(at_));
            if (length == 0) return fail("no escape of JSON");
            at_ += length - 1;
        }
        inside = text_.substr(begin, at_ - begin);
        if (!ascii) {
            const std::size_t wrong = find_no_utf8(inside);
            if (wrong != std::string_view::npos)
                return fail("bytes that are no UTF-8", begin + wrong);
        }
        ++at_;
        return true;
    }

    bool string_value(json::value& out) {
        std::string_view inside;
        bool escaped = false;
        if (!string(inside, escaped)) return false;
        json::string& made = out.emplace_string();
        if (!escaped) {
            made.assign(inside.data(), inside.size());
            return true;
        }
        std::string decoded;
        decoded.reserve(inside.size());
        append_decoded(inside, decoded);
        made.assign(decoded.data(), decoded.size());
        return true;
    }

    bool array(json::value& out, unsigned depth) {
        if (depth == kMaxDepth) return fail("nested too deeply");
        ++at_;
        json::array& made = out.emplace_array();
        skip_space();
        if (take(']')) return true;
        for (;;) {
            if (!value(made.emplace_back(nullptr), depth + 1)) return false;
            skip_space();
            if (take(']')) return true;
            if (!take(',')) return fail("',' or ']' expected");
        }
    }

    bool object(json::value& out, unsigned depth) {
        if (depth == kMaxDepth) return fail("nested too deeply");
        ++at_;
        json::object& made = out.emplace_object();
        skip_space();
        if (take('}')) return true;
        // Objects grow by half, from one member on; most have some.
        made.reserve(kUsualMembers);
        std::string decoded;
        for (;;) {
            skip_space();
            if (peek() != '"') return fail("a member name expected");
            std::string_view name;
            bool escaped = false;
            if (!string(name, escaped)) return false;
            if (escaped) {
                decoded.clear();
                append_decoded(name, decoded);
                name = decoded;
            }
            skip_space();
            if (!take(':')) return fail("':' expected");
            const auto [member, fresh] = made.emplace(name, nullptr);
            if (!fresh && !tree_.repeated) tree_.repeated = std::string(name);
            if (!value(member->value(), depth + 1)) return false;
            skip_space();
            if (take('}')) return true;
            if (!take(',')) return fail("',' or '}' expected");
        }
    }

    std::string_view text_;
    std::size_t at_ = 0;
    json::storage_ptr storage_;
    Tree& tree_;
};

}  // namespace

std::string Tree::error() const {
    return what ? std::string(what) + " at byte " + std::to_string(at) : std::string();
}

Tree read(std::string_view text, json::storage_ptr storage) {
    Tree tree{json::value(storage), nullptr, 0, std::nullopt};
    if (!Reader(text, storage, tree).read(tree.value)) tree.value = nullptr;
    return tree;
}

}  // namespace patchbay::json_tree
