#include "engine/call/answer_sink.hpp"

#include <cstring>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "contract/shape/chat_answer.hpp"
#include "engine/call/test_support.hpp"
#include "engine/surface/openai/response_id.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class AnswerSinkTest : public testing::Test {
  protected:
    AnswerSinkTest() { call.operation = &kChatCompletions; }
    AnswerSink& begin(std::string_view body = R"({"model":"mine","messages":[],"stream":true})") {
        EXPECT_FALSE(kChatSurface.read({body, {}, {}, caller}, call.ask));
        sink.emplace(call, answer);
        sink->begin();
        return *sink;
    }
    void chunk(std::string_view json) { sink->chunk({}, json, scan_chat_answer(json)); }
    void whole(std::string_view json) { sink->result(json, scan_chat_answer(json)); }

    test::EngineFixture fixture;
    Caller caller;
    Call call{fixture.engine, kChatSurface, caller, "id"};
    test::WrittenAnswer answer;
    std::optional<AnswerSink> sink;
};

TEST_F(AnswerSinkTest, a_whole_answer_bears_the_clients_model_name) {
    begin(R"({"model":"my \"own\"","messages":[]})");
    whole(R"({"id":"x","model":"up-2024","usage":{"prompt_tokens":3,"completion_tokens":4}})");
    EXPECT_THAT(
        answer.lines,
        ElementsAre(
            R"(whole {"id":"x","model":"my \"own\"","usage":{"prompt_tokens":3,"completion_tokens":4}})"));
}

TEST_F(AnswerSinkTest, a_program_that_calls_itself_sees_the_providers_model_name) {
    fixture.engine.own_calls = true;
    begin(R"({"model":"mine","messages":[]})");
    whole(R"({"id":"x","model":"up-2024"})");
    EXPECT_THAT(answer.lines, ElementsAre(R"(whole {"id":"x","model":"up-2024"})"));
}

TEST_F(AnswerSinkTest, an_answer_without_a_model_stays_as_it_is) {
    begin();
    whole(R"({"id":1,"model":7})");
    EXPECT_THAT(answer.lines, ElementsAre(R"(whole {"id":1,"model":7})"));
}

TEST_F(AnswerSinkTest, embeddings_tell_that_nothing_was_written) {
    Call embedding{fixture.engine, kEmbeddingsSurface, caller, "id"};
    embedding.operation = &kEmbeddings;
    const struct {
        std::string_view told;
        std::string_view expected;
    } cases[] = {
        {R"({"data":[],"usage":{"prompt_tokens":3,"total_tokens":3},"model":"up"})",
         R"({"data":[],"usage":{"completion_tokens":0,"prompt_tokens":3,"total_tokens":3},"model":"mine"})"},
        {R"({"data":[],"usage":{"prompt_tokens":3,"completion_tokens":1}})",
         R"({"data":[],"usage":{"prompt_tokens":3,"completion_tokens":1}})"},
        {R"({"data":[],"usage":{}})", R"({"data":[],"usage":{}})"},
        {R"({"data":[],"usage":null})", R"({"data":[],"usage":null})"},
        {R"({"data":[]})", R"({"data":[]})"},
    };
    for (const auto& [told, expected] : cases) {
        ASSERT_FALSE(kEmbeddingsSurface.read({R"({"model":"mine","input":"a"})", {}, {}, caller},
                                             embedding.ask));
        answer.lines.clear();
        AnswerSink own(embedding, answer);
        own.begin();
        own.result(told, kListShape.scan({}, told));
        EXPECT_THAT(answer.lines, ElementsAre("whole " + std::string(expected)));
    }
}

TEST_F(AnswerSinkTest, a_stream_is_held_until_it_says_something) {
    begin();
    EXPECT_FALSE(sink->dirty());
    chunk(R"({"model":"up","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]})");
    EXPECT_NE(call.first_token, Call::Clock::time_point{});
    EXPECT_FALSE(sink->dirty());
    chunk(R"({"model":"up","choices":[{"index":0,"delta":{"content":"a"}}]})");
    EXPECT_TRUE(sink->dirty());
    EXPECT_THAT(
        answer.lines,
        ElementsAre(
            R"(event {"model":"mine","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]})",
            R"(event {"model":"mine","choices":[{"index":0,"delta":{"content":"a"}}]})"));
}

TEST_F(AnswerSinkTest, events_that_say_nothing_are_not_held_without_end) {
    begin();
    const std::string nothing =
        R"({"choices":[{"delta":{"role":"assistant"}}],"x":")" + std::string(1000, 'x') + "\"}";
    for (int i = 0; i < 60; ++i) chunk(nothing);
    EXPECT_FALSE(sink->dirty());
    for (int i = 0; i < 10; ++i) chunk(nothing);
    EXPECT_TRUE(sink->dirty());
}

TEST_F(AnswerSinkTest, usage_is_withheld_from_a_client_that_did_not_ask_for_it) {
    begin();
    chunk(R"({"choices":[{}],"usage":{"prompt_tokens":1,"completion_tokens":2}})");
    chunk(R"({"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}})");
    EXPECT_THAT(
        answer.lines,
        ElementsAre(R"(event {"choices":[{}],"usage":{"prompt_tokens":1,"completion_tokens":2}})"))
        << "it stands in an event with choices";
}

TEST_F(AnswerSinkTest, usage_is_told_to_a_client_that_asked_for_it) {
    begin(R"({"model":"m","messages":[],"stream":true,"stream_options":{"include_usage":true}})");
    chunk(R"({"choices":[],"usage":{"prompt_tokens":3,"completion_tokens":4}})");
    EXPECT_EQ(answer.lines.size(), 1u);
}

