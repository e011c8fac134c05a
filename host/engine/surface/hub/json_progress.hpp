// How far a JSON object has come that arrives in pieces.
#pragma once

#include <string>
#include <string_view>

namespace patchbay::surface {

/// Follows the text of one JSON object, piece by piece, to know when it is whole. Checks nothing
/// but what it needs for that.
class JsonProgress {
  public:
    /// Takes the next piece; gives back the part of it that belongs to the object. White space
    /// before and behind the object does, other text behind it does not.
    std::string_view feed(std::string_view piece);
    std::string_view feed(std::string&& piece) = delete;  // the part would not live

    /// Something other than white space has come.
    bool begun() const { return begun_; }
    /// What has come begins as an object.
    bool is_object() const { return object_; }
    bool complete() const { return object_ && depth_ == 0; }

  private:
    void step(char c);

    bool begun_ = false;
    bool object_ = false;
    bool in_string_ = false;
    bool escaped_ = false;
    unsigned depth_ = 0;
};

}  // namespace patchbay::surface
