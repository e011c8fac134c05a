// Picks one of many by weight in constant time.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace patchbay {

/// An alias table (Walker's method, as Vose builds it). Immutable once made.
class Weights {
  public:
    Weights() = default;
    /// Weights are >= 0 and finite; if all are 0 each place is as likely as another.
    explicit Weights(std::span<const double> weights);

    /// `random` is any 64 bits, all equally likely. There must be a place.
    std::size_t pick(std::uint64_t random) const {
        // The upper half chooses the column, the lower one which of its two places.
        const auto n = static_cast<std::uint64_t>(columns_.size());
        const Column& column = columns_[((random >> 32) * n) >> 32];
        return (random & 0xffffffff) < column.own_share ? column.own : column.alias;
    }
    double of(std::size_t place) const { return weights_[place]; }
    std::size_t size() const { return columns_.size(); }

  private:
    struct Column {
        std::uint64_t own_share;  ///< of 2^32
        std::uint32_t own;
        std::uint32_t alias;
    };
    std::vector<Column> columns_;
    std::vector<double> weights_;
};

}  // namespace patchbay
