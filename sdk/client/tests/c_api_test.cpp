// patchbay/client.h as a program in C meets it: statuses, callbacks, forks, bounds.
#include <cstddef>
#include <future>
#include <poll.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "c_api_fixture.hpp"

namespace patchbay {
namespace {

using test::LocalUpstream;
using test::Peer;

TEST_F(CApi, EventsEndWithOneThatSaysSo) {
    const auto asked = options(kMock);
    bay_call* call = nullptr;
    ASSERT_EQ(bay_call_start(client, &asked, &call), BAY_OK);
    bay_call_event event{};
    event.size = sizeof event;
    ASSERT_EQ(bay_call_next(call, -1, &event), BAY_OK);
    EXPECT_EQ(event.type, static_cast<std::uint32_t>(BAY_CALL_RESULT));
    EXPECT_THAT(str(event.data), ::testing::HasSubstr("a b c"));
    EXPECT_THAT(str(event.about), ::testing::HasSubstr("\"call_id\""));
    ASSERT_EQ(bay_call_next(call, -1, &event), BAY_OK);
    EXPECT_EQ(event.type, static_cast<std::uint32_t>(BAY_CALL_END));
    EXPECT_EQ(bay_call_next(call, -1, &event), BAY_CLIENT_E_CLOSED);
    bay_call_free(call);
}

TEST_F(CApi, AnOlderProgramsEventIsNotWrittenBeyond) {
    const auto asked = options(kMock);
    bay_call* call = nullptr;
    ASSERT_EQ(bay_call_start(client, &asked, &call), BAY_OK);
    bay_call_event event{};
    event.size = offsetof(bay_call_event, about);
    ASSERT_EQ(bay_call_next(call, -1, &event), BAY_OK);
    EXPECT_EQ(event.about.ptr, nullptr);
    event.size = 4;
    EXPECT_EQ(bay_call_next(call, -1, &event), BAY_E_INVALID);
    bay_call_free(call);
}

TEST_F(CApi, CallsThatNobodyReadsAreFreed) {
    const auto asked = options(kMock);
    for (int i = 0; i < 200; ++i) {
        bay_call* call = nullptr;
        ASSERT_EQ(bay_call_start(client, &asked, &call), BAY_OK);
        if (i % 2 == 0) bay_call_cancel(call);
        bay_call_free(call);
    }
    bay_call* call = nullptr;
    ASSERT_EQ(bay_call_start(client, &asked, &call), BAY_OK);
    bay_call_event event{};
    event.size = sizeof event;
    ASSERT_EQ(bay_call_next(call, -1, &event), BAY_OK);
    EXPECT_EQ(event.type, static_cast<std::uint32_t>(BAY_CALL_RESULT));
    bay_call_free(call);
}

TEST_F(CApi, AnOlderProgramsOptionsAreNotReadBeyond) {
    auto asked = options(kMock);
    asked.id = {reinterpret_cast<const char*>(1), 99};
    asked.size = offsetof(bay_call_options, id);
    bay_call* call = nullptr;
    ASSERT_EQ(bay_call_start(client, &asked, &call), BAY_OK);
    bay_call_event event{};
    event.size = sizeof event;
    ASSERT_EQ(bay_call_next(call, -1, &event), BAY_OK);
    EXPECT_EQ(event.type, static_cast<std::uint32_t>(BAY_CALL_RESULT));
    bay_call_free(call);
}

TEST_F(CApi, WhatIsNoRequestIsAFailedCall) {
    for (const std::string text : {"", "null", "[]", "\xff", "{}", R"({"model":5,"messages":[]})",
                                   R"({"model":"openai/gpt-4o"})", "{\"model\":\"a"}) {
        const auto asked = options(text);
        bay_call* call = nullptr;
        ASSERT_EQ(bay_call_start(client, &asked, &call), BAY_OK) << text;
        bay_call_event event{};
        event.size = sizeof event;
        ASSERT_EQ(bay_call_next(call, -1, &event), BAY_OK) << text;
        EXPECT_EQ(event.type, static_cast<std::uint32_t>(BAY_CALL_FAILED)) << text;
        EXPECT_THAT(str(event.data), ::testing::HasSubstr("\"status\":400")) << text;
        bay_call_free(call);
    }
}

struct Heard {
    std::vector<std::uint32_t> types;
    std::promise<void> over;
};

TEST_F(CApi, ACallbackHearsEveryEvent) {
    Heard heard;
    auto asked = options(kMock);
    asked.ctx = &heard;
    asked.on_event = [](void* ctx, const bay_call_event* event) noexcept {
        auto& all = *static_cast<Heard*>(ctx);
        all.types.push_back(event->type);
        if (event->type >= BAY_CALL_END) all.over.set_value();
    };
    bay_call* call = nullptr;
    ASSERT_EQ(bay_call_start(client, &asked, &call), BAY_OK);
    heard.over.get_future().wait();
    bay_call_event event{};
    event.size = sizeof event;
    EXPECT_EQ(bay_call_next(call, 0, &event), BAY_E_STATE);
    bay_call_free(call);
    EXPECT_THAT(heard.types, ::testing::ElementsAre(BAY_CALL_RESULT, BAY_CALL_END));
}

TEST_F(CApi, ACancelledCallFailsAndItsConnectionCloses) {
    LocalUpstream* self = nullptr;
    LocalUpstream upstream([&](Peer& peer, const std::string&) {
        peer.closed();
        self->note_gone();
    });
    self = &upstream;
    const auto asked = options(at(upstream, false));
    bay_call* call = nullptr;
    ASSERT_EQ(bay_call_start(client, &asked, &call), BAY_OK);
    while (upstream.requests().empty()) std::this_thread::yield();
    bay_call_cancel(call);
    bay_call_event event{};
    event.size = sizeof event;
    ASSERT_EQ(bay_call_next(call, -1, &event), BAY_OK);
    EXPECT_EQ(event.type, static_cast<std::uint32_t>(BAY_CALL_FAILED));
    EXPECT_THAT(str(event.data), ::testing::HasSubstr("\"status\":499"));
    bay_call_free(call);
    upstream.wait_gone(1);
}

// The provider is not read while nobody takes what it sent: its own send comes to a stop.
TEST_F(CApi, AnAnswerThatNobodyReadsIsBounded) {
    constexpr int kPieces = 4096;
    std::atomic<int> sent{0};
    LocalUpstream upstream([&](Peer& peer, const std::string&) {
        peer.begin_stream();
        const std::string piece = test::chat_chunk(std::string(16 << 10, 'x'));
        while (sent < kPieces && peer.event(piece)) ++sent;
        peer.event("[DONE]");
        peer.end_stream();
    });
    const auto asked = options(at(upstream, true));
    bay_call* call = nullptr;
    ASSERT_EQ(bay_call_start(client, &asked, &call), BAY_OK);
    bay_call_event event{};
    event.size = sizeof event;
    ASSERT_EQ(bay_call_next(call, -1, &event), BAY_OK);
    // Until it stands still: the same count seen over many turns of its thread.
    for (int last = -1, same = 0; same < 200; same = sent == last ? same + 1 : 0) {
        last = sent;
        ::poll(nullptr, 0, 1);
    }
    EXPECT_LT(sent, kPieces);
    int chunks = 1;
    while (bay_call_next(call, -1, &event) == BAY_OK && event.type == BAY_CALL_CHUNK) ++chunks;
    EXPECT_EQ(chunks, kPieces);
    EXPECT_EQ(event.type, static_cast<std::uint32_t>(BAY_CALL_END));
    bay_call_free(call);
}

TEST_F(CApi, AChildOfAForkOpensItsOwn) {
#ifdef __SANITIZE_THREAD__
    GTEST_SKIP() << "the thread sanitizer takes no threads in a fork of a program that has some";
#endif
    const pid_t child = ::fork();
    if (child == 0) {
        bay_call_options asked = options(kMock);
        bay_call* call = nullptr;
        if (bay_call_start(client, &asked, &call) != BAY_CLIENT_E_FORKED) ::_exit(1);
        bay_client_close(client);
        bay_client* own = nullptr;
        if (bay_client_open(nullptr, &own) != BAY_OK) ::_exit(2);
        if (bay_call_start(own, &asked, &call) != BAY_OK) ::_exit(3);
        bay_call_event event{};
        event.size = sizeof event;
        if (bay_call_next(call, 30'000, &event) != BAY_OK || event.type != BAY_CALL_RESULT)
            ::_exit(4);
        bay_call_free(call);
        bay_client_close(own);
        ::_exit(0);
    }
    int status = -1;
    ASSERT_EQ(::waitpid(child, &status, 0), child);
    EXPECT_TRUE(WIFEXITED(status));
    EXPECT_EQ(WEXITSTATUS(status), 0);
}

TEST_F(CApi, BadArgumentsAreStatuses) {
    bay_call* call = nullptr;
    auto asked = options(kMock);
    EXPECT_EQ(bay_call_start(nullptr, &asked, &call), BAY_E_INVALID);
    EXPECT_EQ(bay_call_start(client, nullptr, &call), BAY_E_INVALID);
    asked.operation = BAY_STR("astrology");
    EXPECT_EQ(bay_call_start(client, &asked, &call), BAY_E_UNSUPPORTED);
    EXPECT_EQ(call, nullptr);
    EXPECT_EQ(bay_call_next(nullptr, 0, nullptr), BAY_E_INVALID);
    bay_call_free(nullptr);
    bay_client_close(nullptr);
}

TEST_F(CApi, ValuesAreFoundInDocuments) {
    const std::string json = R"({"a":[{"b":"c\u00e9 \ud83d\ude00"},17,null,{"d":[1]}]})";
    struct Case {
        const char* pointer;
        bay_status status;
        const char* found;
    };
    for (const Case& one :
         {Case{"/a/0/b", BAY_OK, "cé 😀"}, Case{"/a/1", BAY_OK, "17"},
          Case{"/a/2", BAY_CLIENT_E_AGAIN, ""}, Case{"/a/3", BAY_OK, "{\"d\":[1]}"},
          Case{"/x", BAY_CLIENT_E_AGAIN, ""}}) {
        char buffer[64];
        std::size_t size = sizeof buffer;
        EXPECT_EQ(bay_json_at(str(json), {one.pointer, std::strlen(one.pointer)}, buffer, &size),
                  one.status)
            << one.pointer;
        EXPECT_EQ(std::string(buffer, size), one.found) << one.pointer;
    }
    char small[2];
    std::size_t size = sizeof small;
    EXPECT_EQ(bay_json_at(str(json), BAY_STR("/a/3"), small, &size), BAY_E_LIMIT);
    EXPECT_EQ(size, 9u);
    EXPECT_EQ(bay_json_at(BAY_STR("{"), BAY_STR(""), small, &size), BAY_E_INVALID);
}

TEST_F(CApi, TheWorldCanBeAsked) {
    const auto ask = [&](bay_str what, bay_str about) {
        std::string json;
        EXPECT_EQ(bay_client_look_up(
                      client, what, about,
                      [](void* ctx, bay_str text) { *static_cast<std::string*>(ctx) = str(text); },
                      &json),
                  BAY_OK);
        return json;
    };
    EXPECT_THAT(ask(BAY_STR("provider"), BAY_STR(R"({"model":"gpt-4o"})")),
                ::testing::HasSubstr(R"("provider":"openai")"));
    EXPECT_EQ(ask(BAY_STR("provider"), BAY_STR(R"({"model":"nobody-knows-it"})")), "{}");
    EXPECT_EQ(ask(BAY_STR("provider"), BAY_STR(R"({"model":"nobody/knows-it"})")), "{}");
    EXPECT_THAT(ask(BAY_STR("model"), BAY_STR(R"({"model":"gpt-4o"})")),
                ::testing::HasSubstr("\"max_input_tokens\":128000"));
    EXPECT_THAT(ask(BAY_STR("providers"), BAY_STR("")), ::testing::HasSubstr("ANTHROPIC_API_KEY"));
    std::string none;
    EXPECT_EQ(bay_client_look_up(
                  client, BAY_STR("weather"), BAY_STR("{}"), [](void*, bay_str) {}, nullptr),
              BAY_E_UNSUPPORTED);
}

}  // namespace
}  // namespace patchbay
