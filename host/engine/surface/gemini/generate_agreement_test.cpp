// The same answer, given whole and cut into chunks in many ways, is the same response.
#include "engine/surface/gemini/generate_answer.hpp"
#include "engine/surface/gemini/generate_stream.hpp"
#include "engine/surface/gemini/response_accumulator.hpp"
#include "engine/surface/hub/sample_answers.hpp"

namespace patchbay::surface {

namespace {

using namespace test;

constexpr SampleAnswer kMoreGenerated[] = {
    {"cut short", R"({"content":"ab"})", "length"},
    {"filtered", R"({"content":"ab"})", "content_filter"},
    {"text and refusal", R"({"content":"ab","refusal":"no"})", "stop"},
    {"thought before a call", R"({"content":null,"thinking_blocks":[
        {"type":"thinking","thinking":"Hm.","signature":"Sig"}],"tool_calls":[
        {"id":"c","type":"function","function":{"name":"f","arguments":"{}"}}]})",
     "tool_calls"},
};

void check_generated(const SampleAnswer& sample, bool thoughts, Random& random) {
    SCOPED_TRACE(sample.what);
    const Answering answering{"m", {}, thoughts};
    const auto answer = answer_of(sample.message, sample.finish_reason, sample.more);
    const auto whole = tree_of(generate_of_chat(json_tree::write(answer), answering));
    for (int round = 0; round < 200; ++round) {
        GeminiAccumulator client;
        const GenerateStream::Emit emit = [&](std::string_view name, std::string_view json) {
            client.response(name, json);
        };
        GenerateStream stream(answering);
        stream_answer(answer, random, stream, emit);
        const auto response = client.whole();
        ASSERT_EQ(json::value(response), whole) << json_tree::write(response) << "\n"
                                                << json_tree::write(whole);
    }
}

TEST(GenerateAgreement, WholeAndStreamedAreTheSameResponse) {
    Random random(20261128);  // the same cuts in every run
    for (const bool thoughts : {true, false}) {
        for (const auto& sample : kSampleAnswers) check_generated(sample, thoughts, random);
        for (const auto& sample : kMoreGenerated) check_generated(sample, thoughts, random);
    }
}

}  // namespace

}  // namespace patchbay::surface
