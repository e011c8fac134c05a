// Up to sixty-four lanes of a group, for who looks at all of them: as many as a word of a LaneSet.
#pragma once

#include <cstddef>
#include <span>

#include "engine/lanes/lane_table.hpp"

namespace patchbay {

/// Lanes of one group mostly lie one behind the other in one block of the table, and are then read as
/// an array is, without looking each of them up. Views; of any thread, as the table.
class LaneRow {
  public:
    static constexpr std::size_t kMost = 64;

    /// Between one and kMost lanes, in any order.
    LaneRow(LaneTable& table, std::span<const LaneIndex> lanes) : table_(table), lanes_(lanes) {
        LaneIndex apart = 0;
        for (std::size_t i = 0; i < lanes.size(); ++i) {
            apart |= lanes[i] ^ (lanes[0] + static_cast<LaneIndex>(i));
        }
        const LaneBlock& first = table.block_of(lanes.front());
        if (apart == 0 && &first == &table.block_of(lanes.back())) block_ = &first;
    }

    LaneTable& table() const { return table_; }
    LaneIndex lane(std::size_t i) const { return lanes_[i]; }
    std::size_t size() const { return lanes_.size(); }

    /// Calls `f(i, block, at)` for each: the facts of the i-th lane are at `at` in the block's arrays.
    template <class F>
    void each(F f) const {
        if (block_ != nullptr) {
            const std::size_t from = LaneTable::place_in_block(lanes_.front());
            for (std::size_t i = 0; i < lanes_.size(); ++i) f(i, *block_, from + i);
            return;
        }
        for (std::size_t i = 0; i < lanes_.size(); ++i) {
            f(i, table_.block_of(lanes_[i]), LaneTable::place_in_block(lanes_[i]));
        }
    }

  private:
    LaneTable& table_;
    std::span<const LaneIndex> lanes_;
    const LaneBlock* block_ = nullptr;  ///< all are in it, in order; null: look each of them up
};

}  // namespace patchbay
