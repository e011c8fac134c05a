#include "contract/actions/recorder.hpp"

#include <gmock/gmock.h>

#include "contract/crypto/crypto.hpp"
#include "contract/test_files.hpp"

namespace patchbay {
namespace {

using test::str;
using testing::ElementsAre;
using testing::IsEmpty;

constexpr std::string_view kBlob = R"({"model":"m"})";

/// Writes down what it is told.
class WrittenResults final : public Results {
  public:
    void result(std::string_view json, const AnswerFacts&) override {
        lines.push_back("result " + std::string(json));
    }
    void chunk(std::string_view event, std::string_view json, const AnswerFacts&) override {
        lines.push_back("chunk " + std::string(event) + std::string(json));
    }
    bool takes_bytes() const override { return wants_bytes; }
    void bytes(std::string_view content_type, std::string_view piece) override {
        lines.push_back("bytes " + std::string(content_type) + ":" + std::string(piece));
    }
    void usage(const Usage& usage) override { last_usage = usage; }

    std::vector<std::string> lines;
    bool wants_bytes = false;
    std::optional<Usage> last_usage;
};

class RecorderTest : public testing::Test {
  protected:
    bay_http_req http(std::uint32_t call = 1) const {
        bay_http_req r{};
        r.size = sizeof r;
        r.call = call;
        r.flags = BAY_HTTP_MAIN;
        r.method = str("POST");
        r.url = str("https://up.example/v1");
        return r;
    }
    static bay_status send(Recorder& r, const bay_http_req& request) {
        return r.out().http(&r.out(), &request);
    }
    static bay_status send_segment(Recorder& r, const bay_seg& segment, std::uint32_t call = 1) {
        bay_http_req request{};
        request.size = sizeof request;
        request.call = call;
        request.url = str("https://up.example/v1");
        request.body = &segment;
        request.body_count = 1;
        return r.out().http(&r.out(), &request);
    }
    static bay_seg blob(std::uint64_t off, std::uint64_t len, std::uint32_t number = 0) {
        return {BAY_SEG_BLOB, number, {nullptr, 0}, off, len};
    }

