// Texts from outside in log lines: whatever they hold, a line stays one line and a terminal obeys
// nothing.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace patchbay {

/// Appends `text`, with what a terminal or a reader of lines could act on escaped: control
/// characters (C0, DEL, C1), the separators of lines and the marks that change the direction of
/// text as \n, \t, \xNN or \u{NNNN}, and so each byte that is not UTF-8. Behind `limit` bytes of
/// `text` "..." stands for the rest.
void append_log_text(std::string& out, std::string_view text, std::size_t limit = 4096);

/// The same as a value.
std::string log_text(std::string_view text, std::size_t limit = 4096);

/// Appends the text of append_log_text() as a JSON string with its quotes.
void append_log_json(std::string& out, std::string_view text, std::size_t limit = 4096);

}  // namespace patchbay
