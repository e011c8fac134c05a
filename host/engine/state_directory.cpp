#include "engine/state_directory.hpp"

#include <cstdlib>
#include <string>
#include <unistd.h>

namespace patchbay {

namespace fs = std::filesystem;

fs::path state_directory() {
    if (const char* given = std::getenv("PATCHBAY_STATE_DIR"); given && *given) return given;
    if (const char* xdg = std::getenv("XDG_STATE_HOME"); xdg && *xdg)
        return fs::path(xdg) / "patchbay";
    std::error_code ec;
    if (const char* home = std::getenv("HOME"); home && *home) {
        const fs::path directory = fs::path(home) / ".local/state/patchbay";
        fs::create_directories(directory, ec);
        if (!ec && access(directory.c_str(), W_OK) == 0) return directory;
    }
    return fs::temp_directory_path(ec) / ("patchbay-" + std::to_string(getuid()));
}

}  // namespace patchbay
