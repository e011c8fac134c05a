// A request body made from the client's: ranges of its bytes, with members dropped, renamed, replaced or
// added, and never a parser.
//
// What is not changed is sent byte for byte, white space and order included, as ranges of blob 0, which
// the host holds. Only new text is copied, into one buffer here.
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "patchbay/provider.h"

namespace patchbay::openai {

inline std::string_view view(bay_str text) {
    return {text.ptr != nullptr ? text.ptr : "", text.len};
}

inline bay_str str(std::string_view text) {
    return {text.data(), text.size()};
}

/// Appends `text` as a JSON string, quotes included.
void append_json_string(std::string& out, std::string_view text);

/// Call one of keep, drop, rename, replace for every member of the request in its order, then append()
/// for members to add, then finish(). The request must outlive this object.
class Body {
  public:
    explicit Body(const bay_ev_request& request);

    void keep(const bay_member& member);
    void drop(const bay_member& member);
    /// `name` is plain text without characters that JSON must escape.
    void rename(const bay_member& member, std::string_view name);
    /// `json` is the new value.
    void replace(const bay_member& member, std::string_view json);
    /// As replace(), with `text` as a JSON string: `prefix` and `text` joined.
    void replace_string(const bay_member& member, std::string_view prefix, std::string_view text);
    void append(std::string_view name, std::string_view json);

    /// The segments, valid as long as this object.
    std::span<const bay_seg> finish();

    /// The body as one string, for tests and logs. After finish().
    std::string text() const;

  private:
    std::size_t begin(const bay_member& member);
    void end(const bay_member& member);
    void blob(std::size_t from, std::size_t to);
    void bytes(std::string_view text);

    std::string_view json_;
    std::vector<bay_seg> segments_;
    std::string bytes_;
    std::size_t cursor_ = 0;   ///< up to here the document has been taken over
    bool contiguous_ = true;   ///< what follows cursor_ may be taken over as it stands
    bool empty_ = true;        ///< no member written yet
    bool tail_written_ = false;
};

}  // namespace patchbay::openai
