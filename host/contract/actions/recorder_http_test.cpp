// Calls over HTTP that are recorded: what is copied of them, counted and refused.
#include "contract/actions/recorder_fixture.hpp"

namespace patchbay {
namespace {

using test::kBlob;
using test::RecorderTest;
using test::str;
using testing::IsEmpty;

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

TEST_F(RecorderTest, what_calls_took_is_given_back_unless_one_is_still_to_be_made) {
    const std::string text(64u << 10, 'x');
    const bay_seg body{BAY_SEG_BYTES, 0, str(text), 0, 0};
    ASSERT_EQ(send_segment(whole, body, 1), BAY_OK);
    whole.forget_actions();
    EXPECT_EQ(std::get<HttpAction>(whole.actions()[0]).body.at(0), text) << "it waits to be made";
    whole.actions().clear();
    whole.forget_actions();
    ASSERT_EQ(send_segment(whole, body, 2), BAY_OK);
    EXPECT_EQ(std::get<HttpAction>(whole.actions()[0]).body.at(0), text);
    EXPECT_EQ(send_segment(whole, body, 1), BAY_E_INVALID) << "the number is still taken";
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

TEST_F(RecorderTest, calls_are_bounded_in_an_exchange) {
    for (std::uint32_t call = 1; call <= Recorder::kMaxCalls; ++call) {
        ASSERT_EQ(send(whole, http(call)), BAY_OK);
        whole.actions().clear();
    }
    EXPECT_EQ(send(whole, http(1000)), BAY_E_LIMIT);
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

TEST_F(RecorderTest, a_count_of_nothing_is_refused) {
    auto request = http();
    request.header_count = 1;
    EXPECT_EQ(send(whole, request), BAY_E_INVALID);
    request = http();
    request.body_count = 1;
    EXPECT_EQ(send(whole, request), BAY_E_INVALID);
    sink.wants_bytes = true;
    EXPECT_EQ(whole.out().head(&whole.out(), 200, nullptr, 1), BAY_E_INVALID);
    bay_ws_req socket{};
    socket.size = sizeof socket;
    socket.call = 1;
    socket.url = str("wss://up.example/v1");
    socket.header_count = 1;
    EXPECT_EQ(whole.out().ws_open(&whole.out(), &socket), BAY_E_INVALID);
    EXPECT_THAT(whole.actions(), IsEmpty());
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

}  // namespace
}  // namespace patchbay
