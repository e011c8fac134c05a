// SPDX-License-Identifier: Apache-2.0
// Conversions between the ABI's borrowed bytes and string views.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "../guardrail.h"
#include "../logger.h"
#include "../provider.h"

namespace bay {

/// A view of the same bytes. Absent and empty both give an empty view (see `present`).
inline std::string_view sv(bay_str s) noexcept {
    return s.len ? std::string_view(s.ptr, s.len) : "";
}

/// Borrowed bytes of a view. A default-constructed view becomes "absent", "" becomes "empty".
inline bay_str str(std::string_view s) noexcept {
    return bay_str{s.data(), s.size()};
}

/// Tells empty from absent (rule R3).
inline bool present(bay_str s) noexcept {
    return s.ptr != nullptr;
}

/// True if the comma-separated `list` holds `item`; spaces around items are ignored.
inline bool list_has(std::string_view list, std::string_view item) noexcept {
    while (!list.empty()) {
        const auto comma = list.find(',');
        auto word = list.substr(0, comma);
        while (!word.empty() && word.front() == ' ') word.remove_prefix(1);
        while (!word.empty() && word.back() == ' ') word.remove_suffix(1);
        if (word == item) return true;
        if (comma == std::string_view::npos) break;
        list.remove_prefix(comma + 1);
    }
    return false;
}

/// Value of the first pair named `name` (headers of an answer come in lower case), or empty.
inline std::string_view find(const bay_kv* pairs, std::uint64_t count,
                             std::string_view name) noexcept {
    for (std::uint64_t i = 0; i < count; ++i) {
        if (sv(pairs[i].name) == name) return sv(pairs[i].value);
    }
    return {};
}

/// A whole T for an extensible struct that may have been filled by an older side: what lies beyond
/// the other side's `size` reads as zero. Costs nothing when both sides were built from the same
/// header. Lives no longer than `from`.
template <class T>
class Whole {
  public:
    Whole(const void* from, std::uint32_t size) noexcept : view_(static_cast<const T*>(from)) {
        if (size >= sizeof(T)) return;
        std::memcpy(static_cast<void*>(&copy_), from, size);
        view_ = &copy_;
    }
    Whole(const Whole&) = delete;
    Whole& operator=(const Whole&) = delete;
    const T& operator*() const noexcept { return *view_; }
    /// For patching a member that points to a struct of the other side; makes a copy of its own.
    T& edit() noexcept {
        if (view_ != &copy_) copy_ = *view_;
        view_ = &copy_;
        return copy_;
    }

  private:
    const T* view_;
    T copy_{};
};

}  // namespace bay
