// Small helpers around JSON text: look before parsing, and parse without exceptions.
#pragma once

#include <optional>
#include <string_view>

#include <boost/json/value.hpp>

namespace patchbay::openai {

/// True if `needle` occurs in `text`. May be true for other reasons than a member of that name,
/// never false when there is one (JSON escapes in names apart).
bool mentions(std::string_view text, std::string_view needle);

/// The tree of a JSON text (patchbay/json_tree.hpp: halves of surrogate pairs and long numbers are
/// kept, so it is written by json_tree::write()). Nothing if the text is not JSON, or nested deeper
/// than json_tree::kMaxDepth.
std::optional<boost::json::value> parse_text(std::string_view text);

}  // namespace patchbay::openai
