#include "engine/records/journal.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

#include <spdlog/spdlog.h>

#include "contract/text_hash.hpp"

namespace patchbay {

namespace {

constexpr std::uint64_t kMagic = 0x324A524C59415042;        // "BPAYLRJ2"
constexpr std::uint64_t kWithoutSums = 0x314A524C59415042;  // "BPAYLRJ1", of programs before
constexpr std::size_t kHeadBytes = 4096;
constexpr std::uint32_t kWrap = 0xFFFFFFFF;
constexpr std::size_t kPrefix = sizeof(std::uint64_t);  // length, and checksum

std::size_t padded(std::size_t bytes) {
    return kPrefix + ((bytes + 7) & ~std::size_t{7});
}

// Of an entry at a position: bytes of an earlier round at the same place have another one.
std::uint32_t checksum(std::string_view entry, std::uint64_t position) {
    return static_cast<std::uint32_t>(hash_text(entry, position));
}

std::string reason() {
    return std::system_category().message(errno);
}

}  // namespace

struct Journal::Head {
    std::uint64_t magic;
    std::uint64_t capacity;
    alignas(64) std::atomic<std::uint64_t> written;
    std::atomic<std::uint64_t> dropped;
    alignas(64) std::atomic<std::uint64_t> read;
    std::uint64_t sums_from;  ///< entries before this position have no checksum
};

Journal::Journal(int file, void* memory, std::size_t capacity)
    : file_(file), head_(static_cast<Head*>(memory)), capacity_(capacity) {
    static_assert(std::atomic<std::uint64_t>::is_always_lock_free);
    const std::uint64_t written = head_->written.load();
    const std::uint64_t read = head_->read.load();
    const bool without_sums = head_->magic == kWithoutSums;
    if ((head_->magic != kMagic && !without_sums) || head_->capacity != capacity ||
        read > written || written - read > capacity) {
        head_->written = 0;
        head_->read = 0;
        head_->dropped = 0;
        head_->sums_from = 0;
        head_->capacity = capacity;
        head_->magic = kMagic;
    } else if (without_sums) {
        head_->sums_from = written;
        head_->magic = kMagic;
    }
    cut_what_is_not_whole();
}

boost::system::result<std::unique_ptr<Journal>, std::string> Journal::open(
    const std::filesystem::path& path, std::size_t capacity) {
    using boost::system::in_place_error;
    const int file = ::open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) return {in_place_error, reason()};
    const std::size_t size = kHeadBytes + capacity;
    struct stat now {};
    const bool other = ::fstat(file, &now) == 0 && static_cast<std::size_t>(now.st_size) != size;
    if ((other && ::ftruncate(file, 0) != 0) ||
        (errno = ::posix_fallocate(file, 0, static_cast<off_t>(size))) != 0) {
        std::string why = reason();
        ::close(file);
        return {in_place_error, std::move(why)};
    }
    void* memory = ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (memory == MAP_FAILED) {
        std::string why = reason();
        ::close(file);
        return {in_place_error, std::move(why)};
    }
    return std::unique_ptr<Journal>(new Journal(file, memory, capacity));
}

Journal::~Journal() {
    ::munmap(head_, kHeadBytes + capacity_);
    ::close(file_);
}

char* Journal::data() const {
    return reinterpret_cast<char*>(head_) + kHeadBytes;
}

bool Journal::append(std::span<const std::string_view> parts) {
    std::size_t bytes = 0;
    for (const std::string_view part : parts) bytes += part.size();
    const std::uint64_t written = head_->written.load(std::memory_order_relaxed);
    const std::uint64_t free = capacity_ - (written - head_->read.load(std::memory_order_acquire));
    std::size_t at = written & (capacity_ - 1);
    const std::size_t needed = padded(bytes);
    const std::size_t skip = needed > capacity_ - at ? capacity_ - at : 0;
    if (bytes >= kWrap || needed > capacity_ || skip + needed > free) {
        head_->dropped.fetch_add(1, std::memory_order_relaxed);
        return false;
    }
    if (skip != 0) {
        std::memcpy(data() + at, &kWrap, sizeof kWrap);
        at = 0;
    }
    char* const entry = data() + at + kPrefix;
    char* to = entry;
    for (const std::string_view part : parts) {
        std::memcpy(to, part.data(), part.size());
        to += part.size();
    }
    const std::array<std::uint32_t, 2> prefix{static_cast<std::uint32_t>(bytes),
                                              checksum({entry, bytes}, written + skip)};
    static_assert(sizeof prefix == kPrefix);
    std::memcpy(data() + at, prefix.data(), sizeof prefix);
    head_->written.store(written + skip + needed, std::memory_order_release);
    return true;
}

std::string_view Journal::next() {
    const std::string_view entry = entry_from(head_->read.load(std::memory_order_relaxed));
    if (entry.empty()) head_->read.store(after_next_, std::memory_order_release);
    return entry;
}

std::string_view Journal::ahead() {
    return entry_from(after_next_);
}

std::size_t Journal::room() const {
    const std::uint64_t written = head_->written.load(std::memory_order_relaxed);
    const std::uint64_t used = written - head_->read.load(std::memory_order_acquire);
    // What an entry that goes to the beginning leaves unused at the end is no more than itself.
    return (capacity_ - used) / 2;
}

std::string_view Journal::entry_from(std::uint64_t read) {
    const std::uint64_t written = head_->written.load(std::memory_order_acquire);
    while (read < written) {
        const std::size_t at = read & (capacity_ - 1);
        std::uint32_t length = 0;
        std::memcpy(&length, data() + at, sizeof length);
        if (length == kWrap) {
            read += capacity_ - at;
            continue;
        }
        // Only a file that something else wrote to can hold a length that leads out of it.
        if (padded(length) > capacity_ - at || padded(length) > written - read) break;
        after_next_ = read + padded(length);
        return {data() + at + kPrefix, length};
    }
    after_next_ = written;
    return {};
}

void Journal::cut_what_is_not_whole() {
    const std::uint64_t written = head_->written;
    std::uint64_t whole = after_next_ = head_->read;
    for (auto entry = ahead(); !entry.empty(); entry = ahead()) {
        const std::uint64_t at = after_next_ - padded(entry.size());
        std::uint32_t sum = 0;
        std::memcpy(&sum, entry.data() - sizeof sum, sizeof sum);
        if (at >= head_->sums_from && sum != checksum(entry, at)) break;
        whole = after_next_;
    }
    if (whole == written) return;
    spdlog::error(
        "the last {} bytes of a ring of entries were not on the disk when the machine went down, "
        "and are lost",
        written - whole);
    head_->written = whole;
    head_->dropped.fetch_add(1);
}

void Journal::release() {
    head_->read.store(after_next_, std::memory_order_release);
}

std::uint64_t Journal::dropped() const {
    return head_->dropped.load(std::memory_order_relaxed);
}

}  // namespace patchbay
