// How a program waits for the events of patchbay/client.h: with a descriptor, a callback, or a thread of its own.
#include <atomic>
#include <condition_variable>
#include <csignal>
#include <future>
#include <mutex>
#include <poll.h>
#include <thread>
#include <vector>

#include <gmock/gmock.h>

#include "c_api_fixture.hpp"

namespace patchbay {
namespace {

using test::LocalUpstream;
using test::Peer;

TEST_F(CApi, ADescriptorIsReadableWhileAnEventWaits) {
    std::promise<void> go_on;
    LocalUpstream upstream([&](Peer& peer, const std::string& text) {
        go_on.get_future().wait();
        test::greet(peer, text);
    });
    const auto asked = options(at(upstream, true));
    bay_call* call = nullptr;
    ASSERT_EQ(bay_call_start(client, &asked, &call), BAY_OK);
    const int descriptor = bay_call_descriptor(call);
    ASSERT_GE(descriptor, 0);
    pollfd readable{descriptor, POLLIN, 0};
    bay_call_event event{};
    event.size = sizeof event;
    EXPECT_EQ(::poll(&readable, 1, 0), 0);
    EXPECT_EQ(bay_call_next(call, 0, &event), BAY_CLIENT_E_AGAIN);
    EXPECT_EQ(bay_call_next(call, 1, &event), BAY_CLIENT_E_AGAIN);
    go_on.set_value();
    int chunks = 0;
    for (event.type = 0; event.type < BAY_CALL_END;) {
        ASSERT_EQ(::poll(&readable, 1, -1), 1);
        if (bay_call_next(call, 0, &event) != BAY_OK) continue;
        chunks += event.type == BAY_CALL_CHUNK;
    }
    EXPECT_EQ(chunks, 3);
    EXPECT_EQ(event.type, static_cast<std::uint32_t>(BAY_CALL_END));
    bay_call_free(call);
}

TEST_F(CApi, ADescriptorIsQuietWhenAllIsTaken) {
    std::promise<void> go_on;
    LocalUpstream upstream([&](Peer& peer, const std::string&) {
        peer.begin_stream();
        peer.event(test::chat_chunk("one"));
        go_on.get_future().wait();
        peer.event("[DONE]");
        peer.end_stream();
    });
    const auto asked = options(at(upstream, true));
    bay_call* call = nullptr;
    ASSERT_EQ(bay_call_start(client, &asked, &call), BAY_OK);
    pollfd readable{bay_call_descriptor(call), POLLIN, 0};
    bay_call_event event{};
    event.size = sizeof event;
    ASSERT_EQ(bay_call_next(call, -1, &event), BAY_OK);
    EXPECT_EQ(event.type, static_cast<std::uint32_t>(BAY_CALL_CHUNK));
    // It may say once more that there is something; who looks finds nothing, and then it is quiet.
    if (::poll(&readable, 1, 100) == 1) {
        EXPECT_EQ(bay_call_next(call, 0, &event), BAY_CLIENT_E_AGAIN);
        EXPECT_EQ(::poll(&readable, 1, 0), 0);
    }
    go_on.set_value();
    ASSERT_EQ(bay_call_next(call, -1, &event), BAY_OK);
    EXPECT_GE(event.type, static_cast<std::uint32_t>(BAY_CALL_END));
    EXPECT_EQ(bay_call_next(call, 0, &event), BAY_CLIENT_E_CLOSED);
    EXPECT_EQ(::poll(&readable, 1, -1), 1);
    bay_call_free(call);
}

/// Counts what on_ready tells.
struct Told {
    std::mutex mutex;
    std::condition_variable more;
    int times = 0;

