#include "engine/plugins/private_copy.hpp"

#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "engine/plugins/trusted_file.hpp"

namespace patchbay {

namespace {

namespace fs = std::filesystem;
using boost::system::in_place_error;

constexpr std::chrono::hours kStale{1};
constexpr int kAttempts = 8;

/// Opens and locks; null if that fails, or if `file` no longer names what was locked.
std::shared_ptr<const LockedFile> lock_file(const fs::path& file, int operation) {
    const int fd = ::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0) return nullptr;
    auto locked = std::make_shared<const LockedFile>(fd);
    int result = 0;
    while ((result = ::flock(fd, operation)) != 0 && errno == EINTR) {
    }
    if (result != 0) return nullptr;
    struct stat mine {};
    struct stat named {};
    if (::fstat(fd, &mine) != 0 || ::stat(file.c_str(), &named) != 0) return nullptr;
    if (mine.st_ino != named.st_ino || mine.st_dev != named.st_dev) return nullptr;
    return locked;
}

bool is_stale_temporary(const fs::directory_entry& entry) {
    if (!entry.path().filename().native().starts_with(kTemporaryPrefix)) return false;
    std::error_code error;
    const auto written = entry.last_write_time(error);
    return !error && fs::file_time_type::clock::now() - written > kStale;
}

}  // namespace

LockedFile::~LockedFile() {
    ::close(fd_);
}

boost::system::result<void, std::string> make_private_copy(PluginFile& plugin,
                                                           const fs::path& directory) {
    auto absolute = fs::absolute(directory).lexically_normal();
    if (!absolute.has_filename()) absolute = absolute.parent_path();
    if (auto wrong = prepare_trusted_directory(absolute); !wrong.empty())
        return {in_place_error, wrong};
    const auto target = absolute / (plugin.manifest.id + "-" + plugin.manifest.version + "-" +
                                    plugin.sha256.substr(0, 12) + ".so");
    // Between the look and the lock another process may have removed it.
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        if (!holds(target, plugin.bytes)) {
            if (auto wrong = write_trusted_file(target, plugin.bytes); !wrong.empty()) {
                return {in_place_error, wrong};
            }
        }
        plugin.lock = lock_file(target, LOCK_SH);
        if (!plugin.lock) continue;
        plugin.copy = target;
        return {};
    }
    return {in_place_error, target.string() + " cannot be locked"};
}

void prune_private_copies(const fs::path& directory) {
    std::error_code error;
    fs::directory_iterator entry(directory, error);
    for (; !error && entry != fs::directory_iterator(); entry.increment(error)) {
        const bool copy = entry->path().extension() == ".so";
        // The lock is held until the name is gone.
        const auto unused = copy ? lock_file(entry->path(), LOCK_EX | LOCK_NB) : nullptr;
        std::error_code ignored;
        if (unused || is_stale_temporary(*entry)) fs::remove(entry->path(), ignored);
    }
}

}  // namespace patchbay
