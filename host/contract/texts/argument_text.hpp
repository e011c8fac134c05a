// Tool arguments are JSON text inside a JSON string, and whoever gets them decodes them. So a
// guardrail is shown what they say, not how they are escaped: "{\"q\":\"\u0446\"}" holds one
// letter, not six characters.
#pragma once

#include <string>
#include <string_view>

namespace patchbay::guard {

/// Resolves the escapes of characters that need none, as JSON text comes piece by piece. What must
/// be escaped stays as it is (quotes, backslashes, control characters), and so do halves of
/// surrogate pairs that stand alone and everything that is no escape: the text means what it meant.
class EscapeResolver {
  public:
    /// Appends what is certain of `piece` to `out`.
    void feed(std::string_view piece, std::string& out);
    /// Appends what was kept back; the text is over.
    void finish(std::string& out);
    /// Bytes of an escape that is not over, at most 11.
    std::size_t kept() const { return kept_.size(); }

  private:
    std::string kept_;
};

/// The arguments with their escapes resolved, if they are an object or a list of JSON; else as they
/// are.
std::string shown_arguments(std::string arguments);

}  // namespace patchbay::guard
