#include "engine/plugins/trusted_file.hpp"

#include <cerrno>
#include <cstdlib>
#include <fcntl.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace patchbay {

namespace {

using boost::system::in_place_error;
using boost::system::in_place_value;

class Descriptor {
  public:
    explicit Descriptor(int fd) : fd_(fd) {}
    ~Descriptor() {
        if (fd_ >= 0) ::close(fd_);
    }
    Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
    Descriptor& operator=(Descriptor&&) = delete;
    int get() const { return fd_; }
    bool ok() const { return fd_ >= 0; }

  private:
    int fd_;
};

std::string reason(int error) {
    return std::generic_category().message(error);
}

/// Who may have written this? Empty = only root or the user of this process.
std::string untrusted(const struct stat& status) {
    if (status.st_uid != 0 && status.st_uid != ::geteuid()) {
        return "is owned by user " + std::to_string(status.st_uid) +
               ", neither by root nor by the user the gateway runs as";
    }
    if ((status.st_mode & S_IWOTH) != 0) return "is writable by everybody";
    if ((status.st_mode & S_IWGRP) != 0) return "is writable by its group";
    return {};
}

boost::system::result<std::string, std::error_code> read_all(int fd, std::size_t size) {
    std::string bytes(size, '\0');
    std::size_t got = 0;
    while (got < size) {
        const ssize_t n = ::read(fd, bytes.data() + got, size - got);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return {in_place_error, errno, std::generic_category()};
        if (n == 0) break;
        got += static_cast<std::size_t>(n);
    }
    bytes.resize(got);
    return {in_place_value, std::move(bytes)};
}

bool write_all(int fd, std::string_view bytes) {
    while (!bytes.empty()) {
        const ssize_t n = ::write(fd, bytes.data(), bytes.size());
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return false;
        bytes.remove_prefix(static_cast<std::size_t>(n));
    }
    return true;
}

/// The open file and its size.
struct Opened {
    Descriptor fd;
    std::size_t size = 0;
};

boost::system::result<Opened, std::string> open_trusted_file(const std::filesystem::path& file,
                                                             std::size_t limit) {
    // O_NONBLOCK: opening a FIFO must not wait for a writer.
    Descriptor fd(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK));
    if (!fd.ok()) return {in_place_error, "cannot be opened: " + reason(errno)};
    struct stat status {};
    if (::fstat(fd.get(), &status) != 0)
        return {in_place_error, "cannot be read: " + reason(errno)};
    if (!S_ISREG(status.st_mode)) return {in_place_error, "is not a regular file"};
    if (auto why = untrusted(status); !why.empty()) return {in_place_error, why};
    if (static_cast<std::uint64_t>(status.st_size) > limit) {
        return {in_place_error, "is larger than " + std::to_string(limit >> 20) + " MiB"};
    }
    return {in_place_value, Opened{std::move(fd), static_cast<std::size_t>(status.st_size)}};
}

}  // namespace

boost::system::result<std::string, std::string> read_trusted_file(const std::filesystem::path& file,
                                                                  std::size_t limit) {
    const auto opened = open_trusted_file(file, limit);
    if (!opened) return {in_place_error, opened.error()};
    auto bytes = read_all(opened->fd.get(), opened->size);
    if (!bytes) return {in_place_error, "cannot be read: " + bytes.error().message()};
    return {in_place_value, std::move(*bytes)};
}

bool holds(const std::filesystem::path& file, std::string_view bytes) {
    const auto opened = open_trusted_file(file, bytes.size());
    if (!opened || opened->size != bytes.size()) return false;
    char piece[64 << 10];
    while (true) {
        const ssize_t n = ::read(opened->fd.get(), piece, sizeof piece);
        if (n < 0 && errno == EINTR) continue;
        if (n <= 0) return n == 0 && bytes.empty();
        const std::string_view got(piece, static_cast<std::size_t>(n));
        if (!bytes.starts_with(got)) return false;
        bytes.remove_prefix(got.size());
    }
}

std::string check_trusted_directory(const std::filesystem::path& directory) {
    struct stat status {};
    if (::stat(directory.c_str(), &status) != 0) return {};
    return untrusted(status);
}

std::string prepare_trusted_directory(const std::filesystem::path& directory) {
    std::error_code error;
    std::filesystem::create_directories(directory.parent_path(), error);
    if (::mkdir(directory.c_str(), 0700) != 0 && errno != EEXIST) {
        return directory.string() + " cannot be made: " + reason(errno);
    }
    struct stat status {};
    if (::lstat(directory.c_str(), &status) != 0) {
        return directory.string() + " cannot be read: " + reason(errno);
    }
    if (!S_ISDIR(status.st_mode)) return directory.string() + " is not a directory";
    if (auto why = untrusted(status); !why.empty()) return directory.string() + " " + why;
    return {};
}

std::string write_trusted_file(const std::filesystem::path& target, std::string_view bytes) {
    std::string temporary =
        (target.parent_path() / (std::string(kTemporaryPrefix) + "XXXXXX")).string();
    const Descriptor fd(::mkostemp(temporary.data(), O_CLOEXEC));
    if (!fd.ok()) return target.string() + " cannot be written: " + reason(errno);
    const bool done = write_all(fd.get(), bytes) && ::fchmod(fd.get(), 0500) == 0 &&
                      ::rename(temporary.c_str(), target.c_str()) == 0;
    if (!done) {
        const int error = errno;
        ::unlink(temporary.c_str());
        return target.string() + " cannot be written: " + reason(error);
    }
    return {};
}

}  // namespace patchbay
