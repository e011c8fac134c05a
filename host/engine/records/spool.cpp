#include "engine/records/spool.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <fcntl.h>
#include <fstream>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace patchbay {

namespace fs = std::filesystem;

namespace {

constexpr const char* kSuffix = ".records";
constexpr std::uint32_t kMaxRecord = 64u << 20;

/// What stands before each record.
struct Frame {
    std::uint32_t length = 0;  ///< of id and json together
    std::uint32_t id_length = 0;
    std::int64_t unix_ms = 0;
    std::uint64_t failed = 0;
};
static_assert(sizeof(Frame) == 24);

std::string reason() {
    return std::system_category().message(errno);
}

bool write_all(int file, const std::string& bytes) {
    std::size_t at = 0;
    while (at < bytes.size()) {
        const ssize_t wrote = ::write(file, bytes.data() + at, bytes.size() - at);
        if (wrote < 0 && errno == EINTR) continue;
        if (wrote <= 0) return false;
        at += static_cast<std::size_t>(wrote);
    }
    return true;
}

/// Reads one frame with its record; false at the end, or where something was cut off.
bool read_record(std::ifstream& file, std::uint64_t left, Frame& frame, LogRecord* record) {
    if (left < sizeof frame) return false;
    file.read(reinterpret_cast<char*>(&frame), sizeof frame);
    if (!file || frame.length > kMaxRecord || frame.id_length > frame.length ||
        frame.length > left - sizeof frame) {
        return false;
    }
    if (!record) return static_cast<bool>(file.seekg(frame.length, std::ios::cur));
    record->id.resize(frame.id_length);
    record->json.resize(frame.length - frame.id_length);
    file.read(record->id.data(), static_cast<std::streamsize>(record->id.size()));
    file.read(record->json.data(), static_cast<std::streamsize>(record->json.size()));
    record->unix_ms = frame.unix_ms;
    record->failed = frame.failed != 0;
    return static_cast<bool>(file);
}

}  // namespace

Spool::Spool(fs::path directory, std::uint64_t max_bytes)
    : directory_(std::move(directory)), max_bytes_(max_bytes) {}

Spool::Spool(Spool&& other) noexcept
    : directory_(std::move(other.directory_)),
      max_bytes_(other.max_bytes_),
      segments_(std::move(other.segments_)),
      file_(std::exchange(other.file_, -1)),
      cursor_(std::exchange(other.cursor_, -1)),
      read_(other.read_),
      pending_(other.pending_),
      bytes_(other.bytes_),
      dropped_(other.dropped_),
      seq_(other.seq_) {}

Spool::~Spool() {
    if (file_ >= 0) ::close(file_);
    if (cursor_ >= 0) ::close(cursor_);
}

boost::system::result<Spool, std::string> Spool::open(fs::path directory, std::uint64_t max_bytes) {
    Spool spool(std::move(directory), max_bytes);
    if (std::string wrong = spool.load(); !wrong.empty()) {
        return {boost::system::in_place_error, std::move(wrong)};
    }
    return {boost::system::in_place_value, std::move(spool)};
}

fs::path Spool::segment_path(std::uint64_t number) const {
    std::string name = std::to_string(number);
    name.insert(0, 20 - std::min<std::size_t>(name.size(), 20), '0');
    return directory_ / (name + kSuffix);
}

