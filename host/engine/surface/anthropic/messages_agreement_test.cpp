// The same answer, given whole and cut into chunks in many ways, is the same message.
#include "engine/surface/anthropic/message_accumulator.hpp"
#include "engine/surface/anthropic/messages_answer.hpp"
#include "engine/surface/anthropic/messages_stream.hpp"
#include "engine/surface/hub/sample_answers.hpp"

namespace patchbay::surface {

namespace {

using namespace test;
json::object streamed(const json::object& answer, Random& random) {
    MessageAccumulator client;
    const Emit emit = [&](std::string_view name, std::string_view json) {
        client.event(name, json);
    };
    MessagesStream stream("claude");
    stream_answer(answer, random, stream, emit);
    return client.message();
}

TEST(MessagesAgreement, WholeAndStreamedAreTheSameMessage) {
    Random random(20261128);  // the same cuts in every run
    for (const auto& a : kSampleAnswers) {
        SCOPED_TRACE(a.what);
        const auto answer = answer_of(a.message, a.finish_reason, a.more);
        const auto whole = tree_of(message_of_chat(json_tree::write(answer), "claude"));
        for (int round = 0; round < 200; ++round) {
            const auto message = streamed(answer, random);
            ASSERT_EQ(json::value(message), whole) << json_tree::write(message) << "\n"
                                                   << json_tree::write(whole);
        }
    }
}

}  // namespace

}  // namespace patchbay::surface
