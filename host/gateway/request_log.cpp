#include "gateway/request_log.hpp"

#include <array>
#include <utility>

#include <spdlog/spdlog.h>

#include "contract/crypto/crypto.hpp"
#include "contract/texts/digits.hpp"
#include "engine/log_text.hpp"

namespace patchbay::gateway {

namespace {

constexpr std::size_t kMaxPath = 256;
constexpr std::size_t kMaxName = 128;
constexpr std::size_t kMaxReason = 500;

template <class Number>
void append_number(std::string& out, Number number) {
    out += Digits(static_cast<std::uint64_t>(number)).view();
}

// With one decimal below ten milliseconds.
void append_ms(std::string& out, std::chrono::nanoseconds duration) {
    const std::int64_t tenths = duration.count() / 100'000;
    append_number(out, tenths / 10);
    if (tenths < 100) {
        out += '.';
        append_number(out, tenths % 10);
    }
}

void append_text(std::string& out, const LoggedRequest& r) {
    const auto word = [&](std::string_view text, std::size_t limit) {
        if (text.empty()) return;
        append_log_text(out, text, limit);
        out += ' ';
    };
    word(r.client, kMaxName);
    word(r.method, kMaxName);
    word(r.path, kMaxPath);
    append_number(out, r.status);
    if (!r.model.empty()) {
        out += ' ';
        append_log_text(out, r.model, kMaxName);
    }
    if (!r.upstream.empty()) {
        out += " -> ";
        append_log_text(out, r.upstream, kMaxName);
    }
    std::string_view comma = " ";
    const auto part = [&](std::string_view before, const auto& append, std::string_view after) {
        out += std::exchange(comma, ", ");
        out += before;
        append();
        out += after;
    };
    if (r.duration.count() > 0)
        part(
            "", [&] { append_ms(out, r.duration); }, " ms");
    if (r.first_token.count() > 0) {
        part(
            "first token ", [&] { append_ms(out, r.first_token); }, " ms");
    }
    if (r.prompt_tokens + r.completion_tokens > 0) {
        part(
            "", [&] { append_number(out, r.prompt_tokens); }, "+");
        append_number(out, r.completion_tokens);
        out += " tokens";
    }
    if (r.attempts > 1)
        part(
            "", [&] { append_number(out, r.attempts); }, " attempts");
    if (!r.key.empty())
        part(
            "key ", [&] { append_log_text(out, r.key, kMaxName); }, "");
    if (!r.call.empty())
        part(
            "call ", [&] { append_log_text(out, r.call, kMaxName); }, "");
    if (!r.reason.empty()) {
        out += ": ";
        append_log_text(out, r.reason, kMaxReason);
    }
}

void append_json(std::string& out, const LoggedRequest& r) {
    const auto text = [&](std::string_view name, std::string_view value, std::size_t limit) {
        if (value.empty()) return;
        out.append(",\"").append(name).append("\":");
        append_log_json(out, value, limit);
    };
    const auto number = [&](std::string_view name, auto value) {
        if (value == 0) return;
        out.append(",\"").append(name).append("\":");
        append_number(out, value);
    };
    const auto ms = [&](std::string_view name, std::chrono::nanoseconds value) {
        if (value.count() <= 0) return;
        out.append(",\"").append(name).append("\":");
        append_ms(out, value);
    };
    text("client", r.client, kMaxName);
    text("method", r.method, kMaxName);
    text("path", r.path, kMaxPath);
    number("status", r.status);
    text("model", r.model, kMaxName);
    text("upstream", r.upstream, kMaxName);
    ms("duration_ms", r.duration);
    ms("first_token_ms", r.first_token);
    number("prompt_tokens", r.prompt_tokens);
    number("completion_tokens", r.completion_tokens);
    number("attempts", r.attempts);
    text("key", r.key, kMaxName);
    text("call_id", r.call, kMaxName);
    text("reason", r.reason, kMaxReason);
}

}  // namespace

spdlog::level::level_enum log_level(const LoggedRequest& request) {
    if (request.probe) return spdlog::level::debug;
    const bool wrong = request.status >= 400 && request.status != kClientLeft;
    return wrong ? spdlog::level::warn : spdlog::level::info;
}

RequestLog::RequestLog(std::function<void(std::string_view)> write)
    : write_(std::move(write)), thread_([this] { run(); }) {}

RequestLog::~RequestLog() {
    {
        const std::lock_guard lock(mutex_);
        stop_ = true;
    }
    wake_.notify_one();
    thread_.join();
}

void RequestLog::append(std::string_view line) {
    bool first = false;
    {
        const std::lock_guard lock(mutex_);
        if (line.size() > kMaxWaiting - waiting_.size()) {
            ++dropped_;
            return;
        }
        first = waiting_.empty();
        waiting_ += line;
    }
    if (first) wake_.notify_one();
}

void RequestLog::run() {
    std::string lines;
    std::unique_lock lock(mutex_);
    while (!stop_ || !waiting_.empty()) {
        wake_.wait(lock, [this] { return stop_ || !waiting_.empty(); });
        // Under load many lines go out together.
        wake_.wait_for(lock, kGather, [this] { return stop_; });
        lines.clear();
        std::swap(lines, waiting_);
        const std::uint64_t dropped = std::exchange(dropped_, 0);
        lock.unlock();
        if (!lines.empty()) write_(lines);
        if (dropped > 0) spdlog::warn("{} lines about requests were dropped", dropped);
        lock.lock();
    }
}

void RequestLines::write(const LoggedRequest& request, bool json) {
    if (log_ == nullptr || !spdlog::default_logger_raw()->should_log(log_level(request))) return;
    line_.clear();
    append_request_line(line_, message_, request, clock_.text(std::chrono::system_clock::now()),
                        json);
    log_->append(line_);
}

void append_request_line(std::string& out, std::string& message, const LoggedRequest& request,
                         std::string_view time, bool json) {
    const auto level = log_level(request);
    if (!json) {
        begin_log_line(out, time, level);
        append_text(out, request);
        out += '\n';
        return;
    }
    message.clear();
    append_text(message, request);
    begin_json_line(out, time, level, message);
    append_json(out, request);
    out += "}\n";
}

std::string short_key_hash(std::string_view key) {
    constexpr std::size_t kDigits = 8;
    return key.empty() ? std::string() : sha256_hex(key).substr(0, kDigits);
}

}  // namespace patchbay::gateway
