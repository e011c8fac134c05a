#include "engine/plugins/host_services.hpp"

#include <chrono>
#include <sstream>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <spdlog/sinks/ostream_sink.h>
#include <spdlog/spdlog.h>

#include "contract/crypto/crypto.hpp"
#include "engine/plugins/test_support.hpp"

namespace patchbay {
namespace {

using test::str;

class HostServicesTest : public testing::Test {
  protected:
    void SetUp() override {
        auto logger = std::make_shared<spdlog::logger>(
            "test", std::make_shared<spdlog::sinks::ostream_sink_st>(log));
        logger->set_pattern("%l %v");
        logger->set_level(spdlog::level::info);
        spdlog::set_default_logger(logger);
    }
    void TearDown() override { spdlog::set_default_logger(before); }

    std::shared_ptr<spdlog::logger> before = spdlog::default_logger();
    std::ostringstream log;
    HostServices services{"org.example.thing"};
    const bay_host* host = services.table();
};

TEST_F(HostServicesTest, log_lines_name_the_plugin) {
    host->log(host, BAY_LOG_WARN, str("something odd"));
    EXPECT_EQ(log.str(), "warning plugin org.example.thing: something odd\n");
}

TEST_F(HostServicesTest, logs_only_what_the_level_lets_through) {
    EXPECT_EQ(host->log_level(host), std::uint32_t{BAY_LOG_INFO});
    host->log(host, BAY_LOG_DEBUG, str("detail"));
    EXPECT_EQ(log.str(), "");
    spdlog::set_level(spdlog::level::off);
    EXPECT_GT(host->log_level(host), std::uint32_t{BAY_LOG_ERROR});
}

TEST_F(HostServicesTest, an_unknown_level_is_an_error) {
    host->log(host, 77, str("x"));
    EXPECT_THAT(log.str(), testing::StartsWith("error "));
}

TEST_F(HostServicesTest, one_message_is_one_bounded_line) {
    host->log(host, BAY_LOG_INFO, str("a\nerror plugin org.example.other: b\x1b[31m"));
    EXPECT_EQ(log.str(),
              "info plugin org.example.thing: a\\nerror plugin org.example.other: b?[31m\n");
    log.str("");
    host->log(host, BAY_LOG_INFO, str(std::string(1 << 20, 'x')));
    EXPECT_LT(log.str().size(), 4200u);
    EXPECT_THAT(log.str(), testing::EndsWith("x [cut]\n"));
    log.str("");
    host->log(host, BAY_LOG_INFO, {nullptr, 0});
    EXPECT_EQ(log.str(), "info plugin org.example.thing: \n");
}

TEST_F(HostServicesTest, braces_are_no_format) {
    host->log(host, BAY_LOG_INFO, str("{} {0} {"));
    EXPECT_EQ(log.str(), "info plugin org.example.thing: {} {0} {\n");
}

TEST_F(HostServicesTest, clock_is_the_systems) {
    using namespace std::chrono;
    const auto now = [] {
        return duration_cast<milliseconds>(system_clock::now().time_since_epoch()).count();
    };
    const auto before_ms = now();
    const auto ms = host->unix_ms(host);
    EXPECT_GE(ms, before_ms);
    EXPECT_LE(ms, now());
}

TEST_F(HostServicesTest, random_fills_all_bytes_anew) {
    std::string first(64, '\0');
    std::string second(64, '\0');
    host->random(host, first.data(), first.size());
    host->random(host, second.data(), second.size());
    EXPECT_NE(first, second);
    EXPECT_NE(first.substr(32), std::string(32, '\0'));
    host->random(host, nullptr, 0);
}

TEST_F(HostServicesTest, offers_crypto_and_nothing_else) {
    EXPECT_EQ(host->get_extension(host, BAY_EXT_CRYPTO), &crypto_service());
    EXPECT_EQ(host->get_extension(host, "bay.crypto/2"), nullptr);
    EXPECT_EQ(host->get_extension(host, nullptr), nullptr);
}

}  // namespace
}  // namespace patchbay
