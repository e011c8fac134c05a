#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shared/driver.hpp"
#include "shared/fan_out.hpp"
#include "shared/ids.hpp"
#include "shared/times.hpp"

namespace patchbay::sink {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::MatchesRegex;

TEST(SinkIds, depend_on_the_seed_alone) {
    Driver::install_host();
    EXPECT_EQ(uuid_of("0C0A8F9E-0000-1111-8222-333344445555"),
              "0c0a8f9e-0000-1111-8222-333344445555");
    const std::string made = uuid_of("call-1");
    EXPECT_EQ(made, uuid_of("call-1"));
    EXPECT_NE(made, uuid_of("call-2"));
    EXPECT_THAT(
        made, MatchesRegex("[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
    EXPECT_EQ(hex_of("abc", 8), "ba7816bf8f01cfea");
}

TEST(SinkIds, base64_pads) {
    EXPECT_EQ(base64(""), "");
    EXPECT_EQ(base64("f"), "Zg==");
    EXPECT_EQ(base64("fo"), "Zm8=");
    EXPECT_EQ(base64("foo"), "Zm9v");
    EXPECT_EQ(base64("\xff\xfe\xfd\xfc"), "//79/A==");
}

TEST(SinkTimes, are_exact_to_the_microsecond) {
    EXPECT_EQ(iso8601(0), "1970-01-01T00:00:00.000000Z");
    EXPECT_EQ(iso8601(1709210096.25), "2024-02-29T12:34:56.250000Z");
    EXPECT_EQ(iso8601(1709210096.9999999), "2024-02-29T12:34:57.000000Z");
    EXPECT_EQ(iso8601(-5), "1970-01-01T00:00:00.000000Z");
    EXPECT_EQ(iso8601(1e300), "9999-12-31T23:59:59.000000Z");
    EXPECT_EQ(unix_nanos(1700000000.5), "1700000000500000000");
    EXPECT_EQ(unix_nanos(1e300), "18446744073709551000") << "the last that OTLP has room for";
}

TEST(SinkSettings, percent_signs_of_otlp_headers) {
    Reports reports;
    const auto config = read_config(R"({"headers": "authorization=Basic%20abc%3D,x=%zz%4"})");
    EXPECT_THAT(
        read_headers(config, true, reports.diag()),
        ElementsAre(testing::Pair("authorization", "Basic abc="), testing::Pair("x", "%zz%4")));
    EXPECT_THAT(reports.errors(), testing::IsEmpty());
    EXPECT_EQ(url_of("http://x/", "/v1/traces"), "http://x/v1/traces");
    EXPECT_EQ(url_of("http://x/v1/traces", "/v1/traces"), "http://x/v1/traces");
}

class Echo : public bay::Logger {
    class Machine : public FanOut {
        std::optional<Call> call_of(const Record& record) override {
            return Call{"https://sink.example/" + record.id, {}, "{}"};
        }
    };

  public:
    std::unique_ptr<bay::Exchange> open(const bay_open_info&) override {
        return std::make_unique<Machine>();
    }
};

std::vector<Driver::Given> records(std::size_t count) {
    std::vector<Driver::Given> made;
    for (std::size_t i = 0; i < count; ++i) made.push_back({std::to_string(i), "{}"});
    return made;
}

TEST(FanOut, has_a_few_calls_under_way_and_makes_all) {
    Echo echo;
    Driver driver(echo);
    driver.batch(records(FanOut::kMaxRecords));
    EXPECT_EQ(driver.calls().size(), FanOut::kAtOnce);
    for (std::size_t i = 0; i < FanOut::kMaxRecords; ++i) {
        EXPECT_FALSE(driver.done());
        driver.answer(i, 200);
    }
    EXPECT_TRUE(driver.done());
    EXPECT_TRUE(driver.again().empty());
    EXPECT_EQ(driver.calls().size(), FanOut::kMaxRecords);
}

TEST(FanOut, refuses_more_records_than_it_may_make_calls_so_that_they_come_in_halves) {
    Echo echo;
    Driver driver(echo);
    driver.batch(records(FanOut::kMaxRecords + 1));
    EXPECT_TRUE(driver.calls().empty());
    EXPECT_EQ(driver.failure()->cls, +BAY_ERR_BAD_REQUEST);
}

TEST(FanOut, stops_when_the_sink_says_not_now) {
    Echo echo;
    Driver driver(echo);
    driver.batch(records(12));
    driver.answer(0, 200);
    ASSERT_EQ(driver.calls().size(), 9u);
    driver.answer(1, 429, "", {{"retry-after", "3"}});
    for (std::size_t i = 2; i < 9; ++i) driver.answer(i, 200);
    EXPECT_EQ(driver.calls().size(), 9u);
    EXPECT_TRUE(driver.done());
    EXPECT_THAT(driver.again(), ElementsAre(1u, 9u, 10u, 11u));
}

TEST(FanOut, fails_as_a_whole_when_nothing_was_taken) {
    Echo echo;
    Driver driver(echo);
    driver.batch(records(2));
    driver.answer(0, 429, "", {{"retry-after", "3"}});
    driver.answer(1, 429);
    EXPECT_FALSE(driver.done());
    EXPECT_EQ(driver.failure()->cls, +BAY_ERR_RATE_LIMIT);
    EXPECT_EQ(driver.failure()->retry_after_ms, 3000u);
}

TEST(FanOut, a_lone_record_that_is_refused_is_the_hosts_to_drop_and_count) {
    Echo echo;
    Driver driver(echo);
    driver.batch(records(1));
    driver.answer(0, 400);
    EXPECT_EQ(driver.failure()->cls, +BAY_ERR_BAD_REQUEST);
    EXPECT_THAT(Driver::log(), testing::IsEmpty());
}

TEST(SinkPayload, names_of_models_lose_the_provider) {
    const auto model = [](const char* text) { return model_of(parse(text)->as_object()); };
    EXPECT_EQ(model(R"({"model":"openai/gpt-4o","custom_llm_provider":"openai"})"), "gpt-4o");
    EXPECT_EQ(model(R"({"model":"org/model","custom_llm_provider":"openai"})"), "org/model");
    EXPECT_EQ(model(R"({"model":null})"), "");
}

TEST(SinkPayload, output_is_the_message_or_all_of_them_or_the_response) {
    const auto output = [](const char* text) { return output_of(parse(text)->as_object()); };
    EXPECT_EQ(output(R"({"response":{"choices":[{"message":{"content":"a"}}]}})"),
              *parse(R"({"content":"a"})"));
    EXPECT_EQ(output(R"({"response":{"choices":[{"message":{"content":"a"}},{"message":"b"}]}})"),
              *parse(R"([{"content":"a"},"b"])"));
    EXPECT_EQ(output(R"({"response":{"text":"r"}})"), *parse(R"({"text":"r"})"));
    EXPECT_TRUE(output("{}").is_null());
}

}  // namespace
}  // namespace patchbay::sink
