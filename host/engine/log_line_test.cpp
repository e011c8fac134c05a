#include "engine/log_line.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay {
namespace {

using namespace std::chrono_literals;
namespace json = boost::json;

TEST(LogLine, is_text_or_json_in_litellms_form) {
    std::string out;
    append_log_line(out, "T", spdlog::level::warn, "say \"hi\"\n", false);
    EXPECT_EQ(out, "T warning say \"hi\"\\n\n");
    out.clear();
    append_log_line(out, "T", spdlog::level::warn, "say \"hi\"\n", true);
    EXPECT_EQ(out.find('\n'), out.size() - 1);
    EXPECT_EQ(
        json::parse(out),
        (json::value{{"message", "say \"hi\"\\n"}, {"level", "WARNING"}, {"timestamp", "T"}}));
}

TEST(LogLine, a_message_is_bounded) {
    std::string out;
    append_log_line(out, "T", spdlog::level::info, std::string(1'000'000, 'x'), false);
    EXPECT_LT(out.size(), 20'000u);
}

TEST(LogLine, every_level_has_its_name) {
    EXPECT_EQ(log_level_name(spdlog::level::trace, false), "trace");
    EXPECT_EQ(log_level_name(spdlog::level::err, false), "error");
    EXPECT_EQ(log_level_name(spdlog::level::err, true), "ERROR");
    EXPECT_EQ(log_level_name(spdlog::level::critical, false), "critical");
}

TEST(LogClock, tells_local_time_with_milliseconds_and_offset) {
    LogClock clock;
    const auto when = std::chrono::system_clock::time_point(1'767'225'600'007ms);
    const std::string text(clock.text(when));
    EXPECT_THAT(text, testing::MatchesRegex(
                          "20(25-12-31|26-01-01)T..:..:..[.]007[+-][0-9][0-9]:[0-9][0-9]"));
    const std::string later(clock.text(when + 992ms));
    EXPECT_EQ(later.substr(19, 4), ".999");
    EXPECT_EQ(later.substr(0, 19), text.substr(0, 19));
    EXPECT_NE(std::string(clock.text(when + 993ms)).substr(0, 19), text.substr(0, 19));
}

}  // namespace
}  // namespace patchbay
