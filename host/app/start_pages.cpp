#include "app/start_pages.hpp"

#include <charconv>
#include <cstdint>
#include <fstream>
#include <string>
#include <string_view>
#include <sys/mman.h>

namespace patchbay::app {

namespace {

/// One entry of /proc/PID/smaps (proc(5)).
struct Mapping {
    std::uintptr_t begin = 0;
    std::uintptr_t end = 0;
    bool as_in_file = false;
};

/// "7f3a-7f4b r-xp 00001000 08:01 1234   /usr/lib/libc.so.6" of a file that this process cannot
/// write to by way of the mapping; false for every other line.
bool read_mapping(std::string_view line, Mapping& mapping) {
    const char* const end = line.data() + line.size();
    const auto [dash, wrong] = std::from_chars(line.data(), end, mapping.begin, 16);
    if (wrong != std::errc() || dash == end || *dash != '-') return false;
    const auto [space, bad] = std::from_chars(dash + 1, end, mapping.end, 16);
    if (bad != std::errc() || end - space < 5) return false;
    const std::string_view permissions(space + 1, 4);
    mapping.as_in_file = (permissions == "r-xp" || permissions == "r--p") &&
                         line.find(" /") != std::string_view::npos;
    return true;
}

}  // namespace

std::size_t release_start_pages() {
    constexpr std::string_view kOwnPages = "Anonymous:";
    std::size_t released = 0;
    Mapping current;
    std::ifstream file("/proc/self/smaps");
    for (std::string line; std::getline(file, line);) {
        if (Mapping next; read_mapping(line, next)) {
            current = next;
            continue;
        }
        if (!current.as_in_file || !line.starts_with(kOwnPages)) continue;
        // What the linker wrote to before it made it read-only is no longer as in the file.
        const std::size_t first = line.find_first_not_of(' ', kOwnPages.size());
        if (first == std::string::npos || line.substr(first) != "0 kB") continue;
        const std::size_t size = current.end - current.begin;
        if (::madvise(reinterpret_cast<void*>(current.begin), size, MADV_DONTNEED) == 0)
            released += size;
    }
    return released;
}

}  // namespace patchbay::app
