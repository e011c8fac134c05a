// Thoughts that a model writes into its answer, between <think> tags, as they are streamed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/object.hpp>

namespace patchbay::openai {

/// Follows one stream. What stands between <think> and </think> at the beginning of a choice's
/// content becomes reasoning_content, wherever the tags are cut. At most eight characters, which
/// may be a tag's beginning, are held back until the next chunk or the choice's end; a choice whose
/// first word is no tag is not looked at again.
class ThinkTags {
  public:
    /// Rewrites a choice of a chunk in place; true if that changed anything.
    bool split(boost::json::object& choice);

  private:
    enum class At : std::uint8_t { begin, inside, after };
    struct Choice {
        At at = At::begin;
        std::string held;
    };
    /// The words of an answer and its thoughts.
    struct Said {
        std::string words;
        std::string thoughts;
    };
    static void take(Choice& choice, std::string_view text, Said& said);
    static void begin(Choice& choice, Said& said);
    static void inside(Choice& choice, Said& said);
    static void finish(Choice& choice, Said& said);

    std::vector<Choice> choices_;  ///< by index
};

}  // namespace patchbay::openai
