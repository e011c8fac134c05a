#include "engine/plugins/workload.hpp"

#include <string>

#include <gtest/gtest.h>

#include "engine/plugins/test_support.hpp"
#include "patchbay/guardrail.h"
#include "patchbay/logger.h"

namespace patchbay {
namespace {

using std::chrono::seconds;
using test::str;

const std::string kLargeText(9u << 20, 'x');

bay_ev_request request_of(std::string_view body) {
    bay_ev_request event{};
    event.h = {sizeof event, BAY_EV_REQUEST};
    event.json = str(body);
    return event;
}

bay_ev_http frame_of(std::string_view data) {
    bay_ev_http event{};
    event.h = {sizeof event, BAY_EV_HTTP_FRAME};
    event.data = str(data);
    return event;
}

TEST(WorkloadTest, a_small_input_has_the_configured_budget_and_is_not_large) {
    Workload work;
    work.add(request_of(R"({"messages":[]})").h);
    EXPECT_FALSE(work.large());
    EXPECT_NEAR(std::chrono::duration<double>(work.budget(seconds(1))).count(), 1.0, 0.001);
}

TEST(WorkloadTest, the_budget_grows_with_what_was_asked) {
    Workload work;
    work.add(request_of(std::string_view(kLargeText).substr(0, 8u << 20)).h);
    EXPECT_EQ(work.budget(seconds(1)), seconds(2));
    EXPECT_TRUE(work.large());
    EXPECT_TRUE(work.large_request());
}

TEST(WorkloadTest, what_a_machine_gathered_counts_for_its_last_small_event) {
    Workload work;
    work.add(request_of("{}").h);
    for (int i = 0; i < 8; ++i)
        work.add(frame_of(std::string_view(kLargeText).substr(0, 1u << 20)).h);
    bay_ev_http done{};
    done.h = {sizeof done, BAY_EV_HTTP_DONE};
    work.add(done.h);
    EXPECT_GE(work.budget(seconds(1)), seconds(2));
    EXPECT_TRUE(work.large());
    EXPECT_FALSE(work.large_request()) << "it is the answer that is";
}

TEST(WorkloadTest, a_question_that_is_asked_again_is_not_added_up) {
    Workload work;
    bay_text text{};
    text.text = str("a");
    bay_ev_inspect event{};
    event.h = {sizeof event, BAY_EV_INSPECT};
    event.stage = BAY_STAGE_STREAM;
    event.request = str(std::string_view(kLargeText).substr(0, 1000));
    event.texts = &text;
    event.text_count = 1;
    for (int i = 0; i < 2000; ++i) work.add(event.h);
    EXPECT_EQ(work.bytes(), 1001u);
}

TEST(WorkloadTest, of_an_inspection_the_texts_count_and_an_answer_is_no_request) {
    Workload work;
    bay_text text{};
    text.text = str(std::string_view(kLargeText).substr(0, 2u << 20));
    bay_ev_inspect event{};
    event.h = {sizeof event, BAY_EV_INSPECT};
    event.stage = BAY_STAGE_POST_CALL;
    event.texts = &text;
    event.text_count = 1;
    work.add(event.h);
    EXPECT_TRUE(work.large());
    EXPECT_FALSE(work.large_request());
}

TEST(WorkloadTest, frames_of_a_session_are_not_added_up) {
    Workload work;
    bay_ev_ws frame{};
    frame.h = {sizeof frame, BAY_EV_CLIENT_FRAME};
    frame.data = str(std::string_view(kLargeText).substr(0, 1000));
    for (int i = 0; i < 100'000; ++i) work.add(frame.h);
    EXPECT_EQ(work.bytes(), 1000u);
}

TEST(WorkloadTest, a_batch_of_records_counts_as_a_whole) {
    bay_record record{};
    record.size = sizeof record;
    record.json = str(std::string_view(kLargeText).substr(0, 1u << 20));
    const bay_record* records[] = {&record, &record};
    bay_ev_batch event{};
    event.h = {sizeof event, BAY_EV_BATCH};
    event.records = records;
    event.record_count = 2;
    Workload work;
    work.add(event.h);
    EXPECT_EQ(work.bytes(), 2u << 20);
}

}  // namespace
}  // namespace patchbay
