#include "contract/actions/recorder.hpp"

#include "contract/actions/recorder_fixture.hpp"
#include "contract/crypto/crypto.hpp"

namespace patchbay {
namespace {

using test::kBlob;
using test::RecorderTest;
using test::str;
using testing::ElementsAre;
using testing::IsEmpty;

TEST_F(RecorderTest, the_crypto_service_hashes_blobs_of_the_exchange) {
    const bay_seg body[] = {{BAY_SEG_BYTES, 0, str("<"), 0, 0}, blob(1, 7), blob(0, 0, 1)};
    std::uint8_t out[32];
    const auto digest = [&](std::uint64_t count) {
        return crypto_service().sha256_segments(&whole.out(), body, count, out);
    };
    EXPECT_EQ(digest(3), BAY_E_INVALID) << "there is no part";
    ASSERT_EQ(digest(2), BAY_OK);
    EXPECT_TRUE(std::equal(out, out + 32, sha256("<" + std::string(kBlob.substr(1, 7))).begin()));
    whole.add_part("part");
    ASSERT_EQ(digest(3), BAY_OK);
    EXPECT_TRUE(
        std::equal(out, out + 32, sha256("<" + std::string(kBlob.substr(1, 7)) + "part").begin()));
    EXPECT_EQ(whole.out().get_extension(&whole.out(), nullptr), nullptr);
}

TEST_F(RecorderTest, what_this_host_does_not_offer_is_unsupported) {
    bay_http_req request = http();
    request.decode = BAY_DECODE_JSON_ARRAY + 1;
    EXPECT_EQ(send(whole, request), BAY_E_UNSUPPORTED);
    const bay_seg newer{BAY_SEG_BLOB_BASE64 + 1, 0, {nullptr, 0}, 0, 0};
    EXPECT_EQ(send_segment(whole, newer), BAY_E_UNSUPPORTED);
    bay_out& out = streamed.out();
    EXPECT_EQ(out.want(&out, BAY_WANT_CANCEL | 4), BAY_E_UNSUPPORTED);
    EXPECT_FALSE(streamed.wants_cancel());
    EXPECT_EQ(out.chunk(&out, str("response.created"), str("{}")), BAY_E_UNSUPPORTED);
    EXPECT_EQ(out.get_extension(&out, "bay.out.cache/1"), nullptr);
    EXPECT_THAT(sink.lines, IsEmpty());
}

TEST_F(RecorderTest, an_answer_of_bytes_is_refused_by_a_sink_that_takes_json) {
    bay_out& out = whole.out();
    EXPECT_EQ(out.body(&out, str("audio/mpeg"), str("x")), BAY_E_STATE);
    EXPECT_THAT(sink.lines, IsEmpty());
}

TEST_F(RecorderTest, actions_of_other_kinds_are_refused) {
    bay_out& out = whole.out();
    EXPECT_EQ(out.verdict(&out, nullptr), BAY_E_STATE);
    EXPECT_EQ(out.retry_records(&out, nullptr, 0), BAY_E_STATE);
    EXPECT_EQ(out.shared_put(&out, str("v"), 1), BAY_E_STATE);
    bay_out& r = refresh.out();
    const bay_usage usage{};
    EXPECT_EQ(r.result(&r, str("{}")), BAY_E_STATE);
    EXPECT_EQ(r.chunk(&r, {}, str("{}")), BAY_E_STATE);
    EXPECT_EQ(r.done(&r), BAY_E_STATE);
    EXPECT_EQ(r.usage(&r, &usage), BAY_E_STATE);
    EXPECT_EQ(r.shared_get(&r, str("k")), BAY_E_STATE);
    refresh.begin_event(1, true);
    EXPECT_EQ(r.pass_through(&r, 1), BAY_E_STATE);
    EXPECT_FALSE(refresh.finished());
}

TEST_F(RecorderTest, a_refresh_is_finished_by_its_value) {
    bay_out& r = refresh.out();
    EXPECT_EQ(send(refresh, http()), BAY_OK);
    EXPECT_EQ(r.shared_put(&r, str("v"), 7), BAY_OK);
    EXPECT_TRUE(refresh.finished());
    ASSERT_TRUE(refresh.shared_put());
    EXPECT_EQ(refresh.shared_put()->value, "v");
    EXPECT_EQ(refresh.shared_put()->ttl_ms, 7u);
    EXPECT_EQ(r.shared_put(&r, str("w"), 7), BAY_E_STATE);
}

TEST_F(RecorderTest, nothing_is_allowed_after_the_end) {
    bay_out& out = whole.out();
    ASSERT_EQ(out.result(&out, str("{}")), BAY_OK);
    const bay_error error{};
    const bay_usage usage{};
    EXPECT_EQ(out.result(&out, str("{}")), BAY_E_STATE);
    EXPECT_EQ(out.done(&out), BAY_E_STATE);
    EXPECT_EQ(out.fail(&out, &error), BAY_E_STATE);
    EXPECT_EQ(out.usage(&out, &usage), BAY_E_STATE);
    EXPECT_EQ(out.note(&out, str("k"), str("1")), BAY_E_STATE);
    EXPECT_EQ(out.timer(&out, 1, 1), BAY_E_STATE);
    EXPECT_EQ(out.shared_get(&out, str("k")), BAY_E_STATE);
    EXPECT_EQ(out.shared_drop(&out, str("k"), str("v")), BAY_E_STATE);
    EXPECT_EQ(out.http_abort(&out, 1), BAY_E_STATE);
    EXPECT_EQ(send(whole, http()), BAY_E_STATE);
    EXPECT_THAT(sink.lines, ElementsAre("result {}"));
    EXPECT_THAT(whole.actions(), IsEmpty());
}

TEST_F(RecorderTest, results_and_chunks_follow_what_the_client_asked_for) {
    EXPECT_EQ(streamed.out().result(&streamed.out(), str("{}")), BAY_E_STATE);
    EXPECT_EQ(whole.out().chunk(&whole.out(), {}, str("{}")), BAY_E_STATE);
    EXPECT_EQ(streamed.out().chunk(&streamed.out(), {}, str("{}")), BAY_OK);
    EXPECT_THAT(sink.lines, ElementsAre("chunk {}"));
}

TEST_F(RecorderTest, nothing_is_no_answer_where_a_document_is_awaited) {
    EXPECT_EQ(whole.out().done(&whole.out()), BAY_E_STATE);
    EXPECT_FALSE(whole.finished());
    EXPECT_EQ(streamed.out().done(&streamed.out()), BAY_OK);
    sink.wants_bytes = true;
    Recorder bytes{Role::provider, &sink, kBlob, false};
    EXPECT_EQ(bytes.out().done(&bytes.out()), BAY_OK);
}

TEST_F(RecorderTest, a_document_has_no_head_of_its_own) {
    EXPECT_EQ(whole.out().head(&whole.out(), 201, nullptr, 0), BAY_E_STATE);
    EXPECT_EQ(streamed.out().head(&streamed.out(), 200, nullptr, 0), BAY_E_STATE);
    EXPECT_EQ(whole.out().done(&whole.out()), BAY_E_STATE) << "it is still owed";
}

TEST_F(RecorderTest, nothing_follows_a_head_that_allows_no_content) {
    sink.wants_bytes = true;
    for (const int status : {204, 205}) {
        Recorder told{Role::provider, &sink, kBlob, false};
        bay_out& out = told.out();
        told.begin_event(1, true);
        ASSERT_EQ(out.head(&out, status, nullptr, 0), BAY_OK);
        EXPECT_EQ(out.body(&out, str("a/b"), str("x")), BAY_E_STATE);
        EXPECT_EQ(out.body(&out, str("a/b"), str("")), BAY_E_STATE);
        EXPECT_EQ(out.result(&out, str("{}")), BAY_E_STATE);
        EXPECT_EQ(out.pass_through(&out, 1), BAY_E_STATE);
        EXPECT_EQ(out.done(&out), BAY_OK);
    }
    EXPECT_THAT(sink.lines, IsEmpty());
}

TEST_F(RecorderTest, what_can_be_passed_through_depends_on_what_the_client_waits_for) {
    const struct {
        std::uint32_t decode;
        bool stream, document;
    } cases[] = {
        {BAY_DECODE_BUFFER, false, true},
        {BAY_DECODE_RAW, false, false},
        {BAY_DECODE_SSE, true, false},
        {BAY_DECODE_NDJSON, true, false},
        {BAY_DECODE_AWS_EVENTSTREAM, true, false},
        {BAY_DECODE_JSON_ARRAY, true, false},
    };
    for (const auto& one : cases) {
        EXPECT_EQ(streamed.passable(one.decode), one.stream) << one.decode;
        EXPECT_EQ(whole.passable(one.decode), one.document) << one.decode;
        EXPECT_FALSE(refresh.passable(one.decode)) << one.decode;
    }
    sink.wants_bytes = true;
    for (const auto& one : cases) EXPECT_TRUE(whole.passable(one.decode)) << one.decode;
}

TEST_F(RecorderTest, passing_through_is_for_the_live_head_of_its_call) {
    bay_out& out = streamed.out();
    EXPECT_EQ(out.pass_through(&out, 0), BAY_E_STATE);
    streamed.begin_event(1, false);
    EXPECT_EQ(out.pass_through(&out, 1), BAY_E_STATE);
    streamed.begin_event(1, true);
    EXPECT_EQ(out.pass_through(&out, 2), BAY_E_STATE);
    EXPECT_EQ(out.pass_through(&out, 1), BAY_OK);
    EXPECT_EQ(streamed.passed_call(), 1u);
    EXPECT_EQ(out.pass_through(&out, 1), BAY_E_STATE);
    EXPECT_EQ(out.chunk(&out, {}, str("{}")), BAY_E_STATE);
    EXPECT_EQ(out.done(&out), BAY_OK);
}

TEST_F(RecorderTest, nothing_is_passed_through_behind_a_chunk) {
    bay_out& out = streamed.out();
    ASSERT_EQ(out.chunk(&out, {}, str("{}")), BAY_OK);
    streamed.begin_event(1, true);
    EXPECT_EQ(out.pass_through(&out, 1), BAY_E_STATE);
}

TEST_F(RecorderTest, what_is_pending_is_bounded) {
    bay_out& out = whole.out();
    for (std::uint32_t i = 0; i < Recorder::kMaxPending; ++i)
        ASSERT_EQ(out.timer(&out, i, 1), BAY_OK);
    EXPECT_EQ(out.timer(&out, 99, 1), BAY_E_LIMIT);
    EXPECT_EQ(out.shared_get(&out, str("k")), BAY_E_LIMIT);
    EXPECT_EQ(send(whole, http()), BAY_E_LIMIT);
    for (std::uint32_t i = 0; i < Recorder::kMaxPending; ++i) {
        ASSERT_EQ(out.http_abort(&out, 1), BAY_OK);
        ASSERT_EQ(out.shared_drop(&out, str("k"), str("v")), BAY_OK);
    }
    EXPECT_EQ(out.http_abort(&out, 1), BAY_E_LIMIT);
    EXPECT_EQ(out.shared_drop(&out, str("k"), str("v")), BAY_E_LIMIT);
}

TEST_F(RecorderTest, keys_that_the_host_answers_are_denied) {
    bay_out& out = whole.out();
    EXPECT_EQ(out.shared_get(&out, str("")), BAY_E_INVALID);
    for (const char* key : {"env:HOME", "file:/etc/passwd", "secret:a"}) {
        EXPECT_EQ(out.shared_get(&out, str(key)), BAY_E_DENIED) << key;
    }
    EXPECT_EQ(out.shared_get(&out, str("environment")), BAY_OK);
}

TEST_F(RecorderTest, an_error_is_taken_over_as_far_as_it_makes_sense) {
    bay_error error{};
    error.size = sizeof error;
    error.cls = BAY_ERR_RATE_LIMIT;
    error.http_status = 429;
    error.retry = BAY_RETRY_OTHER;
    error.retry_after_ms = 1500;
    error.upstream_status = 529;
    error.message = str("slow down");
    error.param = str("p");
    error.upstream_body = str("b");
    ASSERT_EQ(whole.out().fail(&whole.out(), &error), BAY_OK);
    ASSERT_TRUE(whole.error());
    EXPECT_EQ(whole.error()->cls, ErrorClass::rate_limit);
    EXPECT_EQ(whole.error()->retry, RetryHint::other);
    EXPECT_EQ(whole.error()->retry_after, std::chrono::milliseconds(1500));
    EXPECT_EQ(whole.error()->upstream_status, 529);
    EXPECT_EQ(whole.error()->message, "slow down");
    EXPECT_EQ(whole.error()->param, "p");
    EXPECT_EQ(whole.error()->upstream_body, "b");

    error.cls = 999;
    error.http_status = 200;
    error.retry = 999;
    ASSERT_EQ(streamed.out().fail(&streamed.out(), &error), BAY_OK);
    EXPECT_EQ(streamed.error()->cls, ErrorClass::unknown);
    EXPECT_EQ(streamed.error()->status(), 500);
    EXPECT_EQ(streamed.error()->retry, RetryHint::by_class);
}

TEST_F(RecorderTest, fields_beyond_the_size_of_a_struct_are_not_read) {
    bay_error error{};
    error.size = offsetof(bay_error, message);
    error.cls = BAY_ERR_AUTH;
    error.message = {reinterpret_cast<const char*>(1), 4096};
    ASSERT_EQ(whole.out().fail(&whole.out(), &error), BAY_OK);
    EXPECT_EQ(whole.error()->cls, ErrorClass::authentication);
    EXPECT_EQ(whole.error()->message, "");

    bay_http_req request = http();
    request.size = offsetof(bay_http_req, headers);
    request.headers = reinterpret_cast<const bay_kv*>(1);
    request.header_count = 3;
    EXPECT_EQ(send(streamed, request), BAY_OK);
    EXPECT_THAT(std::get<HttpAction>(streamed.actions()[0]).headers, IsEmpty());
}

TEST_F(RecorderTest, usage_goes_to_the_sink) {
    bay_usage usage{};
    usage.size = sizeof usage;
    usage.input_tokens = 3;
    usage.output_tokens = 4;
    usage.cached_input_tokens = 2;
    ASSERT_EQ(whole.out().usage(&whole.out(), &usage), BAY_OK);
    ASSERT_TRUE(sink.last_usage);
    EXPECT_EQ(sink.last_usage->prompt, 3u);
    EXPECT_EQ(sink.last_usage->completion, 4u);
    EXPECT_EQ(sink.last_usage->total, 7u);
    EXPECT_EQ(sink.last_usage->cached, 2u);
}

}  // namespace
}  // namespace patchbay
