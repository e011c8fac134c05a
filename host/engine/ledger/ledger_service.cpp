#include "engine/ledger/ledger_service.hpp"

#include <algorithm>
#include <cstddef>
#include <fcntl.h>
#include <sys/file.h>
#include <tuple>
#include <unistd.h>

#include <openssl/rand.h>
#include <spdlog/spdlog.h>

namespace patchbay {

namespace fs = std::filesystem;

namespace {

using store::LedgerLine;
using store::LedgerSource;

std::array<std::uint8_t, 16> random_bytes() {
    std::array<std::uint8_t, 16> bytes{};
    RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
    return bytes;
}

int claim(const fs::path& directory) {
    std::error_code error;
    fs::create_directories(directory, error);
    fs::permissions(directory, fs::perms::owner_all, error);
    const int file = ::open((directory / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file >= 0 && ::flock(file, LOCK_EX | LOCK_NB) == 0) return file;
    if (file >= 0) ::close(file);
    return -1;
}

fs::path ring_path(const fs::path& directory, std::size_t ring) {
    return directory / ("worker-" + std::to_string(ring) + ".ring");
}

// `bytes` are the record, into which the line views.
LedgerLine line_of(const LedgerRecord& record, std::string_view bytes) {
    const LedgerEntry& entry = record.head.entry;
    const Usage counts = entry.counts();
    const auto count = [&](std::uint64_t Usage::*which) {
        return static_cast<std::int64_t>(counts.*which);
    };
    LedgerLine line;
    line.seq = static_cast<std::int64_t>(record.head.seq);
    line.call = record.head.call;
    line.attempt = static_cast<int>(entry.attempt);
    line.client_call = record.names.client_call;
    line.key = record.names.key;
    line.debtors = record.head.debtors;
    line.model_group = record.names.model_group;
    line.model = record.names.model;
    line.deployment = record.names.deployment;
    line.provider = record.names.provider;
    line.route = record.names.route;
    line.customer = record.names.customer;
    line.counters = record.names.counters;
    line.status = entry.status;
    line.flags = entry.flags;
    line.tier = entry.tier;
    line.started_us = entry.started_us;
    line.ended_us = entry.ended_us;
    line.prompt = count(&Usage::prompt);
    line.completion = count(&Usage::completion);
    line.cached = count(&Usage::cached);
    line.written = count(&Usage::cache_creation);
    const std::size_t usage = offsetof(LedgerHead, entry) + offsetof(LedgerEntry, usage);
    line.usage = {reinterpret_cast<const std::uint8_t*>(bytes.data()) + usage, sizeof entry.usage};
    line.price = static_cast<std::int64_t>(entry.price);
    line.cost = entry.cost;
    line.charge = entry.charge;
    return line;
}

}  // namespace

boost::system::result<std::unique_ptr<LedgerService>, std::string> LedgerService::start(
    LedgerOptions options) {
    using boost::system::in_place_error;
    const int lock = claim(options.directory);
    if (lock < 0) {
        return {in_place_error, options.directory.string() +
                                    " cannot be used, or another gateway uses it "
                                    "(PATCHBAY_STATE_DIR)"};
    }
    auto opened = store::LedgerStore::open(options.store);
    if (!opened) {
        ::close(lock);
        return {in_place_error, options.store.shown() + ": " + opened.error().text};
    }
    std::unique_ptr<LedgerService> service(
        new LedgerService(std::move(options), std::move(*opened), lock));
    if (std::string why = service->open_rings(); !why.empty()) return {in_place_error, why};
    // Whoever reads a sum out of the books next would miss what a process before has left in its rings.
    while (service->post_batch()) {
    }
    service->thread_ = std::thread([raw = service.get()] { raw->run(); });
    return service;
}

LedgerService::LedgerService(LedgerOptions options, store::LedgerStore store, int lock)
    : options_(std::move(options)), store_(std::move(store)), lock_(lock) {}

LedgerService::~LedgerService() {
    stop();
    ::close(lock_);
}

// Rings of workers that there are no more of are read, too.
std::string LedgerService::open_rings() {
    auto count = static_cast<std::size_t>(options_.workers);
    while (fs::exists(ring_path(options_.directory, count))) ++count;
    const auto epoch = random_bytes();
    for (std::size_t i = 0; i < count; ++i) {
        const fs::path path = ring_path(options_.directory, i);
        auto journal = Journal::open(path, options_.ring_bytes);
        if (!journal) return path.string() + ": " + journal.error();
        rings_.push_back(std::make_unique<LedgerRing>(std::move(*journal), epoch,
                                                      static_cast<std::uint32_t>(i)));
    }
    return {};
}

LedgerSource& LedgerService::source_of(const LedgerHead& head) {
    const auto ring = static_cast<int>(head.ring);
    // Most entries are of the same one as the entry before.
    const auto found = std::find_if(batch_.rbegin(), batch_.rend(), [&](const LedgerSource& known) {
        return known.ring == ring && known.epoch == head.epoch;
    });
    if (found != batch_.rend()) return *found;
    return batch_.emplace_back(LedgerSource{head.epoch, ring, {}});
}

// Posts up to a batch of entries of all rings. True: a whole one, so there may be more at once.
bool LedgerService::post_batch() {
    for (LedgerSource& source : batch_) source.lines.clear();
    std::size_t entries = 0;
    std::vector<Journal*> taken;
    for (const auto& ring : rings_) {
        if (entries >= options_.batch) break;
        Journal& journal = ring->journal();
        auto bytes = journal.next();
        if (!bytes.empty()) taken.push_back(&journal);
        while (!bytes.empty()) {
            if (const auto record = read_ledger_record(bytes)) {
                source_of(record->head).lines.push_back(line_of(*record, bytes));
            } else {
                spdlog::error("an entry of the ledger cannot be read back and is lost");
            }
            // What was looked at last is released with the others.
            if (++entries >= options_.batch) break;
            bytes = journal.ahead();
        }
    }
    waiting_ = entries;
    if (taken.empty()) return false;
    std::erase_if(batch_, [](const LedgerSource& source) { return source.lines.empty(); });
    // In the same order in every process, as each locks the rows of all of its sources.
    std::sort(batch_.begin(), batch_.end(), [](const LedgerSource& a, const LedgerSource& b) {
        return std::tie(a.epoch, a.ring) < std::tie(b.epoch, b.ring);
    });
    const auto done = store_.post(batch_);
    tell(done);
    if (!done) return false;
    for (Journal* journal : taken) journal->release();
    posted_ += entries;
    waiting_ = 0;
    return entries >= options_.batch;
}

// Logs when the store goes and when it comes back.
void LedgerService::tell(const store::Stored<void>& posted) {
    if (!posted) ++failures_;
    if (posted.has_error() == away_) return;
    away_ = posted.has_error();
    if (away_) {
        spdlog::error("the ledger's store does not take entries, which wait: {}",
                      posted.error().text);
    } else {
        spdlog::info("the ledger's store takes entries again");
    }
}

void LedgerService::run() {
    while (true) {
        const bool more = post_batch();
        if (!more && pause(options_.pause)) break;
    }
    const auto deadline = std::chrono::steady_clock::now() + options_.drain_time;
    while (std::chrono::steady_clock::now() < deadline) {
        if (post_batch()) continue;
        if (waiting_ == 0) break;
        std::unique_lock lock(mutex_);
        wake_.wait_for(lock, options_.pause);
    }
    if (waiting_ > 0) spdlog::warn("entries of the ledger stay on disk for the next start");
}

// True: it is to stop.
bool LedgerService::pause(std::chrono::milliseconds time) {
    std::unique_lock lock(mutex_);
    return wake_.wait_for(lock, time, [this] { return stopping_; });
}

void LedgerService::stop() {
    if (!thread_.joinable()) return;
    {
        const std::lock_guard lock(mutex_);
        stopping_ = true;
    }
    wake_.notify_all();
    thread_.join();
}

LedgerFigures LedgerService::figures() const {
    LedgerFigures figures;
    figures.posted = posted_;
    figures.failures = failures_;
    figures.waiting = waiting_;
    for (const auto& ring : rings_) figures.lost += ring->journal().dropped();
    return figures;
}

}  // namespace patchbay
