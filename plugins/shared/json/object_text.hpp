// A JSON object that is written member by member, without a tree of it.
#pragma once

#include <patchbay/json_tree.hpp>
#include <string>
#include <string_view>

#include <boost/json/value.hpp>

namespace patchbay::shared {

/// Writes one object behind what is in a text: begun by the constructor, ended by end(). While an
/// object inside of it is open nothing else is written. Names need no escapes.
class ObjectText {
  public:
    /// `out` must outlive this.
    explicit ObjectText(std::string& out) : out_(out) { out_ += '{'; }
    ObjectText(const ObjectText&) = delete;

    /// The name, and the text behind which its value is to be written.
    std::string& member(std::string_view name) {
        if (any_) out_ += ',';
        any_ = true;
        out_ += '"';
        out_ += name;
        out_ += "\":";
        return out_;
    }
    /// A string.
    void words(std::string_view name, std::string_view text) {
        json_tree::append_string(text, member(name));
    }
    /// A JSON text as it is.
    void json(std::string_view name, std::string_view text) { member(name) += text; }
    void value(std::string_view name, const boost::json::value& value) {
        json_tree::append(value, member(name));
    }
    void end() { out_ += '}'; }

  private:
    std::string& out_;
    bool any_ = false;
};

/// The elements of an array, behind "[": a comma before each but the first.
class ListText {
  public:
    /// `out` must outlive this.
    explicit ListText(std::string& out) : out_(out) { out_ += '['; }
    ListText(const ListText&) = delete;

    /// The text behind which the next element is to be written.
    std::string& element() {
        if (any_) out_ += ',';
        any_ = true;
        return out_;
    }
    bool empty() const { return !any_; }
    void end() { out_ += ']'; }

  private:
    std::string& out_;
    bool any_ = false;
};

}  // namespace patchbay::shared
