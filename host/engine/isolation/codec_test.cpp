// What crosses to a plugin's process comes back as it was, and bytes of a child that lies are refused
// whole: an action that cannot be read is not done.
#include <functional>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/actions/recorder.hpp"
#include "contract/test_files.hpp"
#include "engine/isolation/action_codec.hpp"
#include "engine/isolation/event_codec.hpp"
#include "patchbay/logger.h"

namespace patchbay::isolation {
namespace {

using test::str;
using testing::ElementsAre;
using testing::IsEmpty;

/// Writes down what it is told.
class WrittenResults final : public Results {
  public:
    void result(std::string_view json, const AnswerFacts&) override {
        lines.push_back("result " + std::string(json));
    }
    void chunk(std::string_view, std::string_view json, const AnswerFacts&) override {
        lines.push_back("chunk " + std::string(json));
    }
    void head(int status, std::span<const http::Header> headers) override {
        lines.push_back("head " + std::to_string(status));
        for (const http::Header& h : headers) {
            lines.push_back(std::string(h.name) + ": " + std::string(h.value));
        }
    }
    void usage(const Usage& usage) override {
        lines.push_back("usage " + std::to_string(usage.prompt) + " " +
                        std::to_string(usage.images));
    }
    bool takes_bytes() const override { return true; }
    std::vector<std::string> lines;
};

/// A machine's actions, given to a recorder of the child and replayed into one of the gateway.
struct Ends {
    explicit Ends(Role role = Role::provider, bool stream = true)
        : child(role, has_results(role) ? &unused : nullptr, kBody, stream),
          gateway(role, has_results(role) ? &results : nullptr, kBody, stream) {
        if (role != Role::guardrail) return;
        child.ask({.stream = true, .last = false, .texts = 2}, true);
        gateway.ask({.stream = true, .last = false, .texts = 2}, true);
    }
    static bool has_results(Role role) { return role == Role::provider || role == Role::realtime; }
    /// The bytes of what `act` does.
    std::string write(const std::function<void(bay_out&)>& act) {
        std::string bytes;
        Writer to(bytes);
        act(writer.begin(to));
        return bytes;
    }
    bool replay(std::string_view bytes) {
        Reader from(bytes);
        return replay_actions(from, gateway.out());
    }

