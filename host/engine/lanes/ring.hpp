// Where a key belongs of which nothing is known: consistent hashing.
#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <vector>

#include "contract/text_hash.hpp"

namespace patchbay {

/// Points on a circle, some for each place, made from names: every process with the same names has
/// the same circle, and one place more takes keys from the others without moving any between them.
/// Immutable once made.
class Ring {
  public:
    static constexpr std::uint32_t kPoints = 32;  ///< of a place of mean weight

    Ring() = default;

    /// `share` is the place's weight by the mean of all; 0 = no points.
    void add(std::string_view name, std::uint32_t place, double share) {
        const auto points = static_cast<std::uint32_t>(
            std::clamp(share * kPoints + 0.5, share > 0 ? 1.0 : 0.0, 8.0 * kPoints));
        for (std::uint32_t i = 0; i < points; ++i) {
            points_.push_back({static_cast<std::uint32_t>(hash_text(name, i) >> 32), place});
        }
    }
    /// After all were added.
    void finish() { std::sort(points_.begin(), points_.end()); }

    bool empty() const { return points_.empty(); }
    std::size_t size() const { return points_.size(); }
    /// Where the walk for a key begins; the place at the i-th point from there is at(start + i).
    std::size_t start(std::uint64_t key) const {
        const Point wanted{static_cast<std::uint32_t>(key >> 32), 0};
        return static_cast<std::size_t>(std::lower_bound(points_.begin(), points_.end(), wanted) -
                                        points_.begin());
    }
    std::uint32_t at(std::size_t i) const { return points_[i % points_.size()].place; }

  private:
    struct Point {
        std::uint32_t at;
        std::uint32_t place;
        bool operator<(const Point& other) const {
            return at != other.at ? at < other.at : place < other.place;
        }
    };
    std::vector<Point> points_;
};

}  // namespace patchbay
