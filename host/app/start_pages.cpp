#include "app/start_pages.hpp"

#include <charconv>
#include <cstdint>
#include <fstream>
#include <link.h>
#include <string>
#include <string_view>
#include <sys/mman.h>
#include <vector>

namespace patchbay::app {

namespace {

constexpr std::uintptr_t kPage = 4096;  ///< or a multiple of it

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

/// Those that hold nothing but what their files hold: what the linker wrote to before it made it
/// read-only does not.
std::vector<Mapping> as_in_files() {
    constexpr std::string_view kOwnPages = "Anonymous:";
    std::vector<Mapping> found;
    Mapping current;
    std::ifstream file("/proc/self/smaps");
    for (std::string line; std::getline(file, line);) {
        if (Mapping next; read_mapping(line, next)) {
            current = next;
            continue;
        }
        if (!current.as_in_file || !line.starts_with(kOwnPages)) continue;
        const std::size_t first = line.find_first_not_of(' ', kOwnPages.size());
        if (first != std::string::npos && line.substr(first) == "0 kB") found.push_back(current);
    }
    return found;
}

/// What is looked for in programs and libraries, and how much of it was given back.
struct Release {
    std::vector<Mapping> mappings;
    std::size_t released = 0;
};

/// dl_iterate_phdr() holds the linker's lock meanwhile: none of them is unmapped, and none is among them that is
/// being mapped still.
int release_of(dl_phdr_info* object, std::size_t, void* given) {
    auto& work = *static_cast<Release*>(given);
    for (int i = 0; i < object->dlpi_phnum; ++i) {
        const ElfW(Phdr)& part = object->dlpi_phdr[i];
        if (part.p_type != PT_LOAD || (part.p_flags & PF_W) != 0) continue;
        const std::uintptr_t begin = object->dlpi_addr + part.p_vaddr;
        const std::uintptr_t end = begin + part.p_memsz;
        for (const Mapping& mapping : work.mappings) {
            // A mapping is whole pages, of which the first or the last may be the part's by half.
            if (mapping.end <= begin || mapping.begin >= end) continue;
            const std::size_t size = mapping.end - mapping.begin;
            const bool within = mapping.begin + kPage > begin && mapping.end < end + kPage;
            if (!within) continue;
            auto* const at = reinterpret_cast<void*>(mapping.begin);
            if (::madvise(at, size, MADV_DONTNEED) == 0) work.released += size;
        }
    }
    return 0;
}

}  // namespace

std::size_t release_start_pages() {
    Release work{as_in_files(), 0};
    ::dl_iterate_phdr(release_of, &work);
    return work.released;
}

}  // namespace patchbay::app
