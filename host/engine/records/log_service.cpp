#include "engine/records/log_service.hpp"

#include <atomic>
#include <fcntl.h>
#include <future>
#include <sys/file.h>
#include <unistd.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <spdlog/spdlog.h>

#include "engine/plugins/crash_report.hpp"
#include "engine/records/log_guard.hpp"

namespace patchbay {

namespace asio = boost::asio;
namespace fs = std::filesystem;

namespace {

constexpr int kMaxProcesses = 64;

/// The first directory of this kind that no living process has, locked for this one.
fs::path claim_directory(const fs::path& parent, int& lock) {
    for (int i = 0; i < kMaxProcesses; ++i) {
        const fs::path directory = parent / std::to_string(i);
        std::error_code error;
        fs::create_directories(directory, error);
        fs::permissions(directory, fs::perms::owner_all, error);
        const int file = ::open((directory / "lock").c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
        if (file < 0) return {};
        if (::flock(file, LOCK_EX | LOCK_NB) == 0) {
            lock = file;
            return directory;
        }
        ::close(file);
    }
    return {};
}

/// The name of a sink as a folder's: what is not a letter, a digit, '-' or '_' is written as "%2f".
std::string folder_name(const std::string& name) {
    static constexpr char kHex[] = "0123456789abcdef";
    std::string folder;
    for (const char c : name) {
        const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                           (c >= '0' && c <= '9') || c == '-' || c == '_';
        if (plain) {
            folder += c;
        } else {
            const auto byte = static_cast<unsigned char>(c);
            ((folder += '%') += kHex[byte >> 4]) += kHex[byte & 15];
        }
    }
    return folder;
}

}  // namespace

class LogService::Impl {
  public:
    explicit Impl(LogServiceOptions options)
        : options_(std::move(options)),
          deadlines_(io_),
          client_(Loop{io_, deadlines_, blocking_}, options_.client) {}

    ~Impl() {
        stop();
        if (lock_ >= 0) ::close(lock_);
    }

    bool use(std::shared_ptr<const Snapshot> snapshot) {
        if (snapshot->log_sinks.empty() && journals_.empty()) return true;
        if (journals_.empty() && !start()) return false;
        std::promise<void> taken;
        asio::post(io_, [&] {
            take_sinks(snapshot);
            taken.set_value();
        });
        taken.get_future().wait();
        return true;
    }

    Journal* journal(std::size_t worker) {
        return worker < journals_.size() ? journals_[worker].get() : nullptr;
    }

    void stop() {
        if (!thread_.joinable()) return;
        asio::post(io_, [this] {
            stopping_ = true;
            timer_.cancel();
            limit_.expires_after(options_.drain_time);
            limit_.async_wait([this](boost::system::error_code) { io_.stop(); });
            if (!ticking_) end_deliveries();
        });
        thread_.join();
        std::uint64_t left = 0;
        for (const auto& [name, delivery] : deliveries_) left += delivery->stats()->pending;
        if (left > 0) spdlog::warn("{} log records stay on disk for the next start", left);
        // Coroutines that were cut off unwind while what they use is there.
        io_.restart();
        for (auto& [name, delivery] : deliveries_) delivery->stop();
        while (io_.poll() > 0) io_.restart();
    }

    std::vector<std::shared_ptr<const SinkStats>> stats() const {
        const std::lock_guard lock(mutex_);
        return {stats_.begin(), stats_.end()};
    }

    std::uint64_t dropped() const {
        std::uint64_t sum = 0;
        for (const auto& journal : journals_) sum += journal->dropped();
        return sum;
    }

    std::uint64_t unread() const { return unread_; }

    const WorkerMetrics& metrics() const { return metrics_; }

  private:
    bool start() {
        directory_ = claim_directory(options_.directory, lock_);
        if (directory_.empty()) {
            spdlog::error("no log is kept: {} cannot be used", options_.directory.string());
            return false;
        }
        // Journals of workers that there are no more of are read, too, and then left alone.
        int count = options_.workers;
        while (fs::exists(journal_path(count))) ++count;
        for (int i = 0; i < count; ++i) {
            auto journal = Journal::open(journal_path(i), options_.journal_bytes);
            if (!journal) {
                spdlog::error("no log is kept: {}: {}", journal_path(i).string(), journal.error());
                journals_.clear();
                return false;
            }
            journals_.push_back(std::move(*journal));
        }
        thread_ = std::thread([this] {
            const SignalStack stack;
            const auto guard = asio::make_work_guard(io_);
            io_.run();
        });
        return true;
    }

    fs::path journal_path(int worker) const {
        return directory_ / ("worker-" + std::to_string(worker) + ".journal");
    }

    // On the log thread.
    void take_sinks(const std::shared_ptr<const Snapshot>& snapshot) {
        std::map<std::string, const LogSink*> wanted;
        for (const auto& sink : snapshot->log_sinks) wanted[sink->config.name] = sink.get();
        for (auto it = deliveries_.begin(); it != deliveries_.end();) {
            const auto found = wanted.find(it->first);
            if (found != wanted.end()) {
                it->second->use(snapshot, *found->second);
                wanted.erase(found);
                ++it;
            } else {
                it->second->stop();
                it = deliveries_.erase(it);
            }
        }
        for (const auto& [name, sink] : wanted) add_sink(snapshot, *sink);
        const std::lock_guard lock(mutex_);
        stats_.clear();
        for (const auto& [name, delivery] : deliveries_) stats_.push_back(delivery->stats());
        snapshot_ = snapshot;
        if (ticking_) return;
        ticking_ = true;
        asio::co_spawn(io_, tick(), [this](std::exception_ptr) { end_deliveries(); });
    }

