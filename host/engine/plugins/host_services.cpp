#include "engine/plugins/host_services.hpp"

#include <cerrno>
#include <chrono>
#include <cstdlib>
#include <string_view>
#include <sys/random.h>

#include <spdlog/spdlog.h>

#include "contract/crypto/crypto.hpp"

namespace patchbay {

namespace {

constexpr std::size_t kMaxLine = 4096;

spdlog::level::level_enum level_of(std::uint32_t level) {
    switch (level) {
        case BAY_LOG_TRACE:
            return spdlog::level::trace;
        case BAY_LOG_DEBUG:
            return spdlog::level::debug;
        case BAY_LOG_INFO:
            return spdlog::level::info;
        case BAY_LOG_WARN:
            return spdlog::level::warn;
        default:
            return spdlog::level::err;
    }
}

void BAY_CALL host_log(const bay_host* host, std::uint32_t level, bay_str message) noexcept {
    const auto& services = *static_cast<const HostServices*>(host->ctx);
    try {
        const auto spd_level = level_of(level);
        if (!spdlog::default_logger_raw()->should_log(spd_level)) return;
        spdlog::log(spd_level, "plugin {}: {}", services.plugin_id(), printable(message));
    } catch (...) {
        // Out of memory, or a log sink that throws: a lost line must not end the process.
    }
}

std::uint32_t BAY_CALL host_log_level(const bay_host*) noexcept {
    switch (spdlog::default_logger_raw()->level()) {
        case spdlog::level::trace:
            return BAY_LOG_TRACE;
        case spdlog::level::debug:
            return BAY_LOG_DEBUG;
        case spdlog::level::info:
            return BAY_LOG_INFO;
        case spdlog::level::warn:
            return BAY_LOG_WARN;
        case spdlog::level::err:
            return BAY_LOG_ERROR;
        default:
            return BAY_LOG_ERROR + 1;  // nothing of a plugin is logged
    }
}

std::int64_t BAY_CALL host_unix_ms(const bay_host*) noexcept {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return std::chrono::duration_cast<std::chrono::milliseconds>(now).count();
}

// The kernel's, not OpenSSL's: initialising that costs a process of its own 2 ms at every start.
void BAY_CALL host_random(const bay_host*, void* destination, std::size_t size) noexcept {
    auto* bytes = static_cast<unsigned char*>(destination);
    while (size > 0) {
        const ssize_t n = ::getrandom(bytes, size, 0);
        if (n < 0 && errno == EINTR) continue;
        // The function cannot fail, and predictable bytes are worse than no process.
        if (n <= 0) std::abort();
        bytes += n;
        size -= static_cast<std::size_t>(n);
    }
}

const void* BAY_CALL host_get_extension(const bay_host*, const char* id) noexcept {
    if (id != nullptr && std::string_view(id) == BAY_EXT_CRYPTO) return &crypto_service();
    return nullptr;
}

constexpr std::string_view kHostName = "patchbay";
constexpr std::string_view kHostVersion = PATCHBAY_VERSION;

}  // namespace

HostServices::HostServices(std::string plugin_id) : plugin_id_(std::move(plugin_id)) {
    table_ = bay_host{.size = sizeof(bay_host),
                      .abi_minor = BAY_ABI_MINOR,
                      .ctx = this,
                      .name = {kHostName.data(), kHostName.size()},
                      .version = {kHostVersion.data(), kHostVersion.size()},
                      .get_extension = host_get_extension,
                      .log = host_log,
                      .log_level = host_log_level,
                      .unix_ms = host_unix_ms,
                      .random = host_random};
}

std::string printable(bay_str text) {
    const std::string_view all(text.ptr == nullptr ? "" : text.ptr,
                               text.ptr == nullptr ? 0 : text.len);
    std::string result;
    for (const char c : all.substr(0, kMaxLine)) {
        const auto byte = static_cast<unsigned char>(c);
        if (byte >= 0x20 && byte != 0x7f) {
            result += c;
        } else if (c == '\n') {
            result += "\\n";
        } else {
            result += c == '\t' ? ' ' : '?';
        }
    }
    if (all.size() > kMaxLine) result += " [cut]";
    return result;
}

}  // namespace patchbay
