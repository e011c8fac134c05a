#include "player.hpp"

#include <array>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "patchbay/ext/crypto.h"
#include "patchbay/sdk/text.hpp"
#include "player_case.hpp"
#include "write.hpp"

namespace patchbay::transcript {
namespace {

using ::testing::HasSubstr;

class PlayerTest : public ::testing::TestWithParam<Case> {};

TEST_P(PlayerTest, plays) {
    expect_as_told(GetParam());
}

const std::string kMask = "== config\n{\"what\":\"mask\"}\n";
const std::string kBlock = "== config\n{\"what\":\"block\"}\n";
const std::string kAsk = "== config\n{\"what\":\"http\",\"url\":\"http://g\"}\n";
const std::string kPre =
    "== inspect pre_call\n{\"messages\":[{\"role\":\"user\",\"content\":\"a secret\"}]}\n";
const std::string kPost =
    "== inspect post_call\n{\"choices\":[{\"message\":{\"content\":\"b\"}}]}\n";
const std::string kSink = "== config\n{\"url\":\"http://sink/x\"}\n";
const std::string kBatch =
    "== batch\n{\"id\":\"a\"}\n{\"id\":\"b\",\"status\":\"failure\"}\n== expect http POST "
    "http://sink/x\n\nbytes:\na\nb\n\n";
const std::string kJob =
    "== target\n{\"model\":\"job\",\"base_url\":\"https://up\"}\n"
    "== request\n{}\n== expect http POST https://up/start\n";

INSTANTIATE_TEST_SUITE_P(
    Guardrails, PlayerTest,
    ::testing::Values(
        Case{"verdict", "guards",
             kMask + kPre +
                 "== expect verdict modify\n{\"edits\":[{\"path\":\"/messages/0/content\",\"text\":"
                 "\"a ******\"}]}\n",
             ""},
        Case{"other_edit", "guards",
             kMask + kPre + "== expect verdict modify\n{\"edits\":[{\"text\":\"a secret\"}]}\n",
             "in /edits/0 at /text"},
        Case{"other_decision", "guards", kMask + kPre + "== expect verdict allow\n",
             "expected allow, got verdict modify"},
        Case{"error_as_a_subset", "guards",
             kBlock +
                 "== inspect during_call\n{\"prompt\":\"forbidden\"}\n== expect verdict block\n"
                 "{\"reason\":\"word list\",\"error\":{\"cls\":\"content_policy\",\"message\":{"
                 "\"error\":\"*\",\"flagged\":true}}}\n",
             ""},
        Case{"after_a_block_nothing_is_asked", "guards",
             kBlock + "== inspect pre_call\n{\"prompt\":\"forbidden\"}\n== expect verdict block\n" +
                 kPost,
             "f:6: the exchange ended without this section"},
        Case{"a_service_answers", "guards",
             kAsk + kPre +
                 "== expect http POST http://g\n== upstream 200\n\nyes\n"
                 "== expect verdict allow\n" +
                 kPost +
                 "== expect http POST http://g\n== upstream 200\n\nno\n== expect verdict block\n",
             ""},
        Case{"notes_count_if_one_is_expected", "guards",
             kMask + kPre +
                 "== expect note masked_entity_count\n{\"WORD\":2}\n"
                 "== expect verdict modify\n",
             "expect note does not fit"},
        Case{"no_verdict", "guards", "== config\n{\"what\":\"mute\"}\n" + kPre,
             "unexpected: fault stalled"},
        Case{"two_verdicts", "guards",
             "== config\n{\"what\":\"two\"}\n" + kPre + "== expect verdict allow\n",
             "refused not allowed here: verdict allow a second verdict"},
        Case{"failure", "guards",
             "== config\n{\"what\":\"down\"}\n" + kPre + "== expect fail\n{\"cls\":\"upstream\"}\n",
             ""}),
    [](const auto& one) { return one.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Streams, PlayerTest,
    ::testing::Values(
        Case{"every_cut_releases_the_same", "guards",
             kMask +
                 "== stream-text\nno secrets, se\xE2\x82\xAC or secrethe sec\n"
                 "== stream-text /choices/1/delta/tool_calls/2/function/arguments\nsecret\n"
                 "== expect released\nno ******s, se\xE2\x82\xAC or ******he sec\n"
                 "== expect released /choices/1/delta/tool_calls/2/function/arguments\n******\n",
             ""},
        Case{"other_text", "guards",
             kMask + "== stream-text\nno secrets\n== expect released\nno secrets\n",
             "expect released does not fit"},
        Case{"a_block_may_come_late_but_never_after_its_word", "guards",
             kBlock +
                 "== stream-text\nthis is forbidden here\n== expect released\nthis is forbidde\n"
                 "== expect verdict block\n",
             ""},
        Case{"released_too_much_before_a_block", "guards",
             kBlock + "== stream-text\nthis is forbidden here\n== expect released\nthis is \n"
                      "== expect verdict block\n",
             "expected at most this is"},
        Case{"answers_by_what_is_asked", "guards",
             kAsk + "== stream-text\nab\n== upstream 200\n\nyes\n== expect released\nab\n", ""},
        Case{"an_answer_in_base64", "guards",
             kAsk + "== stream-text\nab\n== upstream 200 for=never base64\n\nbm8=\n"
                    "== upstream 200 base64\n\neWVz\n== expect released\nab\n",
             ""},
        Case{"no_answer_fits", "guards",
             kAsk + "== stream-text\nab\n== upstream 200 for=never\n\nyes\n== expect released\n\n",
             "no answer of the stream fits"},
        Case{"the_service_is_down", "guards",
             "== config\n{\"what\":\"down\"}\n== stream-text\nab\n== expect released\n\n"
             "== expect fail\n",
             ""},
        Case{"a_window_by_hand", "guards",
             kMask + "== inspect stream\n[{\"path\":\"/p\",\"text\":\"a sec\",\"fixed\":1}]\n"
                     "== expect verdict modify\n{\"edits\":[{\"text\":\" \",\"hold\":3}]}\n"
                     "== inspect stream last\n[{\"path\":\"/p\",\"text\":\"a sec\",\"fixed\":2}]\n"
                     "== expect verdict modify\n{\"edits\":[{\"text\":\"sec\",\"hold\":0}]}\n",
             ""}),
    [](const auto& one) { return one.param.name; });

INSTANTIATE_TEST_SUITE_P(
    Loggers, PlayerTest,
    ::testing::Values(
        Case{"delivered", "sends_batches", kSink + kBatch + "== upstream 200\n== expect done\n",
             ""},
        Case{"a_body_in_base64", "sends_batches",
             kSink +
                 "== batch\n{\"id\":\"a\"}\n== expect http POST http://sink/x\n\nbase64:\nYQo=\n"
                 "== upstream 200\n== expect done\n",
             ""},
        Case{"some_come_again", "sends_batches",
             kSink + kBatch +
                 "== upstream 200\n\nretry 1 0\n== expect retry_records\n[0,1]\n"
                 "== expect done\n",
             ""},
        Case{"a_record_that_is_not_there", "sends_batches",
             kSink + kBatch + "== upstream 200\n\nretry 5\n",
             "refused not valid: retry_records [5]"},
        Case{"none_is", "sends_batches",
             kSink + kBatch + "== upstream 400\n== expect fail\n{\"cls\":\"bad_request\"}\n", ""}),
    [](const auto& one) { return one.param.name; });

const std::string kDeletes =
    "== expect http DELETE https://up/job?reason=1 buffer detached\nx-job: 17\n\nbytes:\nstop it\n"
    "== expect http DELETE https://up/missing detached\n";

INSTANTIATE_TEST_SUITE_P(
    Cancels, PlayerTest,
    ::testing::Values(
        Case{"detached_calls", "wants_cancel", kJob + "== cancel client_gone\n" + kDeletes, ""},
        Case{"the_reason", "wants_cancel", kJob + "== cancel deadline\n" + kDeletes,
             "https://up/job?reason=2"},
        Case{"another_call_is_not_detached", "wants_cancel",
             kJob + "== cancel client_gone\n== expect http DELETE https://up/job?reason=1\n",
             "a detached call was not expected"},
        Case{"nothing_else_is_allowed", "wants_cancel",
             "== target\n{\"model\":\"greedy\",\"base_url\":\"https://up\"}\n"
             "== request\n{}\n== expect http POST https://up/start\n== cancel client_gone\n",
             "refused after CANCEL: timer 2"},
        Case{"a_body_of_the_clients_cannot_outlive_it", "wants_cancel",
             "== target\n{\"model\":\"blob\",\"base_url\":\"https://up\"}\n== request\n{}\n",
             "refused not valid: http 9 DELETE"},
        Case{"a_guardrail_that_never_asked_is_only_closed", "guards",
             kAsk + kPre + "== expect http POST http://g\n== cancel shutdown\n", ""}),
    [](const auto& one) { return one.param.name; });

TEST(Player, a_plugin_without_the_kind_is_told) {
    PluginFile file = load("guards");
    try {
        play(file, parse_transcript("== batch\n{\"id\":\"a\"}\n", "f"), {});
        FAIL() << "a guardrail took a batch";
    } catch (const std::runtime_error& error) {
        EXPECT_STREQ(error.what(), "f: the plugin has no component of kind bay.logger/1");
    }
}

TEST(Player, the_window_sees_every_place) {
    const auto cuts = all_cuts(parse_transcript("== stream-text\nabcd\n", "f"), 2);
    std::vector<std::string> names;
    for (const Cuts& one : cuts) names.push_back(describe(one));
    EXPECT_THAT(names, ::testing::ElementsAre("cut after every byte", "cut at random, seed 1",
                                              "cut at random, seed 2", "cut after 1 bytes",
                                              "cut after 2 bytes", "cut after 3 bytes"));
}

TEST(TextPieces, are_cut_between_characters) {
    EXPECT_THAT(text_pieces("a\xE2\x82\xAC"
                            "b",
                            {Cuts::every_byte, 0}),
                ::testing::ElementsAre("a", "\xE2\x82\xAC", "b"));
    EXPECT_THAT(text_pieces("\xE2\x82\xAC", {Cuts::once, 1}),
                ::testing::ElementsAre("\xE2\x82\xAC"));
}

TEST(TestHost, has_the_crypto_service) {
    TestHost host;
    const auto* crypto =
        static_cast<const bay_crypto*>(host.table()->get_extension(host.table(), BAY_EXT_CRYPTO));
    ASSERT_NE(crypto, nullptr);
    std::array<std::uint8_t, 32> digest{};
    crypto->sha256(bay::str("abc"), digest.data());
    EXPECT_EQ(digest[0], 0xBA);
    EXPECT_EQ(digest[31], 0xAD);
    EXPECT_EQ(host.table()->get_extension(host.table(), "bay.other/1"), nullptr);
}

// The expectations that are written are those that are met.
TEST(Write, every_kind_again) {
    const struct {
        const char* plugin;
        std::string text;
        std::string part;
    } cases[] = {
        {"guards", "# head\n" + kMask + "== params\n{}\n" + kPre + "== stream-text\na secret\n",
         "== expect verdict modify\n{\"edits\":[{\"index\":0,\"path\":\"/messages/0/content\","
         "\"text\":\"a ******\",\"hold\":0}]}\n== stream-text\na secret\n"
         "== expect released /choices/0/delta/content\na ******\n"},
        {"guards", kAsk + "== stream-text\nab\n== upstream 200\n\nyes\n",
         "== stream-text\nab\n== upstream 200\n\nyes\n== expect released"},
        {"guards", kMask + kPre + "== expect note x\n",
         "== expect note masked_entity_count\n{\"WORD\":1}"},
        {"sends_batches", kSink + "== batch\n{\"id\":\"a\"}\n== upstream 200\n\nretry 0\n",
         "== upstream 200\n\nretry 0\n== expect retry_records\n[0]\n== expect done\n"},
        {"reads_frames",
         "== target\n{\"model\":\"lines\",\"base_url\":\"https://up\"}\n"
         "== request operation=audio.speech\n{}\n"
         "== upstream 200 base64\n\nWzFd\n",
         "== upstream 200 base64\n\nWzFd\n== expect body text/plain\nframe [] 1\n\n"
         "== expect done\n"},
        {"reads_frames",
         "== target\n{\"model\":\"array+lines+head\",\"base_url\":\"https://up\"}\n"
         "== request operation=audio.speech\n{}\n== upstream 200\n\n[1]\n",
         "== expect head 206\nx-frames: in lines\n== expect body text/plain\nframe [] 1\n"},
        {"passes_through",
         "== target\n{\"model\":\"m\",\"base_url\":\"https://up\"}\n"
         "== request operation=audio.speech\n{}\n== upstream 200 base64\n"
         "content-type: audio/ogg\n\nT2dnUwD/\n== expect forwarded\n",
         "== expect forwarded audio/ogg base64\nT2dnUwD/\n== expect done\n"},
        {"wants_cancel", kJob + "== cancel client_gone\n",
         "== cancel client_gone\n== expect http DELETE https://up/job?reason=1 buffer detached\n"},
    };
    for (const auto& one : cases) {
        PluginFile file = load(one.plugin);
        const std::string written =
            with_expectations(one.text, play(file, parse_transcript(one.text, "f"), {}));
        EXPECT_THAT(written, HasSubstr(one.part));
        EXPECT_EQ(first_problem(file, parse_transcript(written, "f")), "") << written;
    }
}

}  // namespace
}  // namespace patchbay::transcript
