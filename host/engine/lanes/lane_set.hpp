// A set of a group's deployments, by their places in it.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>

#include <boost/container/small_vector.hpp>

namespace patchbay {

/// Bits. Sets that are joined have the same size. Up to 1,024 places allocate nothing.
class LaneSet {
  public:
    LaneSet() = default;
    explicit LaneSet(std::size_t size, bool full = false)
        : words_((size + 63) / 64, full ? ~std::uint64_t{0} : 0), size_(size) {
        if (full && size % 64 != 0) words_.back() >>= 64 - size % 64;
    }

    std::size_t size() const { return size_; }
    bool test(std::size_t i) const { return (words_[i / 64] >> (i % 64) & 1) != 0; }
    void set(std::size_t i) { words_[i / 64] |= std::uint64_t{1} << (i % 64); }
    void reset(std::size_t i) { words_[i / 64] &= ~(std::uint64_t{1} << (i % 64)); }
    void clear() { std::fill(words_.begin(), words_.end(), 0); }
    bool any() const {
        for (const std::uint64_t word : words_)
            if (word != 0) return true;
        return false;
    }
    std::size_t count() const {
        std::size_t n = 0;
        for (const std::uint64_t word : words_) n += static_cast<std::size_t>(std::popcount(word));
        return n;
    }
    LaneSet& operator&=(const LaneSet& other) {
        for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= other.words_[i];
        return *this;
    }
    LaneSet& operator|=(const LaneSet& other) {
        for (std::size_t i = 0; i < words_.size(); ++i) words_[i] |= other.words_[i];
        return *this;
    }
    /// Takes out what is in `other`.
    LaneSet& operator-=(const LaneSet& other) {
        for (std::size_t i = 0; i < words_.size(); ++i) words_[i] &= ~other.words_[i];
        return *this;
    }
    bool operator==(const LaneSet& other) const {
        return size_ == other.size_ && words_ == other.words_;
    }

    /// For who looks at all places: words of 64, the place 64 * w in the lowest bit of word w.
    std::size_t words() const { return words_.size(); }
    std::uint64_t word(std::size_t w) const { return words_[w]; }
    void set_word(std::size_t w, std::uint64_t bits) { words_[w] = bits; }

    /// Calls `f` with each place, in order.
    template <class F>
    void for_each(F f) const {
        for (std::size_t w = 0; w < words_.size(); ++w) {
            for (std::uint64_t word = words_[w]; word != 0; word &= word - 1) {
                f(w * 64 + static_cast<std::size_t>(std::countr_zero(word)));
            }
        }
    }
    /// Does `is` say so of any place? Asked in order, until it does.
    template <class Is>
    bool any_that(Is is) const {
        for (std::size_t w = 0; w < words_.size(); ++w) {
            for (std::uint64_t word = words_[w]; word != 0; word &= word - 1) {
                if (is(w * 64 + static_cast<std::size_t>(std::countr_zero(word)))) return true;
            }
        }
        return false;
    }
    /// The k-th of its places, counted from 0; there must be so many.
    std::size_t nth(std::size_t k) const {
        for (std::size_t w = 0;; ++w) {
            std::uint64_t word = words_[w];
            const auto here = static_cast<std::size_t>(std::popcount(word));
            if (k >= here) {
                k -= here;
                continue;
            }
            for (; k > 0; --k) word &= word - 1;
            return w * 64 + static_cast<std::size_t>(std::countr_zero(word));
        }
    }

  private:
    boost::container::small_vector<std::uint64_t, 16> words_;
    std::size_t size_ = 0;
};

inline LaneSet operator&(LaneSet a, const LaneSet& b) {
    return a &= b;
}
inline LaneSet operator-(LaneSet a, const LaneSet& b) {
    return a -= b;
}

}  // namespace patchbay