    void add_sink(const std::shared_ptr<const Snapshot>& snapshot, const LogSink& sink) {
        const std::string& name = sink.config.name;
        const std::uint64_t bound =
            sink.config.max_spool_mb ? static_cast<std::uint64_t>(*sink.config.max_spool_mb) << 20
                                     : kSpoolBytes;
        auto spool = Spool::open(directory_ / "sinks" / folder_name(name), bound);
        if (!spool) {
            spdlog::error("log sink '{}' gets nothing: its spool cannot be used: {}", name,
                          spool.error());
            return;
        }
        const Loop loop{io_, deadlines_, blocking_};
        auto delivery = std::make_shared<Delivery>(
            ExchangeContext{loop, client_}, std::move(*spool), snapshot, sink, Delivery::Pauses{});
        deliveries_.emplace(name, delivery);
        ++running_;
        const auto work = [](std::shared_ptr<Delivery> d) -> asio::awaitable<void> {
            co_await d->run();
        };
        asio::co_spawn(io_, work(delivery), [this, delivery](std::exception_ptr) {
            if (--running_ == 0 && stopping_) limit_.cancel();
        });
    }

    // Takes entries until the service stops, and then what there still is.
    asio::awaitable<void> tick() {
        while (!stopping_) {
            co_await take_entries();
            timer_.expires_after(kTick);
            if (!stopping_) co_await timer_.async_wait(asio::as_tuple(asio::use_awaitable));
        }
        co_await take_entries();
    }

    void end_deliveries() {
        for (auto& [name, delivery] : deliveries_) delivery->stop();
        if (running_ == 0) limit_.cancel();
    }

    asio::awaitable<void> take_entries() {
        for (const auto& journal : journals_) {
            for (auto bytes = journal->next(); !bytes.empty(); bytes = journal->next()) {
                if (auto entry = read_entry(bytes)) {
                    co_await take(std::move(*entry));
                } else {
                    ++unread_;
                    spdlog::error("a log record cannot be read back and is lost");
                }
                journal->release();
            }
        }
    }

    asio::awaitable<void> take(CallEntry entry) {
        Unread unread;
        OwnedEntry masked;
        if (entry.facts.contains("log_guards")) {
            masked = {std::move(entry.facts), std::string(entry.request),
                      std::string(entry.answer)};
            const auto snapshot = snapshot_;
            const ExchangeContext context{Loop{io_, deadlines_, blocking_}, client_};
            co_await mask_record(context, *snapshot, masked, metrics_, unread);
            entry = {std::move(masked.facts), masked.request, masked.answer};
        }
        const boost::json::object payload = make_payload(entry, unread);
        tell(entry, unread);
        for (auto& [name, delivery] : deliveries_) delivery->add(entry, payload);
    }

    void tell(const CallEntry& entry, const Unread& unread) {
        if (unread.empty()) return;
        unread_ += unread.size();
        const auto* id = entry.facts.if_contains("id");
        spdlog::warn("call {}: its log record lacks what cannot be read: {}{}",
                     id && id->is_string() ? std::string_view(id->get_string()) : "?",
                     unread.front(), unread.size() > 1 ? ", and more" : "");
    }

    LogServiceOptions options_;
    fs::path directory_;
    int lock_ = -1;
    asio::io_context io_;
    asio::thread_pool blocking_{1};  ///< posts to the loop until it is joined
    Deadlines deadlines_;
    http::Client client_;
    asio::steady_timer timer_{io_};
    asio::steady_timer limit_{io_};
    std::vector<std::unique_ptr<Journal>> journals_;
    std::map<std::string, std::shared_ptr<Delivery>> deliveries_;
    mutable std::mutex mutex_;
    std::vector<std::shared_ptr<const SinkStats>> stats_;
    std::atomic<std::uint64_t> unread_{0};
    WorkerMetrics metrics_;                     ///< of guardrails that look at records
    std::shared_ptr<const Snapshot> snapshot_;  ///< the latest
    int running_ = 0;
    bool ticking_ = false;
    bool stopping_ = false;
    std::thread thread_;
};

LogService::LogService(LogServiceOptions options)
    : impl_(std::make_unique<Impl>(std::move(options))) {}

LogService::~LogService() = default;

bool LogService::use(std::shared_ptr<const Snapshot> snapshot) {
    return impl_->use(std::move(snapshot));
}

Journal* LogService::journal(std::size_t worker) {
    return impl_->journal(worker);
}

void LogService::stop() {
    impl_->stop();
}

std::vector<std::shared_ptr<const SinkStats>> LogService::stats() const {
    return impl_->stats();
}

std::uint64_t LogService::dropped() const {
    return impl_->dropped();
}

std::uint64_t LogService::unread() const {
    return impl_->unread();
}

const WorkerMetrics& LogService::metrics() const {
    return impl_->metrics();
}

}  // namespace patchbay
