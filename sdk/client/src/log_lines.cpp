#include "log_lines.hpp"

#include <algorithm>
#include <memory>
#include <mutex>

#include <spdlog/sinks/base_sink.h>
#include <spdlog/sinks/null_sink.h>
#include <spdlog/spdlog.h>

namespace patchbay::client {

namespace {

using Log = void(BAY_CALL*)(void*, std::uint32_t, bay_str) BAY_NOEXCEPT;

/// spdlog's levels are BAY_LOG_*, and one more.
class ProgramSink final : public spdlog::sinks::base_sink<std::mutex> {
  public:
    ProgramSink(Log to, void* ctx) : log_(to), ctx_(ctx) {}

  private:
    void sink_it_(const spdlog::details::log_msg& line) override {
        log_(ctx_, std::min(static_cast<std::uint32_t>(line.level), std::uint32_t{BAY_LOG_ERROR}),
             {line.payload.data(), line.payload.size()});
    }
    void flush_() override {}

    Log log_;
    void* ctx_;
};

}  // namespace

void send_log_lines(Log log, void* ctx) {
    static std::once_flag once;
    std::call_once(once, [] {
        auto silent = std::make_shared<spdlog::logger>(
            "patchbay", std::make_shared<spdlog::sinks::null_sink_mt>());
        silent->set_level(spdlog::level::off);
        spdlog::set_default_logger(std::move(silent));
    });
    if (log == nullptr) return;
    auto logger =
        std::make_shared<spdlog::logger>("patchbay", std::make_shared<ProgramSink>(log, ctx));
    logger->set_level(spdlog::level::trace);
    spdlog::set_default_logger(std::move(logger));
}

}  // namespace patchbay::client
