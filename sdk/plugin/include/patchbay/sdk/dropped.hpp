// SPDX-License-Identifier: Apache-2.0
// Telling the host what of a request is not sent, or said less exactly.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "out.hpp"
#include "upstream.hpp"

namespace bay {

/// The key of the note that names them: its JSON is a list of strings. The host shows them to the
/// client in the header "x-patchbay-dropped" and writes them into the record, if the note comes
/// before the answer begins.
inline constexpr std::string_view kDroppedNote = "dropped_params";

/// Collects names of members, each once, in the order in which they came.
class Dropped {
  public:
    void add(std::string_view name) {
        if (std::find(names_.begin(), names_.end(), name) == names_.end()) {
            names_.emplace_back(name);
        }
    }
    const std::vector<std::string>& names() const { return names_; }

    /// Tells the host, if there is anything to tell. A host that takes no notes loses nothing else.
    void tell(Out out) const {
        if (names_.empty()) return;
        std::string json;
        for (const std::string& name : names_) {
            json.append(json.empty() ? "[" : ",").append(json_quote(name));
        }
        out.note(kDroppedNote, json.append("]"));
    }

  private:
    std::vector<std::string> names_;
};

}  // namespace bay
