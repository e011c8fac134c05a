// SPDX-License-Identifier: Apache-2.0
// The "anthropic-beta" header: features that a request must name to use.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::anthropic {

/// With it a thinking budget may exceed max_tokens ("Extended thinking").
inline constexpr std::string_view kInterleavedThinking = "interleaved-thinking-2025-05-14";

/// A set of feature names that keeps the order in which they came.
class Betas {
  public:
    void add(std::string_view name) {
        if (!has(name)) names_.emplace_back(name);
    }

    bool has(std::string_view name) const {
        return std::find(names_.begin(), names_.end(), name) != names_.end();
    }

    /// Adds the names of a comma-separated list. Names that are no header token are left out.
    void add_list(std::string_view list) {
        while (!list.empty()) {
            const auto comma = list.find(',');
            auto name = list.substr(0, comma);
            name.remove_prefix(std::min(name.find_first_not_of(" \t"), name.size()));
            name = name.substr(0, name.find_last_not_of(" \t") + 1);
            const bool token = std::all_of(name.begin(), name.end(),
                                           [](char c) { return c > ' ' && c < 0x7f && c != ','; });
            if (token && !name.empty()) add(name);
            if (comma == std::string_view::npos) return;
            list.remove_prefix(comma + 1);
        }
    }

    /// The header's value; empty if no feature is needed.
    std::string joined() const {
        std::string list;
        for (const auto& name : names_) list += (list.empty() ? "" : ",") + name;
        return list;
    }

    const std::vector<std::string>& names() const { return names_; }

  private:
    std::vector<std::string> names_;
};

}  // namespace patchbay::anthropic
