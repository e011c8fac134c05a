// A request or an answer as guardrails see it: its texts, and the document with edits put in.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <boost/json/value.hpp>

#include "engine/exchange/verdict.hpp"
#include "engine/guard/texts.hpp"

namespace patchbay::guard {

/// Parsed once; not movable, as the texts point into it. A document that is not JSON has no texts.
class Document {
  public:
    Document(std::string_view json, bool answer);
    Document(const Document&) = delete;
    Document& operator=(const Document&) = delete;

    /// Valid as long as this object; as they were, whatever edited() did.
    std::span<const bay_text> texts() const { return views_; }
    /// The document with the edited texts. Token probabilities of an edited answer are dropped:
    /// they spell out what was there.
    std::string edited(std::span<const TextEdit> edits);

  private:
    boost::json::value value_;
    bool answer_;
    std::vector<Text> texts_;
    std::vector<bay_text> views_;
};

}  // namespace patchbay::guard
