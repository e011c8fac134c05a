// Checks on YAML text that yaml-cpp 0.7 leaves out and that would lose part of a file without a
// word.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace patchbay::yaml {

struct TextFault {
    int line = 0;  ///< from 1
    int column = 0;
    std::string message;
};

/// YAML is printable text in UTF-8. yaml-cpp takes the byte 0x04 for the end of the file and
/// replaces broken UTF-8; both are faults here.
std::optional<TextFault> find_bad_character(std::string_view text);

/// True if the value that begins at `offset` is quoted text that the file's end cuts off. yaml-cpp
/// takes it as whole, with the rest of the file in it.
bool is_cut_off(std::string_view text, std::size_t offset);

/// Bytes of the byte order mark the text begins with; yaml-cpp's marks do not count them.
std::size_t byte_order_mark(std::string_view text);

}  // namespace patchbay::yaml
