// What a model thought, told as text before what it says: LiteLLM's `merge_reasoning_content_in_choices`.
//
// Some chat programs show `content` alone, and fold up what stands in it between <think> and </think>.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace patchbay::surface {

/// Moves `reasoning_content` of answers in chat's API into their `content`, between <think> and </think>; signed
/// `thinking_blocks`, which the next turn needs, stay. One for each attempt, one thread at a time.
///
/// LiteLLM does so in streams alone; here a whole answer says what its stream would.
class MergedThoughts {
  public:
    /// A whole answer; nothing: it stays as it is.
    std::optional<std::string> whole(std::string_view json) const;
    /// The chunk in the place of one of a stream, appended to `chunks`. False: it stays as it is.
    bool chunk(std::string_view json, std::vector<std::string>& chunks);

  private:
    /// Choices of one stream that are told apart; of more than these the thoughts stay where they are.
    static constexpr std::uint64_t kMostChoices = 1024;

    bool thinks(std::uint64_t choice) const;
    void note(std::uint64_t choice, bool thinks);

    std::vector<std::uint64_t> thinking_;  ///< choices whose <think> is open
};

}  // namespace patchbay::surface
