// Thoughts that a model writes into its text, between <think> and </think> at the beginning.
#pragma once

#include <string>
#include <string_view>

namespace patchbay::shared {

/// A text, and the thoughts that stood before it.
struct Thought {
    std::string reasoning;
    std::string content;
};

/// Follows a streamed text. Only a tag at its very beginning counts (white space may stand before
/// it); any other is the model's text. What may yet become a tag is held back, at most a tag's
/// length and the white space before it.
class ThinkTags {
  public:
    /// What a piece of the text gives.
    Thought take(std::string_view piece);
    /// What was held back when the text is over.
    Thought finish();

  private:
    enum class Place { beginning, thinking, text };

    Thought scan();

    Place place_ = Place::beginning;
    std::string held_;
};

/// The same for a whole text.
Thought split_thought(std::string_view text);

}  // namespace patchbay::shared