TEST_F(AnswerSinkTest, another_attempt_begins_anew) {
    begin();
    chunk(R"({"choices":[{"delta":{"content":"x"}}]})");
    sink->begin();
    EXPECT_THAT(answer.lines, IsEmpty());
    EXPECT_EQ(call.first_token, Call::Clock::time_point{});
    chunk(R"({"choices":[{"delta":{"role":"assistant"}}]})");
    EXPECT_FALSE(sink->dirty()) << "it must say something of its own";
}

TEST_F(AnswerSinkTest, what_cannot_be_told_in_the_clients_api_has_no_good_end) {
    Call translated{fixture.engine, kMessagesSurface, caller, "id"};
    ASSERT_FALSE(kMessagesSurface.read(
        {R"({"model":"mine","max_tokens":1,"messages":[],"stream":true})", {}, {}, caller},
        translated.ask));
    auto translation = kMessagesSurface.translate(translated.ask, false);
    ASSERT_TRUE(translation);
    translated.translation = std::move(*translation);
    translated.operation = &kChatCompletions;
    AnswerSink told(translated, answer);
    told.begin();
    told.chunk({}, "[]", {});
    EXPECT_TRUE(told.fault());
    EXPECT_TRUE(told.dirty()) << "the exchange must learn of it";
    told.end();
    EXPECT_THAT(answer.lines, IsEmpty());
}

TEST_F(AnswerSinkTest, what_is_no_object_does_not_pass_for_an_answer) {
    for (const char* text : {"", "nope", "[]", "{}{}", "{\"a\":\"\xff\"}"}) {
        begin();
        chunk(text);
        EXPECT_TRUE(sink->fault()) << text;
        EXPECT_TRUE(sink->dirty()) << "the exchange must learn of it";
        begin(R"({"model":"mine","messages":[]})");
        whole(text);
        EXPECT_TRUE(sink->fault()) << text;
    }
    EXPECT_THAT(answer.lines, IsEmpty());
}

TEST_F(AnswerSinkTest, an_id_is_sealed_with_the_deployment_of_its_own_attempt) {
    begin();
    const std::string_view json = R"({"id":"resp_1","object":"response","output":[]})";
    std::vector<std::string> made_by;
    for (const char* name : {"first", "second"}) {
        Deployment deployment;
        deployment.id = name;
        call.deployment = &deployment;
        sink->begin();
        sink->result(json, kResponseShape.scan({}, json));
        const std::string told = answer.lines.back();
        const std::string quoted =
            told.substr(told.find("\"resp_"), told.find(",\"object") - told.find("\"resp_"));
        const auto opened = open_response_id(call.world->resource_key, quoted);
        ASSERT_TRUE(opened) << told;
        EXPECT_EQ(opened->id, "resp_1");
        made_by.push_back(opened->deployment);
        call.deployment = nullptr;
    }
    EXPECT_THAT(made_by, ElementsAre("first", "second"));
}

TEST_F(AnswerSinkTest, an_id_is_bound_to_who_asks) {
    const SealKey& key = call.world->resource_key;
    const auto told_ids = [&](Call& asked, std::string_view json) {
        Deployment deployment;
        deployment.id = "d";
        asked.deployment = &deployment;
        AnswerSink own(asked, answer);
        own.begin();
        own.result(json, kResponseShape.scan({}, json));
        asked.deployment = nullptr;
        const auto told = json_tree::read(answer.lines.back().substr(std::strlen("whole "))).value;
        std::vector<std::optional<EarlierAnswer>> ids;
        for (const char* name : {"id", "previous_response_id"}) {
            const auto* id = told.as_object().if_contains(name);
            if (id != nullptr) ids.push_back(open_response_id(key, boost::json::serialize(*id)));
        }
        return ids;
    };
    ResponseAsker ann;
    ann.owner.fill(1);
    ann.known = true;
    ResponseAsker admin;
    admin.owner.fill(2);
    admin.known = admin.all = true;
    const std::string_view json =
        R"({"id":"resp_1","object":"response","previous_response_id":"resp_0","output":[]})";

    Call made{fixture.engine, kResponsesSurface, caller, "id"};
    made.operation = &kResponses;
    made.ask.kept = ClientResponses(nullptr, ann);
    made.ask.previous = EarlierAnswer{"d", "resp_0", R"("resp_before")", ann.owner};
    auto ids = told_ids(made, json);
    ASSERT_EQ(ids.size(), 2u);
    ASSERT_TRUE(ids[0]);
    EXPECT_EQ(ids[0]->owner, ann.owner);
    EXPECT_THAT(answer.lines.back(), HasSubstr(R"("previous_response_id":"resp_before")"));

    Call unbound{fixture.engine, kResponsesSurface, caller, "id"};
    unbound.operation = &kResponses;
    ids = told_ids(unbound, R"({"id":"resp_1","object":"response","output":[]})");
    ASSERT_TRUE(ids.at(0));
    EXPECT_FALSE(ids[0]->owner);

    // What an administrator looks at stays its owner's, and does not name itself as its own previous.
    Call looked{fixture.engine, kGetResponseSurface, caller, "id"};
    looked.operation = &kGetResponse;
    looked.ask.kept = ClientResponses(nullptr, admin);
    looked.ask.previous = EarlierAnswer{"d", "resp_1", R"("resp_looked")", ann.owner};
    ids = told_ids(looked, json);
    EXPECT_THAT(answer.lines.back(), HasSubstr(R"("id":"resp_looked")"));
    ASSERT_TRUE(ids.at(1));
    EXPECT_EQ(ids[1]->id, "resp_0");
    EXPECT_EQ(ids[1]->owner, ann.owner);
}

}  // namespace
}  // namespace patchbay
