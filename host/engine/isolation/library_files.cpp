#include "engine/isolation/library_files.hpp"

#include <cerrno>
#include <cstddef>
#include <dlfcn.h>
#include <fcntl.h>
#include <set>
#include <system_error>

#include "contract/manifest/elf.hpp"
#include "engine/plugins/trusted_file.hpp"

namespace patchbay::isolation {

namespace {

namespace fs = std::filesystem;
using boost::system::in_place_error;

constexpr std::size_t kMaxLibraries = 64;
constexpr std::size_t kMaxLibraryFile = 256u << 20;

/// Where the dynamic linker looks for what this program links.
std::vector<fs::path> search_directories() {
    std::vector<fs::path> directories;
    void* const self = ::dlopen(nullptr, RTLD_LAZY);
    Dl_serinfo size{};
    if (self == nullptr || ::dlinfo(self, RTLD_DI_SERINFOSIZE, &size) != 0) return directories;
    std::vector<std::max_align_t> space(size.dls_size / sizeof(std::max_align_t) + 1);
    auto* const all = reinterpret_cast<Dl_serinfo*>(space.data());
    *all = size;
    if (::dlinfo(self, RTLD_DI_SERINFOSIZE, all) != 0) return directories;
    if (::dlinfo(self, RTLD_DI_SERINFO, all) != 0) return directories;
    for (unsigned i = 0; i < all->dls_cnt; ++i)
        directories.emplace_back(all->dls_serpath[i].dls_name);
    return directories;
}

class Opener {
  public:
    /// The plugin; see open_library_files().
    std::string add_plugin(const fs::path& file) {
        files_.plugin = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
        if (files_.plugin < 0) return "cannot be opened: " + std::generic_category().message(errno);
        const auto bytes = read_trusted_file(file, kMaxLibraryFile);
        return bytes ? add_needed(*bytes) : bytes.error();
    }
    const LibraryFiles& files() const { return files_; }

  private:
    std::string add_needed(const std::string& bytes) {
        for (const std::string_view name : needed_libraries(bytes)) {
            if (auto wrong = add(std::string(name)); !wrong.empty()) return wrong;
        }
        return {};
    }

    std::string add(const std::string& name) {
        if (name.find('/') != std::string::npos)
            return "links " + name + " by a path, which an isolated plugin may not";
        if (!known_.insert(name).second) return {};
        if (::dlopen(name.c_str(), RTLD_LAZY | RTLD_NOLOAD) != nullptr) return {};
        if (known_.size() > kMaxLibraries) return "links too many libraries";
        for (const fs::path& directory : directories_) {
            const fs::path file = directory / name;
            const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
            if (fd < 0) continue;
            const auto bytes = read_trusted_file(file, kMaxLibraryFile);
            if (!bytes) return "links " + file.string() + ", which " + bytes.error();
            if (auto wrong = add_needed(*bytes); !wrong.empty()) return wrong;
            files_.libraries.push_back(fd);
            return {};
        }
        return "links " + name + ", which is in none of the system's directories of libraries";
    }

    const std::vector<fs::path> directories_ = search_directories();
    std::set<std::string> known_;
    LibraryFiles files_;
};

}  // namespace

boost::system::result<LibraryFiles, std::string> open_library_files(const fs::path& plugin) {
    Opener opener;
    if (auto wrong = opener.add_plugin(plugin); !wrong.empty()) return {in_place_error, wrong};
    return opener.files();
}

}  // namespace patchbay::isolation
