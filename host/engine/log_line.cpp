#include "engine/log_line.hpp"

#include "engine/log_text.hpp"

namespace patchbay {

namespace {

constexpr std::size_t kMaxMessage = 16384;

struct LevelName {
    std::string_view text;
    std::string_view json;  ///< as Python's logging has it
};
constexpr LevelName kNames[] = {
    {"trace", "DEBUG"}, {"debug", "DEBUG"},       {"info", "INFO"}, {"warning", "WARNING"},
    {"error", "ERROR"}, {"critical", "CRITICAL"}, {"off", "OFF"}};

}  // namespace

std::string_view LogClock::text(std::chrono::system_clock::time_point when) {
    constexpr std::size_t kMilliseconds = 20;  // their place in the text
    const auto since =
        std::chrono::floor<std::chrono::milliseconds>(when).time_since_epoch().count();
    const auto second = static_cast<std::time_t>(since / 1000);
    if (second != second_) {
        std::tm local{};
        localtime_r(&second, &local);
        char text[40];
        text_.assign(text, std::strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%S.000%z", &local));
        text_.insert(text_.size() - 2, 1, ':');  // of the offset, as ISO 8601 has it
        second_ = second;
    }
    const auto ms = static_cast<int>(since % 1000);
    text_[kMilliseconds] = static_cast<char>('0' + ms / 100);
    text_[kMilliseconds + 1] = static_cast<char>('0' + ms / 10 % 10);
    text_[kMilliseconds + 2] = static_cast<char>('0' + ms % 10);
    return text_;
}

std::string_view log_level_name(spdlog::level::level_enum level, bool json) {
    const LevelName& name = kNames[static_cast<std::size_t>(level)];
    return json ? name.json : name.text;
}

void append_log_line(std::string& out, std::string_view time, spdlog::level::level_enum level,
                     std::string_view message, bool json) {
    if (json) {
        begin_json_line(out, time, level, message);
        out += "}\n";
        return;
    }
    begin_log_line(out, time, level);
    append_log_text(out, message, kMaxMessage);
    out += '\n';
}

void begin_log_line(std::string& out, std::string_view time, spdlog::level::level_enum level) {
    out.append(time).append(" ").append(log_level_name(level, false)).append(" ");
}

void begin_json_line(std::string& out, std::string_view time, spdlog::level::level_enum level,
                     std::string_view message) {
    out += "{\"message\":";
    append_log_json(out, message, kMaxMessage);
    out.append(",\"level\":\"").append(log_level_name(level, true));
    out.append("\",\"timestamp\":\"").append(time).append("\"");
}

}  // namespace patchbay