    int count() {
        const std::lock_guard lock(mutex);
        return times;
    }
    void wait_for(int wanted) {
        std::unique_lock lock(mutex);
        more.wait(lock, [&] { return times >= wanted; });
    }
};

TEST_F(CApi, OnReadyIsToldOnceAfterNothingHadCome) {
    std::promise<void> go_on;
    std::promise<void> end;
    LocalUpstream upstream([&](Peer& peer, const std::string&) {
        go_on.get_future().wait();
        peer.begin_stream();
        peer.event(test::chat_chunk("one"));
        peer.event(test::chat_chunk("two"));
        end.get_future().wait();
        peer.event("[DONE]");
        peer.end_stream();
    });
    Told told;
    auto asked = options(at(upstream, true));
    asked.ctx = &told;
    asked.on_ready = [](void* ctx) noexcept {
        auto& all = *static_cast<Told*>(ctx);
        const std::lock_guard lock(all.mutex);
        ++all.times;
        all.more.notify_all();
    };
    bay_call* call = nullptr;
    ASSERT_EQ(bay_call_start(client, &asked, &call), BAY_OK);
    bay_call_event event{};
    event.size = sizeof event;
    EXPECT_EQ(bay_call_next(call, 0, &event), BAY_CLIENT_E_AGAIN);
    EXPECT_EQ(bay_call_next(call, 0, &event), BAY_CLIENT_E_AGAIN);
    go_on.set_value();
    told.wait_for(1);
    ASSERT_EQ(bay_call_next(call, 0, &event), BAY_OK);
    EXPECT_THAT(str(event.data), ::testing::HasSubstr("one"));
    // Whoever knew of one need not be told of another.
    ASSERT_EQ(bay_call_next(call, -1, nullptr), BAY_OK);
    EXPECT_EQ(told.count(), 1);
    ASSERT_EQ(bay_call_next(call, 0, &event), BAY_OK);
    EXPECT_THAT(str(event.data), ::testing::HasSubstr("two"));
    EXPECT_EQ(bay_call_next(call, 0, &event), BAY_CLIENT_E_AGAIN);
    end.set_value();
    told.wait_for(2);
    ASSERT_EQ(bay_call_next(call, 0, &event), BAY_OK);
    EXPECT_EQ(event.type, static_cast<std::uint32_t>(BAY_CALL_END));
    bay_call_free(call);
}

TEST_F(CApi, AWaitWithoutAnEventTakesNothing) {
    const auto asked = options(kMock);
    bay_call* call = nullptr;
    ASSERT_EQ(bay_call_start(client, &asked, &call), BAY_OK);
    std::vector<std::thread> waiting;
    std::atomic<int> good{0};
    for (int i = 0; i < 3; ++i) {
        waiting.emplace_back([&] { good += bay_call_next(call, -1, nullptr) == BAY_OK; });
    }
    for (std::thread& thread : waiting) thread.join();
    EXPECT_EQ(good, 3);
    bay_call_event event{};
    event.size = sizeof event;
    for (event.type = 0; event.type < BAY_CALL_END;) {
        ASSERT_EQ(bay_call_next(call, 0, nullptr), BAY_OK);
        ASSERT_EQ(bay_call_next(call, 0, &event), BAY_OK);
    }
    EXPECT_EQ(bay_call_next(call, -1, nullptr), BAY_CLIENT_E_CLOSED);
    bay_call_free(call);
}

TEST_F(CApi, ASignalEndsAWait) {
    LocalUpstream upstream([&](Peer& peer, const std::string&) { peer.closed(); });
    struct sigaction quiet {};
    quiet.sa_handler = [](int) {};
    struct sigaction before {};
    ASSERT_EQ(::sigaction(SIGUSR1, &quiet, &before), 0);
    const auto asked = options(at(upstream, true));
    bay_call* call = nullptr;
    ASSERT_EQ(bay_call_start(client, &asked, &call), BAY_OK);
    const pthread_t self = ::pthread_self();
    std::atomic<bool> over{false};
    // The first may come before the wait has begun.
    std::thread other([&] {
        while (!over) {
            ::pthread_kill(self, SIGUSR1);
            std::this_thread::yield();
        }
    });
    bay_call_event event{};
    event.size = sizeof event;
    EXPECT_EQ(bay_call_next(call, -1, &event), BAY_CLIENT_E_INTERRUPTED);
    over = true;
    other.join();
    ASSERT_EQ(::sigaction(SIGUSR1, &before, nullptr), 0);
    bay_call_free(call);
}

}  // namespace
}  // namespace patchbay