std::string Spool::load() {
    std::error_code error;
    fs::create_directories(directory_, error);
    if (error) return error.message();
    fs::permissions(directory_, fs::perms::owner_all, error);
    cursor_ = ::open((directory_ / "position").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (cursor_ < 0) return reason();
    if (::pread(cursor_, &read_, sizeof read_, 0) != static_cast<ssize_t>(sizeof read_)) read_ = {};
    for (const auto& entry : fs::directory_iterator(directory_, error)) {
        if (entry.path().extension() != kSuffix) continue;
        const std::string stem = entry.path().stem().string();
        std::uint64_t number = 0;
        std::from_chars(stem.data(), stem.data() + stem.size(), number);
        segments_.emplace_back(number, entry.file_size(error));
    }
    if (error) return error.message();
    std::sort(segments_.begin(), segments_.end());
    while (!segments_.empty() && segments_.front().first < read_.segment) {
        fs::remove(segment_path(segments_.front().first), error);
        segments_.pop_front();
    }
    for (auto& [number, size] : segments_) {
        std::uint64_t end = 0;
        const std::uint64_t from = number == read_.segment ? read_.offset : 0;
        pending_ += count_records(number, from, &end);
        if (end < size) fs::resize_file(segment_path(number), end, error);
        size = end;
        bytes_ += size;
    }
    const std::uint64_t last = segments_.empty() ? read_.segment : segments_.back().first;
    return start_segment(last + 1) ? std::string() : reason();
}

std::uint64_t Spool::count_records(std::uint64_t segment, std::uint64_t from,
                                   std::uint64_t* end) const {
    std::ifstream file(segment_path(segment), std::ios::binary);
    std::error_code error;
    const std::uint64_t size = fs::file_size(segment_path(segment), error);
    if (!file || error || from > size) {
        if (end) *end = error ? 0 : std::min(from, size);
        return 0;
    }
    file.seekg(static_cast<std::streamoff>(from));
    std::uint64_t count = 0;
    std::uint64_t at = from;
    for (Frame frame; read_record(file, size - at, frame, nullptr); ++count) {
        at += sizeof frame + frame.length;
    }
    if (end) *end = at;
    return count;
}

bool Spool::start_segment(std::uint64_t number) {
    const int file =
        ::open(segment_path(number).c_str(), O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (file < 0) return false;
    if (file_ >= 0) ::close(file_);
    file_ = file;
    segments_.emplace_back(number, 0);
    return true;
}

bool Spool::append(const LogRecord& record) {
    if (segments_.back().second >= kSegmentBytes) start_segment(segments_.back().first + 1);
    Frame frame;
    frame.length = static_cast<std::uint32_t>(record.id.size() + record.json.size());
    frame.id_length = static_cast<std::uint32_t>(record.id.size());
    frame.unix_ms = record.unix_ms;
    frame.failed = record.failed ? 1 : 0;
    std::string bytes(reinterpret_cast<const char*>(&frame), sizeof frame);
    bytes += record.id;
    bytes += record.json;
    if (bytes.size() > kMaxRecord || !write_all(file_, bytes)) {
        ++dropped_;
        // What went halfway must not stand before the next one.
        if (::ftruncate(file_, static_cast<off_t>(segments_.back().second)) != 0) {
            start_segment(segments_.back().first + 1);
        }
        return false;
    }
    segments_.back().second += bytes.size();
    bytes_ += bytes.size();
    ++pending_;
    while (bytes_ > max_bytes_ && segments_.size() > 1) remove_oldest(false);
    return true;
}

void Spool::remove_oldest(bool delivered) {
    const auto [number, size] = segments_.front();
    if (!delivered) {
        const std::uint64_t lost =
            count_records(number, number == read_.segment ? read_.offset : 0);
        dropped_ += lost;
        pending_ -= std::min(lost, pending_);
    }
    std::error_code ignored;
    fs::remove(segment_path(number), ignored);
    bytes_ -= std::min(size, bytes_);
    segments_.pop_front();
    if (read_.segment <= number) read_ = {segments_.front().first, 0};
}

Spool::Batch Spool::read(std::size_t max_records, std::size_t max_bytes) {
    Batch batch;
    batch.begin = batch.end = read_;
    std::size_t bytes = 0;
    for (const auto& [number, size] : segments_) {
        if (number < read_.segment) continue;
        std::uint64_t at = number == read_.segment ? read_.offset : 0;
        std::ifstream file(segment_path(number), std::ios::binary);
        file.seekg(static_cast<std::streamoff>(at));
        while (batch.records.size() < max_records && bytes < max_bytes) {
            LogRecord record;
            Frame frame;
            if (!read_record(file, size - at, frame, &record)) break;
            if (bytes + record.json.size() > max_bytes && !batch.records.empty()) return batch;
            at += sizeof frame + frame.length;
            bytes += record.json.size();
            record.seq = ++seq_;
            batch.records.push_back(std::move(record));
            batch.end = {number, at};
        }
        if (batch.records.size() >= max_records || bytes >= max_bytes) break;
    }
    return batch;
}

void Spool::commit(const Batch& batch) {
    if (batch.end <= read_) return;
    if (batch.begin == read_) {
        pending_ -= batch.records.size();
        read_ = batch.end;
    } else {
        // Some of it fell to the bound meanwhile.
        read_ = batch.end;
        pending_ = 0;
        for (const auto& [number, size] : segments_) {
            if (number < read_.segment) continue;
            pending_ += count_records(number, number == read_.segment ? read_.offset : 0);
        }
    }
    while (segments_.size() > 1 && segments_.front().first < read_.segment) remove_oldest(true);
    // If this fails the batch is delivered again after a restart; the ids tell.
    [[maybe_unused]] const ssize_t wrote = ::pwrite(cursor_, &read_, sizeof read_, 0);
}

}  // namespace patchbay
