#include "gateway/pages.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "gateway/server_fixture.hpp"

namespace patchbay::gateway {
namespace {

using testing::HasSubstr;

class PagesTest : public testing::Test {
  protected:
    static boost::json::object json_of(const Page& page) {
        EXPECT_EQ(page.content_type, "application/json");
        return boost::json::parse(page.body).as_object();
    }
    test::ServerFixture fixture;
};

TEST_F(PagesTest, readiness_turns_when_the_process_drains) {
    EXPECT_EQ(readiness_page(fixture.server).status, 200);
    const RequestPlace place(fixture.admission);
    auto body = json_of(readiness_page(fixture.server));
    EXPECT_EQ(body.at("status").as_string(), "healthy");
    EXPECT_EQ(body.at("in_flight_requests").as_int64(), 1);
    fixture.admission.start_draining();
    EXPECT_EQ(readiness_page(fixture.server).status, 503);
    EXPECT_EQ(json_of(readiness_page(fixture.server)).at("status").as_string(), "draining");
    EXPECT_EQ(liveness_page().status, 200);
}

TEST_F(PagesTest, liveness_is_litellms_sentence) {
    EXPECT_EQ(liveness_page().body, "\"I'm alive!\"");
}

TEST_F(PagesTest, metrics_are_those_of_all_workers) {
    fixture.snapshot->generation = 3;
    CallOutcome outcome;
    outcome.route = "/chat/completions";
    outcome.status = 404;
    outcome.exception = "NotFoundError";
    fixture.server.engine.metrics.record(outcome);
    WorkerMetrics other;
    other.record(outcome);
    fixture.workers.push_back(&other);
    fixture.server.all_metrics = fixture.workers;
    fixture.admission.enter_connection();
    const Page page = metrics_page(fixture.server);
    EXPECT_EQ(page.content_type, "text/plain; version=0.0.4; charset=utf-8");
    EXPECT_THAT(page.body, HasSubstr("exception_class=\"NotFoundError\"} 2"));
    EXPECT_THAT(page.body, HasSubstr("patchbay_client_connections 1"));
    EXPECT_THAT(page.body, HasSubstr("patchbay_snapshot_generation 3"));
}

TEST_F(PagesTest, the_front_page_names_what_is_served) {
    const Page page = front_page();
    EXPECT_EQ(page.status, 200);
    EXPECT_THAT(page.content_type, testing::StartsWith("text/html"));
    EXPECT_THAT(page.body, HasSubstr("/v1/chat/completions"));
}

TEST_F(PagesTest, ids_are_uuids_of_version_four) {
    const std::string a = fixture.server.engine.uuid();
    const std::string b = fixture.server.engine.uuid();
    EXPECT_NE(a, b);
    EXPECT_THAT(a, testing::MatchesRegex(
                       "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}"));
}

}  // namespace
}  // namespace patchbay::gateway
