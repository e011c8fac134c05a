// Changes the top-level members of a JSON object without parsing it: what goes to one deployment.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "patchbay/provider.h"

namespace patchbay {

/// One top-level member to put into a request body: a name and the JSON text of its value.
using BodyMember = std::pair<std::string, std::string>;

/// A document and the index of its top-level members (views into the document).
struct IndexedBody {
    std::string_view json;
    std::span<const bay_member> members;
};

/// What to do to a body. Names are compared as they stand in the document.
struct BodyEdits {
    std::function<bool(std::string_view name)> drop;  ///< empty = drop nothing
    /// Added if the document has no such member, by neither of its names (`max_tokens`, `max_completion_tokens`).
    std::span<const BodyMember> defaults;
    std::span<const BodyMember> overrides;  ///< put in place of the document's own, or added
};

/// An edited copy of a document. Not movable: the index points into the text.
class EditedBody {
  public:
    EditedBody(const IndexedBody& body, const BodyEdits& edits);
    EditedBody(const EditedBody&) = delete;
    EditedBody& operator=(const EditedBody&) = delete;

    IndexedBody view() const { return {text_, members_}; }

  private:
    void append(std::string_view quoted_name, std::string_view value);

    std::string text_;
    std::vector<bay_member> members_;
};

/// The last member with this name, as the last one wins in a JSON object; nullptr if there is none.
const bay_member* find_member(std::span<const bay_member> members, std::string_view name);

}  // namespace patchbay
