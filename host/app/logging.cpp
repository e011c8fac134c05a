#include "app/logging.hpp"

#include <cstdlib>
#include <string_view>

#include <spdlog/async.h>
#include <spdlog/sinks/stdout_color_sinks.h>
#include <spdlog/spdlog.h>

namespace patchbay::app {

void start_logging(int level) {
    constexpr std::size_t kQueue = 2048;  // lines, 0.4 KB each; the oldest gives way
    spdlog::init_thread_pool(kQueue, 1);
    auto logger = spdlog::create_async_nb<spdlog::sinks::stderr_color_sink_mt>("patchbay");
    logger->set_pattern("%Y-%m-%dT%H:%M:%S.%e%z %^%l%$ %v");
    logger->flush_on(spdlog::level::info);
    spdlog::level::level_enum chosen = spdlog::level::info;
    if (const char* name = std::getenv("LITELLM_LOG")) {
        const std::string_view text(name);
        if (text == "DEBUG") chosen = spdlog::level::debug;
        if (text == "ERROR") chosen = spdlog::level::err;
    }
    if (level == 1) chosen = spdlog::level::debug;
    if (level >= 2) chosen = spdlog::level::trace;
    logger->set_level(chosen);
    spdlog::set_default_logger(logger);
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
