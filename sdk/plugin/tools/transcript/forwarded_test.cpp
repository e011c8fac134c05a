// What goes to the client of a body that is passed through.
#include <gtest/gtest.h>

#include "player_case.hpp"

namespace patchbay::transcript {
namespace {

class ForwardedTest : public ::testing::TestWithParam<Case> {};

TEST_P(ForwardedTest, plays) {
    expect_as_told(GetParam());
}

std::string passed(const std::string& words, const std::string& answer) {
    return "== target\n{\"model\":\"m\",\"base_url\":\"https://up\"}\n== request " + words +
           "\n{}\n== expect http POST https://up\n== upstream 200" + answer;
}

const std::string kSpeech =
    " base64\ncontent-type: audio/ogg\n\nT2dnUwD/AP8=\n== expect pass_through\n";
const std::string kEvent =
    R"({"choices":[{"index":0,"delta":{"content":"Hi"},"finish_reason":"stop"}]})";
const std::string kEvents = "\ncontent-type: text/event-stream\n\ndata: " + kEvent +
                            "\n\ndata: [DONE]\n\n== expect pass_through\n";

INSTANTIATE_TEST_SUITE_P(
    Bodies, ForwardedTest,
    ::testing::Values(
        Case{"bytes_cut_anywhere", "passes_through",
             passed("operation=audio.speech",
                    kSpeech +
                        "== expect forwarded audio/ogg base64\nT2dnUwD/AP8=\n== expect done\n"),
             ""},
        Case{"other_bytes", "passes_through",
             passed("operation=audio.speech",
                    kSpeech + "== expect forwarded\nOggS\n== expect done\n"),
             "expected OggS\n      got      base64 T2dnUwD/AP8="},
        Case{"another_type", "passes_through",
             passed("operation=audio.speech",
                    kSpeech +
                        "== expect forwarded audio/mpeg base64\nT2dnUwD/AP8=\n== expect done\n"),
             "expected 'audio/mpeg', got 'audio/ogg'"},
        Case{"not_compared_if_none_is_expected", "passes_through",
             passed("operation=audio.speech", kSpeech + "== expect done\n"), ""},
        Case{"bytes_without_a_type", "passes_through",
             passed("operation=files.content",
                    "\n\nab\n== expect pass_through\n"
                    "== expect forwarded application/octet-stream\nab\n"
                    "== expect done\n"),
             ""},
        Case{"no_bytes_are_an_answer", "passes_through",
             passed("operation=files.content",
                    "\ncontent-type: text/plain; charset=utf-8\n\n"
                    "== expect pass_through\n"
                    "== expect forwarded text/plain; charset=utf-8\n"
                    "== expect done\n"),
             ""},
        Case{"the_bytes_before_a_cut", "passes_through",
             passed("operation=audio.speech", kSpeech + "== upstream-end reset\n"
                                                        "== expect forwarded base64\nT2dnUwD/AP8=\n"
                                                        "== expect fail\n"),
             ""},
        Case{"events_of_a_stream", "passes_through",
             passed("stream", kEvents + "== expect forwarded\n" + kEvent + "\n== expect done\n"),
             ""},
        Case{"another_event", "passes_through",
             passed("stream", kEvents + "== expect forwarded\n{}\n== expect done\n"),
             "expect forwarded does not fit"},
        Case{"a_document", "passes_through",
             passed("operation=embeddings",
                    "\n\n{\"data\": []}\n== expect pass_through\n"
                    "== expect forwarded\n{\"data\":[]}\n== expect done\n"),
             ""},
        Case{"a_document_that_is_no_answer_is_not_forwarded", "passes_through",
             passed("operation=embeddings",
                    "\n\n{\"data\": 1}\n== expect pass_through\n"
                    "== expect forwarded\n{\"data\":1}\n== expect fail\n"),
             "expected forwarded, got fail"}),
    [](const auto& one) { return one.param.name; });

}  // namespace
}  // namespace patchbay::transcript
