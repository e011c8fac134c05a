// A candidate plugin file: what can be said of it without running its code, and its private copy.
#pragma once

#include <filesystem>
#include <string>

#include <boost/system/result.hpp>

#include "engine/plugins/manifest.hpp"

namespace patchbay {

/// A file whose bytes, ELF structure and manifest are in order.
struct PluginFile {
    std::filesystem::path file;  ///< as found
    std::string sha256;          ///< lower-case hexadecimal
    bool gnu_unique = false;     ///< see ElfFacts
    Manifest manifest;
    std::string bytes;
    std::filesystem::path copy;  ///< what is mapped; empty until it was made
};

/// Reads `file` and checks what can be checked without running it. Refused is a file that is not
/// regular, larger than 256 MiB, writable by its group or by others, or owned by someone who is
/// neither root nor the user of this process: whoever can write a plugin owns the gateway.
boost::system::result<PluginFile, std::string> inspect_plugin_file(
    const std::filesystem::path& file);

/// Makes the private copy "<id>-<version>-<first 12 of the hash>.so" in `directory` (made with mode
/// 0700 if missing), complete or not at all, and sets `plugin.copy`. A copy that is there already
/// and has the right content is used as it is. On failure the text says why.
boost::system::result<void, std::string> make_private_copy(PluginFile& plugin,
                                                           const std::filesystem::path& directory);

}  // namespace patchbay