    WrittenResults sink;
    Recorder streamed{Role::provider, &sink, kBlob, true};
    Recorder whole{Role::provider, &sink, kBlob, false};
    Recorder refresh{Role::refresh, nullptr, {}, false};
};

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

TEST_F(RecorderTest, a_call_is_copied) {
    std::string url = "https://up.example/v1";
    std::string name = "x-a";
    std::string text = "abc";
    const bay_kv header{str(name), str(text)};
    const bay_seg body[] = {{BAY_SEG_BYTES, 0, str(text), 0, 0}, blob(1, 7), blob(9, 0)};
    bay_http_req request = http();
    request.url = str(url);
    request.headers = &header;
    request.header_count = 1;
    request.body = body;
    request.body_count = 3;
    request.total_ms = 5;
    ASSERT_EQ(send(whole, request), BAY_OK);
    url.assign(url.size(), '?');
    name.assign(name.size(), '?');
    text.assign(text.size(), '?');
    ASSERT_EQ(whole.actions().size(), 1u);
    const auto& action = std::get<HttpAction>(whole.actions()[0]);
    EXPECT_EQ(action.url, "https://up.example/v1");
    ASSERT_EQ(action.headers.size(), 1u);
    EXPECT_EQ(action.headers[0].name, "x-a");
    EXPECT_EQ(action.headers[0].value, "abc");
    EXPECT_EQ(action.total_ms, 5u);
    std::string sent;
    for (const auto& piece : action.body) {
        sent.append(static_cast<const char*>(piece.data()), piece.size());
    }
    EXPECT_EQ(sent, "abc" + std::string(kBlob.substr(1, 7)) + std::string(kBlob.substr(9)));
}

TEST_F(RecorderTest, a_blob_is_not_copied) {
    ASSERT_EQ(send_segment(whole, blob(0, 0)), BAY_OK);
    EXPECT_EQ(std::get<HttpAction>(whole.actions()[0]).body.at(0).data(), kBlob.data());
}

TEST_F(RecorderTest, a_call_needs_an_id_of_its_own_and_a_url) {
    EXPECT_EQ(send(whole, http(0)), BAY_E_INVALID);
    bay_http_req request = http();
    request.url = {};
    EXPECT_EQ(send(whole, request), BAY_E_INVALID);
    EXPECT_EQ(send(whole, http(1)), BAY_OK);
    EXPECT_EQ(send(whole, http(1)), BAY_E_INVALID);
    EXPECT_EQ(send(whole, http(2)), BAY_OK);
}

TEST_F(RecorderTest, blobs_must_lie_within_the_request) {
    EXPECT_EQ(send_segment(whole, blob(0, kBlob.size())), BAY_OK);
    EXPECT_EQ(send_segment(whole, blob(kBlob.size(), 0), 2), BAY_OK);
    EXPECT_EQ(send_segment(whole, blob(kBlob.size() + 1, 0), 3), BAY_E_INVALID);
    EXPECT_EQ(send_segment(whole, blob(1, kBlob.size()), 3), BAY_E_INVALID);
    EXPECT_EQ(send_segment(whole, blob(2, ~0ull), 3), BAY_E_INVALID);
    EXPECT_EQ(send_segment(whole, blob(0, 0, 1), 3), BAY_E_INVALID);
}

TEST_F(RecorderTest, parts_are_blobs_from_1_on) {
    const std::string first = "first";
    const std::string second = "second";
    whole.add_part(first);
    whole.add_part(second);
    ASSERT_EQ(send_segment(whole, blob(1, 3, 2)), BAY_OK);
    const auto& piece = std::get<HttpAction>(whole.actions()[0]).body.at(0);
    EXPECT_EQ(piece.data(), second.data() + 1);
    EXPECT_EQ(piece.size(), 3u);
    EXPECT_EQ(send_segment(whole, blob(0, 0, 0), 2), BAY_OK);
    EXPECT_EQ(send_segment(whole, blob(0, 6, 1), 3), BAY_E_INVALID);
    EXPECT_EQ(send_segment(whole, blob(0, 0, 3), 3), BAY_E_INVALID);
    EXPECT_EQ(send_segment(whole, blob(0, 0, ~0u), 3), BAY_E_INVALID);
}

TEST_F(RecorderTest, base64_is_left_to_the_call_and_counted) {
    bay_seg segment = blob(2, 4);
    segment.kind = BAY_SEG_BLOB_BASE64;
    ASSERT_EQ(send_segment(whole, segment), BAY_OK);
    const auto& action = std::get<HttpAction>(whole.actions()[0]);
    ASSERT_EQ(action.base64.size(), 1u);
    EXPECT_EQ(action.base64[0].index, 0u);
    EXPECT_EQ(action.base64[0].bytes, kBlob.substr(2, 4));
    EXPECT_EQ(action.body.at(0).size(), 0u);
    segment.len = kBlob.size();
    EXPECT_EQ(send_segment(whole, segment, 2), BAY_E_INVALID);

    // What is never read need not be there.
    const std::string_view huge(kBlob.data(), Recorder::kMaxBytes / 4 * 3 - 3000);
    whole.add_part(huge);
    segment = {BAY_SEG_BLOB_BASE64, 1, {nullptr, 0}, 0, 0};
    EXPECT_EQ(send_segment(whole, blob(0, 0, 1), 3), BAY_OK);
    EXPECT_EQ(send_segment(whole, segment, 4), BAY_OK);
    EXPECT_EQ(whole.exceeded(), nullptr);
    EXPECT_EQ(send_segment(whole, segment, 5), BAY_E_LIMIT);
    EXPECT_STREQ(whole.exceeded(), "bytes of an exchange");
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

TEST_F(RecorderTest, detached_calls_are_kept_apart_and_bounded) {
    bay_http_req request = http();
    request.flags = BAY_HTTP_DETACHED | BAY_HTTP_MAIN;
    EXPECT_EQ(send(whole, request), BAY_E_INVALID);
    request.flags = BAY_HTTP_DETACHED;
    for (std::uint32_t call = 1; call <= Recorder::kMaxDetached; ++call) {
        request.call = call;
        EXPECT_EQ(send(whole, request), BAY_OK);
    }
    EXPECT_EQ(whole.detached().size(), Recorder::kMaxDetached);
    EXPECT_THAT(whole.actions(), IsEmpty());
    EXPECT_EQ(whole.exceeded(), nullptr);
    request.call = Recorder::kMaxDetached + 1;
    EXPECT_EQ(send(whole, request), BAY_E_LIMIT);
    EXPECT_STREQ(whole.exceeded(), "detached calls");
}

TEST_F(RecorderTest, an_answer_of_bytes_is_refused_by_a_sink_that_takes_json) {
    bay_out& out = whole.out();
    EXPECT_EQ(out.body(&out, str("audio/mpeg"), str("x")), BAY_E_STATE);
    EXPECT_THAT(sink.lines, IsEmpty());
}

TEST_F(RecorderTest, sockets_are_opened_sent_to_and_closed_in_that_order) {
    Recorder realtime(Role::realtime, &sink, {}, false);
    bay_out& out = realtime.out();
    const auto open = [&](std::uint32_t call, std::string_view url) {
        const bay_ws_req ws{.size = sizeof ws,
                            .call = call,
                            .flags = 0,
                            .idle_ms = 0,
                            .url = str(url),
                            .headers = nullptr,
                            .header_count = 0,
                            .subprotocols = {nullptr, 0}};
        return out.ws_open(&out, &ws);
    };
    EXPECT_EQ(out.ws_open(&out, nullptr), BAY_E_INVALID);
    EXPECT_EQ(open(0, "wss://h/"), BAY_E_INVALID);
    EXPECT_EQ(open(1, "https://h/"), BAY_E_INVALID);
    EXPECT_EQ(out.ws_send(&out, 1, BAY_WS_TEXT, str("x")), BAY_E_STATE);
    EXPECT_EQ(out.ws_send(&out, 0, BAY_WS_TEXT, str("x")), BAY_E_STATE);
    EXPECT_EQ(open(1, "wss://h/"), BAY_OK);
    EXPECT_EQ(open(1, "wss://h/"), BAY_E_INVALID);
    EXPECT_EQ(out.ws_send(&out, 1, BAY_WS_TEXT, str("x")), BAY_OK);
    EXPECT_EQ(out.ws_send(&out, 1, 9, str("x")), BAY_E_INVALID);
    EXPECT_EQ(out.ws_send(&out, 1, BAY_WS_TEXT, str("\xff")), BAY_E_INVALID);
    EXPECT_EQ(out.ws_send(&out, 1, BAY_WS_BINARY, str("\xff")), BAY_OK);
    EXPECT_EQ(out.want(&out, BAY_WANT_CLIENT_FRAMES), BAY_OK);
    EXPECT_EQ(out.want(&out, BAY_WANT_CLIENT_FRAMES), BAY_E_STATE);
    EXPECT_EQ(out.ws_close(&out, 0, 1000, str("")), BAY_OK);
    EXPECT_EQ(out.ws_send(&out, 0, BAY_WS_TEXT, str("x")), BAY_E_STATE);
    EXPECT_EQ(out.ws_close(&out, 0, 1000, str("")), BAY_E_STATE);
    bay_ev_ws end{};
    end.h = {sizeof end, BAY_EV_WS_CLOSE};
    end.call = 1;
    realtime.begin_socket_event(end.h, 0);
    EXPECT_EQ(out.ws_send(&out, 1, BAY_WS_TEXT, str("x")), BAY_E_STATE);
    EXPECT_EQ(out.result(&out, str("{}")), BAY_E_STATE);
    EXPECT_EQ(out.chunk(&out, {}, str("{}")), BAY_E_STATE);
    EXPECT_EQ(out.done(&out), BAY_OK);
    EXPECT_EQ(open(2, "wss://h/"), BAY_E_STATE);
    EXPECT_EQ(realtime.exceeded(), nullptr);
}

TEST_F(RecorderTest, sockets_are_bounded) {
    Recorder realtime(Role::realtime, &sink, {}, false);
    bay_out& out = realtime.out();
    bay_ws_req ws{};
    ws.size = sizeof ws;
    ws.url = str("wss://h/");
    for (std::size_t i = 0; i < Recorder::kMaxSockets; ++i) {
        ws.call = static_cast<std::uint32_t>(i + 1);
        EXPECT_EQ(out.ws_open(&out, &ws), BAY_OK);
    }
    ++ws.call;
    EXPECT_EQ(out.ws_open(&out, &ws), BAY_E_LIMIT);
    EXPECT_STREQ(realtime.exceeded(), "sockets of an exchange");
    for (std::size_t i = 0; i < Recorder::kMaxFrames; ++i) {
        ASSERT_EQ(out.ws_send(&out, 1, BAY_WS_TEXT, str("")), BAY_OK);
    }
    EXPECT_EQ(out.ws_send(&out, 1, BAY_WS_TEXT, str("")), BAY_E_LIMIT);
    EXPECT_STREQ(realtime.exceeded(), "frames at a time");
    // What the sockets still have to send counts.
    realtime.actions().clear();
    const bay_event event{sizeof event, BAY_EV_TIMER};
    realtime.begin_socket_event(event, Recorder::kMaxFrameBytes - 10);
    EXPECT_EQ(out.ws_send(&out, 1, BAY_WS_TEXT, str("0123456789")), BAY_OK);
    EXPECT_EQ(out.ws_send(&out, 1, BAY_WS_TEXT, str("x")), BAY_E_LIMIT);
    EXPECT_STREQ(realtime.exceeded(), "bytes that wait to be sent");
}

TEST_F(RecorderTest, only_a_realtime_exchange_has_a_client_to_accept) {
    bay_out& out = streamed.out();
    EXPECT_EQ(out.want(&out, BAY_WANT_CLIENT_FRAMES), BAY_E_STATE);
    bay_out& r = refresh.out();
    bay_ws_req ws{};
    ws.size = sizeof ws;
    ws.call = 1;
    ws.url = str("wss://h/");
    EXPECT_EQ(r.ws_open(&r, &ws), BAY_E_UNSUPPORTED);
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

TEST_F(RecorderTest, calls_are_bounded_in_an_exchange) {
    for (std::uint32_t call = 1; call <= Recorder::kMaxCalls; ++call) {
        ASSERT_EQ(send(whole, http(call)), BAY_OK);
        whole.actions().clear();
    }
    EXPECT_EQ(send(whole, http(1000)), BAY_E_LIMIT);
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

TEST_F(RecorderTest, headers_and_segments_are_bounded) {
    const std::vector<bay_kv> headers(Recorder::kMaxHeaders + 1, bay_kv{str("n"), str("v")});
    bay_http_req request = http();
    request.headers = headers.data();
    request.header_count = headers.size();
    EXPECT_EQ(send(whole, request), BAY_E_LIMIT);
    request.header_count = Recorder::kMaxHeaders;
    EXPECT_EQ(send(whole, request), BAY_OK);
    const std::vector<bay_seg> body(Recorder::kMaxSegments + 1, blob(0, 0));
    request = http(2);
    request.body = body.data();
    request.body_count = body.size();
    EXPECT_EQ(send(whole, request), BAY_E_LIMIT);
}

TEST_F(RecorderTest, copied_bytes_are_bounded_wherever_they_stand) {
    // Never read: the bound is checked before anything is copied.
    const bay_str huge{kBlob.data(), Recorder::kMaxBytes + 1};
    EXPECT_EQ(send_segment(whole, {BAY_SEG_BYTES, 0, huge, 0, 0}), BAY_E_LIMIT);
    bay_http_req request = http();
    request.url = huge;
    EXPECT_EQ(send(whole, request), BAY_E_LIMIT);
    request = http();
    request.method = huge;
    EXPECT_EQ(send(whole, request), BAY_E_LIMIT);
    bay_kv header{str("n"), huge};
    request = http();
    request.headers = &header;
    request.header_count = 1;
    EXPECT_EQ(send(whole, request), BAY_E_LIMIT);
    header = {huge, str("v")};
    EXPECT_EQ(send(whole, request), BAY_E_LIMIT);
    EXPECT_EQ(whole.out().shared_get(&whole.out(), huge), BAY_E_LIMIT);
    EXPECT_THAT(whole.actions(), IsEmpty());
}

TEST_F(RecorderTest, text_without_a_pointer_is_absent_whatever_its_length) {
    const bay_str absent{nullptr, 5};
    bay_http_req request = http();
    request.method = absent;
    EXPECT_EQ(send(whole, request), BAY_OK);
    EXPECT_EQ(std::get<HttpAction>(whole.actions()[0]).method, "");
    request.url = absent;
    request.call = 2;
    EXPECT_EQ(send(whole, request), BAY_E_INVALID);
    EXPECT_EQ(whole.out().shared_get(&whole.out(), absent), BAY_E_INVALID);
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
