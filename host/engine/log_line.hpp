// How a line of the log looks, whoever writes it.
//
//     2026-01-01T00:00:00.000+00:00 info the message
//     {"message":"the message","level":"INFO","timestamp":"2026-01-01T00:00:00.000+00:00"}
//
// The second is LiteLLM's form for `json_logs`.
#pragma once

#include <chrono>
#include <ctime>
#include <string>
#include <string_view>

#include <spdlog/common.h>

namespace patchbay {

/// Local time to the millisecond, with its offset. For one thread.
class LogClock {
  public:
    /// Lives until the next call.
    std::string_view text(std::chrono::system_clock::time_point when);

  private:
    std::time_t second_ = -1;
    std::string text_;
};

/// "info", "warning", "error"; for JSON "INFO", "WARNING", "ERROR".
std::string_view log_level_name(spdlog::level::level_enum level, bool json);

/// A line with its end. The message is escaped.
void append_log_line(std::string& out, std::string_view time, spdlog::level::level_enum level,
                     std::string_view message, bool json);

/// What stands before the message. Who appends it escapes it and ends the line.
void begin_log_line(std::string& out, std::string_view time, spdlog::level::level_enum level);

/// The JSON line without its last brace and its end, for more members.
void begin_json_line(std::string& out, std::string_view time, spdlog::level::level_enum level,
                     std::string_view message);

}  // namespace patchbay
