// Several texts as one, so that one question to the analyzer is enough.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "service/spans.hpp"

namespace patchbay::presidio {

class Joined {
  public:
    /// A blank line stands between two texts.
    void add(std::string_view text);
    const std::string& text() const { return text_; }
    /// What was found in the whole, by text and with the offsets in it; what lies in several texts
    /// is cut.
    std::vector<std::vector<service::Span>> apart(const std::vector<service::Span>& spans) const;

  private:
    struct Part {
        std::size_t begin;
        std::size_t end;
    };
    std::string text_;
    std::vector<Part> parts_;
};

}  // namespace patchbay::presidio
