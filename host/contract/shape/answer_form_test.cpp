#include "contract/shape/answer_form.hpp"

#include <gtest/gtest.h>

namespace patchbay {
namespace {

TEST(AnswerForm, says_what_is_passed_through_unseen) {
    const struct {
        std::string_view operation;
        bool takes_bytes, whole_unseen, raw_unseen, events_unseen;
    } cases[] = {
        {"chat.completions", false, false, false, false},
        {"audio.speech", true, true, true, true},
        {"audio.transcriptions", true, false, true, false},
        {"realtime", false, false, false, false},
        {"com.example.thing", false, false, false, false},
    };
    for (const auto& one : cases) {
        const AnswerForm form = answer_form(one.operation);
        EXPECT_EQ(form.operation, one.operation);
        EXPECT_EQ(form.takes_bytes(), one.takes_bytes) << one.operation;
        EXPECT_EQ(form.unseen(BAY_DECODE_BUFFER), one.whole_unseen) << one.operation;
        EXPECT_EQ(form.unseen(BAY_DECODE_RAW), one.raw_unseen) << one.operation;
        EXPECT_EQ(form.unseen(BAY_DECODE_SSE), one.events_unseen) << one.operation;
    }
}

TEST(AnswerForm, of_an_operation_that_nobody_knows_is_any_document) {
    EXPECT_EQ(answer_form("com.example.thing").shape, &kObjectShape);
    EXPECT_EQ(answer_form("messages").shape, &kMessageShape);
}

}  // namespace
}  // namespace patchbay