    static constexpr std::string_view kBody = R"({"model":"m"})";
    WrittenResults unused, results;
    Recorder child, gateway;
    ActionWriter writer{child.out()};
};

void call(bay_out& out) {
    const bay_kv header{str("x-a"), str("1")};
    const bay_seg body[] = {{BAY_SEG_BYTES, 0, str("ab"), 0, 0},
                            {BAY_SEG_BLOB, 0, {nullptr, 0}, 1, 7}};
    bay_http_req request{};
    request.size = sizeof request;
    request.call = 3;
    request.flags = BAY_HTTP_MAIN;
    request.decode = BAY_DECODE_SSE;
    request.method = str("POST");
    request.url = str("https://up.example/v1");
    request.headers = &header;
    request.header_count = 1;
    request.body = body;
    request.body_count = 2;
    request.total_ms = 5;
    request.max_body = 6;
    EXPECT_EQ(out.http(&out, &request), BAY_OK);
}

void answer(bay_out& out) {
    const bay_kv header{str("x-b"), str("2")};
    EXPECT_EQ(out.head(&out, 201, &header, 1), BAY_OK);
    bay_usage usage{};
    usage.size = sizeof usage;
    usage.input_tokens = 4;
    usage.images = 9;
    EXPECT_EQ(out.usage(&out, &usage), BAY_OK);
    EXPECT_EQ(out.chunk(&out, str(""), str("{}")), BAY_OK);
    EXPECT_EQ(out.note(&out, str("k"), str("1")), BAY_OK);
    EXPECT_EQ(out.done(&out), BAY_OK);
}

void judge(bay_out& out) {
    const bay_edit edits[] = {{1, str("x"), 2}, {0, {nullptr, 0}, 0}};
    bay_verdict verdict{};
    verdict.size = sizeof verdict;
    verdict.decision = BAY_MODIFY;
    verdict.edits = edits;
    verdict.edit_count = 2;
    verdict.reason = str("why");
    EXPECT_EQ(out.verdict(&out, &verdict), BAY_OK);
}

void refuse(bay_out& out) {
    bay_error error{};
    error.size = sizeof error;
    error.cls = BAY_ERR_RATE_LIMIT;
    error.message = str("slow down");
    bay_verdict verdict{};
    verdict.size = sizeof verdict;
    verdict.decision = BAY_BLOCK;
    verdict.error = &error;
    EXPECT_EQ(out.verdict(&out, &verdict), BAY_OK);
}

TEST(ActionCodec, a_call_comes_back_as_it_was) {
    Ends ends;
    ASSERT_TRUE(ends.replay(ends.write(call)));
    ASSERT_EQ(ends.gateway.actions().size(), 1u);
    const auto& http = std::get<HttpAction>(ends.gateway.actions()[0]);
    EXPECT_EQ(http.call, 3u);
    EXPECT_EQ(http.decode, std::uint32_t{BAY_DECODE_SSE});
    EXPECT_EQ(http.method, "POST");
    EXPECT_EQ(http.url, "https://up.example/v1");
    ASSERT_EQ(http.headers.size(), 1u);
    EXPECT_EQ(http.headers[0].value, "1");
    EXPECT_THAT(http.body, ElementsAre("ab", R"("model")"));
    EXPECT_EQ(http.total_ms, 5u);
    EXPECT_EQ(http.idle_ms, 0u);
    EXPECT_EQ(http.max_body, 6u);
}

TEST(ActionCodec, answers_and_verdicts_come_back_as_they_were) {
    Ends ends;
    ASSERT_TRUE(ends.replay(ends.write(answer)));
    EXPECT_THAT(ends.results.lines, ElementsAre("head 201", "x-b: 2", "usage 4 9", "chunk {}"));
    EXPECT_EQ(ends.gateway.notes().size(), 1u);
    EXPECT_TRUE(ends.gateway.finished());

    Ends guardrail(Role::guardrail);
    ASSERT_TRUE(guardrail.replay(guardrail.write(judge)));
    const Verdict& verdict = *guardrail.gateway.verdict();
    EXPECT_EQ(verdict.decision, Decision::modify);
    ASSERT_EQ(verdict.edits.size(), 2u);
    EXPECT_EQ(verdict.edits[0].text, "x");
    EXPECT_EQ(verdict.edits[0].hold, 2u);
    EXPECT_EQ(verdict.edits[1].text, std::nullopt);
    EXPECT_EQ(verdict.reason, "why");

    Ends block(Role::guardrail);
    ASSERT_TRUE(block.replay(block.write(refuse)));
    EXPECT_EQ(block.gateway.verdict()->error->message, "slow down");
}

TEST(ActionCodec, an_action_that_is_cut_off_is_not_done) {
    const struct {
        Role role;
        void (*act)(bay_out&);
    } cases[] = {{Role::provider, call}, {Role::guardrail, judge}, {Role::guardrail, refuse}};
    for (const auto& c : cases) {
        const std::string bytes = Ends(c.role).write(c.act);
        for (std::size_t size = 1; size < bytes.size(); ++size) {
            Ends ends(c.role);
            EXPECT_FALSE(ends.replay(std::string_view(bytes).substr(0, size))) << size;
            EXPECT_THAT(ends.gateway.actions(), IsEmpty()) << size;
            EXPECT_FALSE(ends.gateway.verdict()) << size;
        }
    }
    Ends ends(Role::provider, false);
    const std::string result =
        ends.write([](bay_out& out) { EXPECT_EQ(out.result(&out, str("{}")), BAY_OK); });
    EXPECT_FALSE(ends.replay(std::string_view(result).substr(0, result.size() - 1)));
    EXPECT_THAT(ends.results.lines, IsEmpty());
    EXPECT_FALSE(ends.gateway.finished());
}

TEST(ActionCodec, counts_and_lengths_beyond_the_bytes_are_refused) {
    // Every number of eight bytes becomes a huge one in turn, wherever it stands.
    for (const auto act : {call, answer}) {
        const std::string bytes = Ends().write(act);
        for (std::size_t at = 0; at + 8 <= bytes.size(); ++at) {
            for (const std::uint64_t lie : {UINT64_MAX - 1, std::uint64_t{1} << 60}) {
                std::string other = bytes;
                std::memcpy(other.data() + at, &lie, sizeof lie);
                Ends ends;
                ends.replay(other);  // whatever it says: nothing beyond the bytes is read
                EXPECT_LE(ends.gateway.actions().size(), 1u);
            }
        }
    }
    std::string text;
    Writer to(text);
    to.number(std::uint64_t{5});
    text += "four";
    Reader from(text);
    EXPECT_EQ(from.text().ptr, nullptr);
    EXPECT_TRUE(from.failed());
    EXPECT_EQ(from.number<std::uint8_t>(), 0) << "after a failure all is zero";
}

TEST(ActionCodec, unknown_actions_and_those_that_are_not_allowed_are_refused) {
    for (int number = 21; number < 256; ++number) {
        Ends ends;
        EXPECT_FALSE(ends.replay(std::string(64, static_cast<char>(number)))) << number;
    }
    Ends provider;
    Ends guardrail(Role::guardrail);
    EXPECT_FALSE(provider.replay(guardrail.write(judge))) << "a verdict of a provider";
    EXPECT_TRUE(provider.replay(provider.write([](bay_out& out) { out.done(&out); })));
    EXPECT_FALSE(provider.replay(Ends().write(call))) << "behind the end";
}

TEST(EventCodec, a_request_comes_back_as_it_was) {
    const std::string_view body = R"({"model":"m"})";
    bay_target target{};
    target.size = sizeof target;
    target.model = str("m");
    const bay_part part{.name = str("file"),
                        .filename = {nullptr, 0},
                        .content_type = str("a/b"),
                        .data = str("bytes"),
                        .blob = 1,
                        .length = 5};
    bay_member member{};
    member.name_off = 1;
    member.name = str(body.substr(2, 5));
    member.value_off = 9;
    member.value = str(body.substr(9, 3));
    bay_ev_request event{};
    event.h = {sizeof event, BAY_EV_REQUEST};
    event.flags = BAY_REQ_STREAM;
    event.json = str(body);
    event.target = &target;
    event.parts = &part;
    event.part_count = 1;
    event.members = &member;
    event.member_count = 1;
    event.content_type = str("c/d");
    event.hint_params = str("user");
    std::string bytes;
    Writer to(bytes);
    ASSERT_TRUE(write_event(to, event.h));
    Reader from(bytes);
    ReadEvent read;
    ASSERT_TRUE(read.read(from));
    const auto& e = reinterpret_cast<const bay_ev_request&>(read.event());
    EXPECT_EQ(e.h.size, sizeof e);
    EXPECT_EQ(e.target->size, sizeof target);
    EXPECT_EQ(bay_str(e.target->model).len, 1u);
    EXPECT_EQ(e.target->api_key.ptr, nullptr) << "absent is not empty";
    ASSERT_EQ(read.parts().size(), 1u);
    EXPECT_EQ(read.parts()[0].filename.ptr, nullptr);
    EXPECT_EQ(read.parts()[0].length, 5u);
    ASSERT_EQ(e.member_count, 1u);
    EXPECT_EQ(std::string_view(e.members[0].name.ptr, e.members[0].name.len), "model");
    EXPECT_EQ(std::string_view(e.members[0].value.ptr, e.members[0].value.len), R"("m")");
    EXPECT_EQ(std::string_view(e.content_type.ptr, e.content_type.len), "c/d");
    EXPECT_EQ(std::string_view(e.hint_params.ptr, e.hint_params.len), "user");

    for (std::size_t size = 0; size < bytes.size(); ++size) {
        Reader cut(std::string_view(bytes).substr(0, size));
        EXPECT_FALSE(ReadEvent().read(cut)) << size;
    }
    Reader longer(bytes += "x");
    EXPECT_FALSE(ReadEvent().read(longer));
}

TEST(EventCodec, members_must_lie_in_the_body) {
    for (const std::uint64_t off : {std::uint64_t{13}, UINT64_MAX, UINT64_MAX - 1}) {
        bay_member member{};
        member.name_off = off;
        member.name = str("a");
        bay_ev_request event{};
        event.h = {sizeof event, BAY_EV_REQUEST};
        event.json = str("{\"model\":\"m\"}");
        event.members = &member;
        event.member_count = 1;
        std::string bytes;
        Writer to(bytes);
        ASSERT_TRUE(write_event(to, event.h));
        Reader from(bytes);
        EXPECT_FALSE(ReadEvent().read(from)) << off;
    }
}

TEST(EventCodec, unknown_events_are_refused) {
    const bay_event unknown{sizeof unknown, 0x7fff};
    std::string bytes;
    Writer to(bytes);
    EXPECT_FALSE(write_event(to, unknown));
    Reader from(bytes);
    EXPECT_FALSE(ReadEvent().read(from));
}

TEST(Frames, say_when_they_are_not_whole_and_when_they_never_will_be) {
    std::string bytes;
    Writer to(bytes);
    to.begin(FrameType::fed, 7);
    to.text(std::string_view("payload"));
    to.end();
    Frame frame;
    for (std::size_t size = 0; size < bytes.size(); ++size) {
        EXPECT_EQ(take_frame(std::string_view(bytes).substr(0, size), frame), FrameStatus::more);
    }
    ASSERT_EQ(take_frame(bytes + "more", frame), FrameStatus::whole);
    EXPECT_EQ(frame.id, 7u);
    EXPECT_EQ(frame.size, bytes.size());
    for (const std::uint32_t size : {0u, 4u, std::uint32_t{kMaxFrame} + 1, UINT32_MAX}) {
        std::memcpy(bytes.data(), &size, sizeof size);
        EXPECT_EQ(take_frame(bytes, frame), FrameStatus::bad) << size;
    }
}

}  // namespace
}  // namespace patchbay::isolation
