#include "plugin_folders.hpp"

#include <dlfcn.h>
#include <filesystem>

namespace patchbay::client {

namespace fs = std::filesystem;

std::vector<std::string> plugin_folders(std::string_view given) {
    std::vector<std::string> folders;
    while (!given.empty()) {
        const std::size_t colon = std::min(given.find(':'), given.size());
        if (colon > 0) folders.emplace_back(given.substr(0, colon));
        given.remove_prefix(std::min(colon + 1, given.size()));
    }
    if (!folders.empty()) return folders;
    Dl_info here{};
    static const char anchor = 0;
    if (::dladdr(&anchor, &here) == 0 || here.dli_fname == nullptr) return folders;
    std::error_code ec;
    const fs::path library = fs::canonical(here.dli_fname, ec).parent_path();
    for (const fs::path& parent : {library, library.parent_path()}) {
        const fs::path folder = parent / "patchbay/plugins";
        if (!fs::is_directory(folder, ec)) continue;
        folders.push_back(folder.string());
        break;
    }
    return folders;
}

}  // namespace patchbay::client
