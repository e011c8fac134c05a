// The same answer, given whole and cut into chunks in many ways, is the same answer of Converse's.
#include "engine/surface/bedrock/converse_accumulator.hpp"
#include "engine/surface/bedrock/converse_answer.hpp"
#include "engine/surface/bedrock/converse_stream.hpp"
#include "engine/surface/hub/sample_answers.hpp"

namespace patchbay::surface {

namespace {

using namespace test;
using namespace test::converse;

constexpr std::uint64_t kMilliseconds = 5;

constexpr SampleAnswer kMoreConverse[] = {
    {"cut short", R"({"content":"ab"})", "length"},
    {"filtered", R"({"content":"ab"})", "content_filter"},
    {"text and refusal", R"({"content":"ab","refusal":"no"})", "stop"},
    {"no text behind a thought", R"({"content":null,"thinking_blocks":[
        {"type":"redacted_thinking","data":"no base64"}]})",
     "stop"},
};

/// The stream with the end that stream_answer() knows.
struct Timed {
    ConverseStream stream;
    Result<void> chunk(std::string_view json, const ConverseStream::Emit& emit) {
        return stream.chunk(json, emit);
    }
    void end(const ConverseStream::Emit& emit) { stream.end(kMilliseconds, emit); }
};

void check_converse(const SampleAnswer& sample, Random& random) {
    SCOPED_TRACE(sample.what);
    const ConverseAnswering answering{{}, true};
    const auto answer = answer_of(sample.message, sample.finish_reason, sample.more);
    const auto whole =
        tree_of(converse_of_chat(json_tree::write(answer), answering, kMilliseconds));
    for (int round = 0; round < 200; ++round) {
        ConverseAccumulator client;
        const ConverseStream::Emit emit = [&](std::string_view type, std::string_view json) {
            client.event(type, json);
        };
        Timed stream{ConverseStream(answering)};
        stream_answer(answer, random, stream, emit);
        const auto said = client.whole();
        ASSERT_EQ(json::value(said), whole) << json_tree::write(said) << "\n"
                                            << json_tree::write(whole);
    }
}

TEST(ConverseAgreement, WholeAndStreamedAreTheSameAnswer) {
    Random random(20261128);  // the same cuts in every run
    for (const auto& sample : kSampleAnswers) check_converse(sample, random);
    for (const auto& sample : kMoreConverse) check_converse(sample, random);
}

}  // namespace

}  // namespace patchbay::surface
