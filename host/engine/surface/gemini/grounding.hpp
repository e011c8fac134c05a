// What an answer is based on, as Google tells it.
#pragma once

#include <string>
#include <string_view>

#include "engine/surface/hub/tree.hpp"

namespace patchbay::surface {

/// Gathers the text of one candidate and the annotations on it. OpenAI counts characters (code
/// points) of the whole text, Google bytes.
class Grounding {
  public:
    /// `words` behind those so far. Halves of surrogate pairs count as they are joined.
    void add_text(std::string_view words);
    /// Takes `annotations` of a message or delta; of these, links.
    void add(const json::object& message);

    /// groundingMetadata, with each link once; empty if there are no links. `part`: the number of the
    /// part that holds the text.
    json::object metadata(std::size_t part) const;

    /// Bytes that are held.
    std::size_t size() const { return text_.size(); }

  private:
    std::string text_;
    json::array links_;
};

}  // namespace patchbay::surface
