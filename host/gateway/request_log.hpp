// One line of the log for each request: what came, from whom, what became of it.
//
// A worker only puts its line behind those that wait; a thread writes what has gathered in one
// system call. A line costs a worker well under a microsecond, and a log that nobody takes costs
// lines, never requests.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <functional>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

#include <spdlog/common.h>

#include "engine/log_line.hpp"

namespace patchbay::gateway {

/// The status of a line whose client left before its answer was whole.
inline constexpr int kClientLeft = 499;

/// What a line tells. Views are of any bytes and any length: lines escape and cut them. What is
/// empty or 0 is left out.
struct LoggedRequest {
    std::string_view client;  ///< address
    std::string_view method;
    std::string_view path;  ///< without query, which may hold keys
    int status = 0;
    std::string_view model;     ///< as the client asked for it
    std::string_view upstream;  ///< of the last attempt, "openai/gpt-4o"
    std::chrono::nanoseconds duration{0};
    std::chrono::nanoseconds first_token{0};
    std::uint64_t prompt_tokens = 0;
    std::uint64_t completion_tokens = 0;
    int attempts = 0;      ///< at upstreams; told if there was more than one
    std::string_view key;  ///< "master", or the beginning of a hash
    std::string_view call;
    std::string_view reason;  ///< of an error
    bool probe = false;       ///< a health check or a read of metrics
};

/// Any thread. Lives longer than the workers.
class RequestLog {
  public:
    static constexpr std::size_t kMaxWaiting = 4u << 20;  ///< bytes; what comes then is dropped
    static constexpr std::chrono::milliseconds kGather{50};

    /// `write` takes whole lines; it may block, on the log's thread.
    explicit RequestLog(std::function<void(std::string_view lines)> write);
    /// Writes what waits.
    ~RequestLog();
    RequestLog(const RequestLog&) = delete;
    RequestLog& operator=(const RequestLog&) = delete;

    void append(std::string_view line);

  private:
    void run();

    std::function<void(std::string_view)> write_;
    std::mutex mutex_;
    std::condition_variable wake_;
    std::string waiting_;
    std::uint64_t dropped_ = 0;
    bool stop_ = false;
    std::thread thread_;
};

/// Makes lines for one worker, on its thread. Without a log it does nothing.
class RequestLines {
  public:
    RequestLines() = default;
    explicit RequestLines(RequestLog* log) : log_(log) {}

    /// Writes if the process's log takes lines of that level.
    void write(const LoggedRequest& request, bool json);

  private:
    RequestLog* log_ = nullptr;
    std::string message_;
    std::string line_;
    LogClock clock_;
};

/// Info; errors (400 and more) are warnings, but for clients that left (499); probes are told at
/// debug only.
spdlog::level::level_enum log_level(const LoggedRequest& request);

/// The line with its end; `message` is overwritten.
void append_request_line(std::string& out, std::string& message, const LoggedRequest& request,
                         std::string_view time, bool json);

/// The first digits of a key's SHA-256, by which operators tell keys apart; empty for no key.
std::string short_key_hash(std::string_view key);

}  // namespace patchbay::gateway
