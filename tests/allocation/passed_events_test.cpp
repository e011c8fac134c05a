// A streamed event that is passed on costs no allocation, from the decoder to the answer.
#include <gtest/gtest.h>

#include "allocations.hpp"
#include "contract/framing/framing.hpp"
#include "engine/call/answer_sink.hpp"
#include "engine/call/attempt_sink.hpp"
#include "engine/call/test_support.hpp"
#include "engine/call/unsent_answer.hpp"
#include "patchbay/exchange.h"

namespace patchbay {
namespace {

class CountedEvents final : public UnsentAnswer {
  public:
    void event(std::string_view, const Restamped& json) override {
        ++events;
        bytes_ += json.size();
    }

    std::size_t events = 0;

  private:
    std::size_t bytes_ = 0;
};

TEST(PassedEvents, cost_no_allocation) {
    constexpr std::size_t kEvents = 1000;
    test::EngineFixture fixture;
    const Caller caller;
    Call call(fixture.engine, kChatSurface, caller, "id");
    ASSERT_FALSE(kChatSurface.read(
        {R"({"model":"mine","messages":[],"stream":true})", {}, {}, caller}, call.ask));
    call.operation = &kChatCompletions;
    const Deployment deployment;
    call.usage.begin(deployment, kChatShape, call.ask.scan.content);
    CountedEvents answer;
    AnswerSink sink(call, answer);
    sink.begin();
    AttemptSink metered(call.usage, call.left_out, sink);
    const auto decoder = http::make_decoder(BAY_DECODE_SSE);
    const std::string piece =
        R"(data: {"id":"chatcmpl-1","object":"chat.completion.chunk","model":"gpt-4o-2024-08-06",)"
        R"("choices":[{"index":0,"delta":{"content":" word"},"finish_reason":null}],"usage":null})"
        "\n\n";
    std::vector<http::Frame> frames;
    const auto pass = [&] {
        frames.clear();
        ASSERT_EQ(decoder->push(piece, frames), http::DecodeStatus::ok);
        for (const http::Frame& frame : frames) {
            metered.chunk({}, frame.data, kChatShape.scan(frame.event, frame.data));
        }
    };
    pass();  // buffers grow to their size with the first
    const std::size_t before = allocations();
    for (std::size_t i = 0; i < kEvents; ++i) pass();
    EXPECT_EQ(allocations() - before, 0u);
    EXPECT_EQ(answer.events, kEvents + 1);
}

}  // namespace
}  // namespace patchbay
