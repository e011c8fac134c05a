// What an attempt used, taken apart so that nothing is counted twice.
//
// Providers tell sums with parts inside: OpenAI's prompt contains what was cached, and audio, which
// may be cached, too. Money needs counts that do not overlap. How `Usage` is cut up:
//
//   prompt      first what was read from the cache, then what was written to it; of what is left
//               audio, then pictures; the rest is text. Where the parts told exceed the whole, those
//               that come later in this order are cut.
//   completion  audio, pictures, reasoning, in this order; the rest is text.
//
// So the token dimensions of an attempt always add up to prompt + completion.
#pragma once

#include <cstddef>
#include <span>

#include <boost/container/static_vector.hpp>

#include "contract/shape/usage.hpp"
#include "engine/meter/dimensions.hpp"

namespace patchbay::meter {

/// So many units of a dimension.
struct Count {
    Dimension dimension;
    std::uint64_t units;
    bool operator==(const Count&) const = default;
};

/// The counts of one attempt; each dimension once, zeros left out. Allocates nothing.
class Counts {
  public:
    /// As many as an attempt can have: what finds no room would be unpaid, so it is asserted.
    static constexpr std::size_t kMost = 20;

    void add(Dimension dimension, std::uint64_t units) {
        if (units > 0) list_.push_back({dimension, units});
    }
    std::span<const Count> list() const { return {list_.data(), list_.size()}; }

  private:
    boost::container::static_vector<Count, kMost> list_;
};

/// Any counts. `answered`: the provider took the request, which may have a price of its own.
Counts counts_of(const Usage& usage, bool answered);

}  // namespace patchbay::meter
