// Files that a plugin's process opens before its system call filter is set, because none can be
// opened behind it: the plugin itself and the libraries that it links.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include <boost/system/result.hpp>

namespace patchbay::isolation {

/// Open for reading, one after the other in the order in which they must be mapped: a library
/// stands behind those that it links itself, the plugin is last. They stay open; each is given to
/// dlopen() by loadable_name() (sandbox.hpp), which closes it.
struct LibraryFiles {
    std::vector<int> libraries;
    int plugin = -1;
};

/// Opens `plugin` and every library that it links, however indirectly, and that this process does
/// not have: from the directories where the dynamic linker looks for this program's, and only files
/// that nobody but root and this user can have written. Runs nothing of them. On failure the text
/// says which is missing; the process is then of no more use. At most 64 libraries.
boost::system::result<LibraryFiles, std::string> open_library_files(
    const std::filesystem::path& plugin);

}  // namespace patchbay::isolation
