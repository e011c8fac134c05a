// The same answer, given whole and cut into chunks in many ways, is the same response.
#include <gmock/gmock.h>

#include "engine/surface/hub/sample_answers.hpp"
#include "engine/surface/openai/response_accumulator.hpp"
#include "engine/surface/openai/response_answer.hpp"
#include "engine/surface/openai/response_stream.hpp"

namespace patchbay::surface {

namespace {

using namespace test;

constexpr SampleAnswer kMoreResponses[] = {
    {"cut short", R"({"content":"ab"})", "length"},
    {"cut in a call", R"({"content":"ab","tool_calls":[{"id":"call_1","type":"function",
        "function":{"name":"f","arguments":"{\"a\": \"b"}}]})",
     "length"},
    {"filtered", R"({"content":"ab"})", "content_filter"},
    {"text and refusal", R"({"content":"ab","refusal":"no"})", "stop"},
    {"custom tool", R"({"content":null,"tool_calls":[{"id":"call_1","type":"function",
        "function":{"name":"patch","arguments":"{\"input\": \"*** \\\"Begin\\\"\\n\ud83d\ude00\"}"}}]})",
     "tool_calls"},
    {"tools of a namespace", R"({"content":null,"tool_calls":[{"id":"call_1","type":"function",
        "function":{"name":"crm__find","arguments":"{\"a\": 1}"}},{"id":"call_2","type":"function",
        "function":{"name":"crm__note","arguments":"{\"input\": \"b\"}"}}]})",
     "tool_calls"},
    {"a search among the client's tools",
     R"({"role":"assistant","content":null,"tool_calls":[
        {"id":"call_1","type":"function",
        "function":{"name":"tool_search","arguments":"{\"query\": \"x\", \"limit\": 3}"}},
        {"id":"call_2","type":"function","function":{"name":"tool_search","arguments":""}}]})",
     "tool_calls"},
};

// The names of the tools `find` and `note` of the namespace `crm`.
ChatNames names_of_namespace() {
    ChatNames names;
    names.shorten("find", "crm");
    names.shorten("note", "crm");
    return names;
}

void check_response(const SampleAnswer& sample, Random& random) {
    SCOPED_TRACE(sample.what);
    const ResponseRequest request{.model = "m",
                                  .echo = echo_of({}),
                                  .names = names_of_namespace(),
                                  .custom = {"patch", "crm__note"},
                                  .client_search = true};
    const auto answer = answer_of(sample.message, sample.finish_reason, sample.more);
    const auto whole = tree_of(response_of_chat(json_tree::write(answer), request, 7));
    for (int round = 0; round < 200; ++round) {
        ResponseAccumulator client;
        const EmitEvent emit = [&](std::string_view name, std::string_view json) {
            client.event(name, json);
        };
        ResponseStream stream(request, 1);
        stream_answer(answer, random, stream, emit);
        ASSERT_EQ(json::value(client.response()), whole)
            << json_tree::write(client.response()) << "\n"
            << json_tree::write(whole);
    }
}

TEST(ResponsesAgreement, WholeAndStreamedAreTheSameResponse) {
    Random random(20261128);  // the same cuts in every run
    for (const auto& sample : kSampleAnswers) check_response(sample, random);
    for (const auto& sample : kMoreResponses) check_response(sample, random);
}

TEST(ResponsesAgreement, CallsOfANamespaceNameIt) {
    const ResponseRequest request{
        .model = "m", .echo = echo_of({}), .names = names_of_namespace(), .custom = {"crm__note"}};
    const auto answer =
        answer_of(kMoreResponses[std::size(kMoreResponses) - 2].message, "tool_calls", "");
    const auto told = tree_of(response_of_chat(json_tree::write(answer), request, 7));
    const auto& output = told.at("output").get_array();
    ASSERT_EQ(output.size(), 2u);
    EXPECT_EQ(json_tree::write(output[0]),
              R"({"id":"fc_A_0","type":"function_call","status":"completed","call_id":"call_1",)"
              R"("namespace":"crm","name":"find","arguments":"{\"a\": 1}"})");
    EXPECT_EQ(json_tree::write(output[1]),
              R"({"id":"ctc_A_1","type":"custom_tool_call","status":"completed",)"
              R"("call_id":"call_2","namespace":"crm","name":"note","input":"b"})");
}

TEST(ResponsesAgreement, ASearchAmongTheClientsToolsIsOne) {
    const ResponseRequest request{
        .model = "m", .echo = echo_of({}), .names = {}, .custom = {}, .client_search = true};
    const auto& message = kMoreResponses[std::size(kMoreResponses) - 1].message;
    const auto output = [&](const ResponseRequest& asked) {
        const auto answer = json_tree::write(answer_of(message, "tool_calls", ""));
        return json_tree::write(tree_of(response_of_chat(answer, asked, 7)).at("output").at(0));
    };
    EXPECT_EQ(output(request),
              R"({"id":"tsc_A_0","type":"tool_search_call","status":"completed",)"
              R"("call_id":"call_1","execution":"client","arguments":{"query":"x","limit":3}})");
    EXPECT_THAT(output({.model = "m", .echo = echo_of({}), .names = {}, .custom = {}}),
                testing::HasSubstr(R"("type":"function_call")"))
        << "of a client that offers a function of the name";
}

}  // namespace

}  // namespace patchbay::surface
