// A request or an answer as guardrails see it: its texts, and the document with edits put in.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "contract/actions/verdict.hpp"
#include "contract/texts/document_texts.hpp"
#include "patchbay/provider.h"

namespace patchbay::guard {

/// Read once; not movable, as the views point into it.
class Document {
  public:
    /// `json` must outlive this object.
    Document(std::string_view json, DocumentKind kind);
    Document(const Document&) = delete;
    Document& operator=(const Document&) = delete;

    /// Why the document could not be read; then it has no texts, and may not pass for one that has
    /// none.
    const std::optional<Error>& fault() const { return fault_; }

    /// Valid as long as this object.
    std::span<const bay_text> texts() const { return views_; }

    /// The document with the edited texts in their places, and all else byte for byte as it was.
    /// Token probabilities of an edited answer are dropped: they spell out what was there. An error
    /// names the first text that cannot be changed.
    Result<std::string> edited(std::span<const TextEdit> edits) const;

  private:
    std::string_view json_;
    std::optional<Error> fault_;
    DocumentTexts found_;
    std::vector<bay_text> views_;
};

}  // namespace patchbay::guard
