// The part of a request that may be said in other words: what the user asks last.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace patchbay {

struct NearText {
    std::string text;        ///< as characters
    std::string_view place;  ///< the JSON string in the document, its quotes included
};

/// In a request of any of the APIs. nullopt: a document that cannot be read, or one whose last text is nobody's
/// question (a tool's result, the beginning of an answer). Reads the document once.
std::optional<NearText> near_text(std::string_view document);

}  // namespace patchbay
