// "Did you mean ...?": the nearest known name.
#pragma once

#include <cstddef>
#include <string_view>

namespace patchbay {

/// Edits (insert, remove, change a character, swap two neighbours) from `a` to `b`, but `limit + 1`
/// as soon as it is clear that there are more than `limit`.
std::size_t edit_distance(std::string_view a, std::string_view b, std::size_t limit);

/// How many edits away a name of this length may be and still pass for a typing mistake: 1 for
/// names under six characters, else 2.
std::size_t typo_limit(std::string_view name);

/// Keeps the nearest of the names it is offered.
class Nearest {
  public:
    Nearest(std::string_view name, std::size_t limit) : name_(name), best_(limit + 1) {}
    void offer(std::string_view known);
    /// The nearest name offered within the limit; empty = none.
    std::string_view found() const { return found_; }

  private:
    std::string_view name_;
    std::size_t best_;
    std::string_view found_;
};

}  // namespace patchbay
