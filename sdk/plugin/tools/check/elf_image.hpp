// What a shared object exports, imports and asks of the dynamic loader.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace patchbay::check {

struct ElfImage {
    std::vector<std::string> exported;  ///< defined dynamic symbols, not local
    std::vector<std::string> unique;    ///< those of them that are STB_GNU_UNIQUE
    std::vector<std::string> imported;  ///< undefined dynamic symbols
    std::vector<std::string> versions;  ///< of imported symbols: "GLIBC_2.34"
    std::vector<std::string> needed;    ///< libraries
    bool text_relocations = false;
    bool executable_stack = false;  ///< asked for, or not ruled out
};

/// Reads a 64-bit little-endian ELF shared object by its program headers and dynamic section.
/// Every offset is checked. Throws std::runtime_error that says what is wrong with the file.
ElfImage read_elf_image(std::string_view bytes);

}  // namespace patchbay::check
