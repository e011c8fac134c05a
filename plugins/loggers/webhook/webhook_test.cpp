#include "webhook.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "shared/driver.hpp"

namespace patchbay::webhook_sink {
namespace {

namespace json = boost::json;
using sink::Driver;
using testing::ElementsAre;
using testing::HasSubstr;

std::string config(json::object more) {
    json::object object{{"endpoint", "https://logs.example.com/in?x=1"}};
    for (auto& one : more) object[one.key()] = one.value();
    return json::serialize(object);
}

class WebhookSinkTest : public testing::Test {
  protected:
    Webhook& make(json::object more) {
        Driver::install_host();
        made_ = std::make_unique<Webhook>(config(std::move(more)), reports_.diag());
        return *made_;
    }
    sink::Reports reports_;
    std::unique_ptr<Webhook> made_;
};

TEST_F(WebhookSinkTest, an_array_is_the_records_as_they_are) {
    Driver driver(make({{"headers", "x-key=k=1, x-team = red"}}));
    ASSERT_EQ(driver.batch({{"1", R"({"a":1.10})"}, {"2", R"({"b":[ ]})"}}), BAY_OK);
    const auto& call = driver.calls().at(0);
    EXPECT_EQ(call.method, "POST");
    EXPECT_EQ(call.url, "https://logs.example.com/in?x=1");
    EXPECT_EQ(call.body, R"([{"a":1.10},{"b":[ ]}])");
    EXPECT_EQ(call.headers.at("content-type"), "application/json");
    EXPECT_EQ(call.headers.at("x-key"), "k=1");
    EXPECT_EQ(call.headers.at("x-team"), "red");
    driver.answer(0, 204, "");
    EXPECT_TRUE(driver.done());
}

TEST_F(WebhookSinkTest, ndjson_is_a_line_for_each) {
    Driver driver(make({{"log_format", "ndjson"}}));
    driver.batch({{"1", R"({"a":1})"}, {"2", R"({"b":2})"}});
    EXPECT_EQ(driver.calls().at(0).body, "{\"a\":1}\n{\"b\":2}\n");
    EXPECT_EQ(driver.calls().at(0).headers.at("content-type"), "application/x-ndjson");
}

TEST_F(WebhookSinkTest, a_record_that_is_no_json_is_left_out_with_a_log_line) {
    Driver driver(make({}));
    driver.batch({{"1", R"({"a":1})"}, {"bad-one", "{\"b\":"}, {"3", R"({"c":3})"}});
    EXPECT_EQ(driver.calls().at(0).body, R"([{"a":1},{"c":3}])");
    EXPECT_THAT(Driver::log(), ElementsAre(HasSubstr("bad-one")));
    Driver none(*made_);
    none.batch({{"bad-one", "null"}});
    EXPECT_TRUE(none.calls().empty());
    EXPECT_TRUE(none.done());
}

TEST_F(WebhookSinkTest, event_types_choose) {
    Driver driver(make({{"event_types", json::array{"llm_api_failure"}}}));
    driver.batch({{"1", R"({"a":1})", false}, {"2", R"({"b":2})", true}});
    EXPECT_EQ(driver.calls().at(0).body, R"([{"b":2}])");
}

TEST_F(WebhookSinkTest, statuses_decide_what_becomes_of_a_batch) {
    Webhook& webhook = make({});
    const auto failure = [&](int status, std::map<std::string, std::string> headers = {}) {
        Driver driver(webhook);
        driver.batch({{"1", "{}"}, {"2", "{}"}});
        driver.answer(0, status, "no", headers);
        EXPECT_FALSE(driver.done());
        return driver.failure().value();
    };
    for (const int status : {400, 413, 422}) EXPECT_EQ(failure(status).cls, +BAY_ERR_BAD_REQUEST);
    EXPECT_EQ(failure(401).cls, +BAY_ERR_AUTH);
    EXPECT_EQ(failure(403).cls, +BAY_ERR_PERMISSION);
    EXPECT_EQ(failure(404).cls, +BAY_ERR_NOT_FOUND);
    EXPECT_EQ(failure(408).cls, +BAY_ERR_TIMEOUT);
    EXPECT_EQ(failure(425).cls, +BAY_ERR_OVERLOADED);
    for (const int status : {301, 405, 409, 500, 502}) {
        EXPECT_EQ(failure(status).cls, +BAY_ERR_UPSTREAM) << status;
    }
    const auto limited = failure(429, {{"retry-after", "7"}});
    EXPECT_EQ(limited.cls, +BAY_ERR_RATE_LIMIT);
    EXPECT_EQ(limited.retry_after_ms, 7000u);
    EXPECT_EQ(limited.status, 429);
    Driver broken(webhook);
    broken.batch({{"1", "{}"}});
    broken.broken(0, BAY_FAIL_TIMEOUT);
    EXPECT_EQ(broken.failure()->cls, +BAY_ERR_TIMEOUT);
    EXPECT_THAT(broken.failure()->message, HasSubstr("connection refused"));
}

TEST_F(WebhookSinkTest, single_sends_each_record_and_names_those_to_come_again) {
    Driver driver(make({{"log_format", "single"}}));
    driver.batch({{"1", R"({"a":1})"}, {"2", "no json"}, {"3", R"({"c":3})"}, {"4", R"({"d":4})"}});
    ASSERT_EQ(driver.calls().size(), 3u);
    EXPECT_EQ(driver.calls()[1].body, R"({"c":3})");
    driver.answer(2, 200);
    driver.answer(0, 422);
    EXPECT_FALSE(driver.done());
    driver.answer(1, 503);
    EXPECT_TRUE(driver.done());
    EXPECT_THAT(driver.again(), ElementsAre(2u));
    EXPECT_THAT(Driver::log(),
                ElementsAre(HasSubstr("record 2"), HasSubstr("record 1 is refused")));
}

TEST_F(WebhookSinkTest, headers_that_http_has_no_room_for_are_errors) {
    make({{"headers", json::object{{"bad name", "v"}, {"x-ok", "a\r\nb: c"}}}});
    EXPECT_THAT(reports_.errors(), testing::UnorderedElementsAre(HasSubstr("/headers: "),
                                                                 HasSubstr("/headers/x-ok: ")));
    sink::Reports more;
    const Webhook other(config({{"headers", "no equals sign"}}), more.diag());
    EXPECT_THAT(more.errors(), ElementsAre(HasSubstr("name=value")));
}

}  // namespace
}  // namespace patchbay::webhook_sink
