// A candidate plugin file: what can be said of it without running its code, and where its private
// copy is.
#pragma once

#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>

#include <boost/system/result.hpp>

#include "contract/manifest/manifest.hpp"

namespace patchbay {

class LockedFile;

/// Larger files are refused.
inline constexpr std::size_t kMaxPluginFile = 256u << 20;

/// A file whose bytes, ELF structure and manifest are in order.
struct PluginFile {
    std::filesystem::path file;  ///< as found
    std::string sha256;          ///< lower-case hexadecimal
    bool gnu_unique = false;     ///< see ElfFacts
    Manifest manifest;
    std::string bytes;
    std::filesystem::path copy;  ///< what is mapped; empty until it was made (private_copy.hpp)
    std::shared_ptr<const LockedFile> lock;  ///< on `copy`
};

/// Reads `file` and checks what can be checked without running it. Refused is a file that is not
/// regular, larger than 256 MiB, writable by its group or by others, or owned by someone who is
/// neither root nor the user of this process: whoever can write a plugin owns the gateway.
boost::system::result<PluginFile, std::string> inspect_plugin_file(
    const std::filesystem::path& file);

/// The same of a private copy, without its bytes. Its hash was told when it was made and is not
/// computed again; it may be empty where nobody asks for it.
boost::system::result<PluginFile, std::string> inspect_private_copy(
    const std::filesystem::path& copy, std::string sha256);

}  // namespace patchbay
