// SPDX-License-Identifier: Apache-2.0
// A fixed set of names and the place of each.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <stdexcept>
#include <string_view>

namespace bay {

/// Finds names in a list that is known when the program is compiled: a request is asked for each of
/// its members. Only names of the same length are compared, and those that begin or end otherwise
/// are passed over. The texts must outlive the table, as literals do. Any thread.
template <std::size_t N>
class NameTable {
  public:
    static constexpr std::size_t npos = N;

    constexpr explicit NameTable(const std::array<std::string_view, N>& names) : names_(names) {
        for (const std::string_view name : names) {
            if (name.size() > kLongest) throw std::length_error("a name is too long for the table");
        }
        std::uint16_t at = 0;
        for (std::size_t size = 0; size + 1 < begin_.size(); ++size) {
            begin_[size] = at;
            for (std::size_t i = 0; i < N; ++i) {
                if (names[i].size() == size) order_[at++] = static_cast<std::uint16_t>(i);
            }
        }
        begin_[begin_.size() - 1] = at;
    }

    /// Its place in the list, or npos. A name that stands twice has its first place.
    constexpr std::size_t find(std::string_view name) const noexcept {
        if (name.empty() || name.size() > kLongest) return npos;
        for (std::size_t at = begin_[name.size()]; at < begin_[name.size() + 1]; ++at) {
            const std::string_view known = names_[order_[at]];
            if (known.front() == name.front() && known.back() == name.back() && known == name) {
                return order_[at];
            }
        }
        return npos;
    }
    constexpr bool has(std::string_view name) const noexcept { return find(name) != npos; }

  private:
    static constexpr std::size_t kLongest = 62;
    static_assert(N < 65536);

    std::array<std::string_view, N> names_;
    std::array<std::uint16_t, N> order_{};             ///< places by the names' lengths
    std::array<std::uint16_t, kLongest + 2> begin_{};  ///< where those of a length begin
};

}  // namespace bay
