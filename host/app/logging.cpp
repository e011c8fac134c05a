#include "app/logging.hpp"

#include <array>
#include <cerrno>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string_view>
#include <unistd.h>
#include <utility>

#include <spdlog/async.h>
#include <spdlog/details/console_globals.h>
#include <spdlog/formatter.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

#include "engine/log_line.hpp"

namespace patchbay::app {

namespace {

using Level = spdlog::level::level_enum;

/// Every line of the log: none can be forged by what a message quotes.
class LineFormatter final : public spdlog::formatter {
  public:
    explicit LineFormatter(bool json) : json_(json) {}

    void format(const spdlog::details::log_msg& msg, spdlog::memory_buf_t& dest) override {
        line_.clear();
        const std::string_view time = clock_.text(msg.time);
        append_log_line(line_, time, msg.level, {msg.payload.data(), msg.payload.size()}, json_);
        if (!json_) {
            msg.color_range_start = time.size() + 1;
            msg.color_range_end = msg.color_range_start + log_level_name(msg.level, false).size();
        }
        dest.append(line_.data(), line_.data() + line_.size());
    }
    std::unique_ptr<spdlog::formatter> clone() const override {
        return std::make_unique<LineFormatter>(json_);
    }

  private:
    bool json_;
    std::string line_;
    LogClock clock_;
};

// LiteLLM's names for LITELLM_LOG.
Level level_from_environment() {
    constexpr std::array<std::pair<std::string_view, Level>, 4> kNames{
        {{"DEBUG", spdlog::level::debug},
         {"INFO", spdlog::level::info},
         {"WARNING", spdlog::level::warn},
         {"ERROR", spdlog::level::err}}};
    const char* name = std::getenv("LITELLM_LOG");
    for (const auto& [text, level] : kNames) {
        if (name != nullptr && text == name) return level;
    }
    return spdlog::level::info;
}

}  // namespace

bool json_logs_in_environment() {
    const char* value = std::getenv("JSON_LOGS");
    const std::string_view text = value != nullptr ? value : "";
    return !(text.empty() || text == "0" || text == "false" || text == "False");
}

void start_logging(int level) {
    constexpr std::size_t kQueue = 2048;  // lines, 0.4 KB each; the oldest gives way
    spdlog::init_thread_pool(kQueue, 1);
    auto logger = spdlog::create_async_nb<spdlog::sinks::stderr_color_sink_mt>("patchbay");
    logger->set_formatter(std::make_unique<LineFormatter>(json_logs_in_environment()));
    logger->flush_on(spdlog::level::info);
    Level chosen = level_from_environment();
    if (level == 1) chosen = spdlog::level::debug;
    if (level >= 2) chosen = spdlog::level::trace;
    logger->set_level(chosen);
    spdlog::set_default_logger(logger);
}

void log_as_configured(const Config& config) {
    const auto logger = spdlog::default_logger();
    const bool verbose = config.litellm.set_verbose || config.router.set_verbose;
    if (verbose && logger->level() == spdlog::level::info &&
        std::getenv("LITELLM_LOG") == nullptr) {
        logger->set_level(spdlog::level::debug);
    }
    logger->set_formatter(std::make_unique<LineFormatter>(config.litellm.json_logs));
}

void write_log_lines(std::string_view lines) {
    // The lock under which the lines of all others are written: none of them is torn.
    const std::lock_guard lock(spdlog::details::console_mutex::mutex());
    while (!lines.empty()) {
        const ssize_t written = ::write(STDERR_FILENO, lines.data(), lines.size());
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;  // nobody is there to be told
        lines.remove_prefix(static_cast<std::size_t>(written));
    }
}

void log_problems(const std::vector<Problem>& problems) {
    for (const Problem& problem : problems) {
        const bool error = problem.severity == Problem::Severity::error;
        const std::string place = problem.place.text();  // the level is the line's own
        spdlog::log(error ? spdlog::level::err : spdlog::level::warn, "{}{}{}", place,
                    place.empty() ? "" : ": ", problem.message);
    }
}

}  // namespace patchbay::app
