// Reads what the loader must know of a plugin file from its bytes, without running any of its code:
// dlopen() already runs constructors, which is too late to find out that a file is not for this
// host.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <boost/system/result.hpp>

namespace patchbay {

/// Views point into the bytes that were given to read_elf().
struct ElfFacts {
    std::string_view manifest;  ///< section ".bay_manifest", without NULs at its end
    /// The file defines STB_GNU_UNIQUE symbols. Such a symbol is one per process, so a second
    /// version of the file would share the first one's statics: loadable, but not replaceable by
    /// another version.
    bool gnu_unique = false;
};

/// Reads a 64-bit little-endian ELF shared object for this machine. Every offset is checked against
/// the size, so the bytes may be truncated or hostile. On failure the text says what is wrong with
/// the file
/// ("not an ELF file", "built for AArch64, this host is x86-64", ...).
boost::system::result<ElfFacts, std::string> read_elf(std::string_view bytes);

/// The libraries that a shared object asks the dynamic linker for (DT_NEEDED), in its order; at
/// most 64, what comes after is dropped. Views into `bytes`. What cannot be read is left out: this
/// is for an answer to "what will the linker look for", not a check of the file.
std::vector<std::string_view> needed_libraries(std::string_view bytes);

}  // namespace patchbay
