// Is this text JSON? Asked of what an upstream answers before it is passed on as it came.
#pragma once

#include <string>
#include <string_view>

namespace patchbay {

/// True if `text` is exactly one JSON value in valid UTF-8 (RFC 8259), nested no deeper than
/// kMaxJsonDepth. Any bytes are safe; allocates nothing; any thread.
bool is_json(std::string_view text);

/// `text` with every byte that is not part of valid UTF-8 replaced by U+FFFD, cut at `limit` bytes:
/// what a foreign text needs to be quoted in JSON.
std::string as_utf8(std::string_view text, std::size_t limit);

}  // namespace patchbay
