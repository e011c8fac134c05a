#include "chat_request.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "embeddings.hpp"
#include "openai_shared/test_support.hpp"

namespace patchbay::cohere {
namespace {

struct Case {
    const char* model;
    const char* given;
    const char* made;
};

TEST(CohereRequest, ParametersGetCoheresWords) {
    constexpr Case kCases[] = {
        {"command-a", R"({"model":"x","messages":[],"stop":["a","b"],"max_tokens":3})",
         R"({"model":"command-a","messages":[],"stop_sequences":["a","b"],"max_tokens":3})"},
        {"v1/command-r", R"({"model":"x","messages":[],"tool_choice":"required"})",
         R"({"model":"command-r","messages":[]})"},
        {"command-a", R"({"model":"x","messages":[],"tools":[],"tool_choice":"auto"})",
         R"({"model":"command-a","messages":[],"tools":[]})"},
        {"command-a", R"({"model":"x","messages":[],"tools":[{}],"tool_choice":"none"})",
         R"({"model":"command-a","messages":[],"tools":[{}],"tool_choice":"NONE"})"},
        {"command-a",
         R"({"model":"x","messages":[],"tools":[{"function":{"name":"f"}},{"function":{"name":"g"}}],"tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"auto","tools":[{"type":"function","function":{"name":"g"}}]}}})",
         R"({"model":"command-a","messages":[],"tools":[{"function":{"name":"g"}}]})"},
        {"command-a",
         R"({"model":"x","messages":[],"tools":[{"function":{"name":"f"}},{"function":{"name":"g"}}],"tool_choice":{"type":"allowed_tools","allowed_tools":{"mode":"required","tools":[{"type":"function","function":{"name":"f"}}]}}})",
         R"({"model":"command-a","messages":[],"tools":[{"function":{"name":"f"}}],"tool_choice":"REQUIRED"})"},
        {"command-a-reasoning-1", R"({"model":"x","messages":[],"reasoning_effort":"none"})",
         R"({"model":"command-a-reasoning-1","messages":[],"thinking":{"type":"disabled"}})"},
        {"command-a-reasoning-1",
         R"({"model":"x","messages":[],"thinking":{"type":"disabled","budget_tokens":5},"reasoning_effort":"high"})",
         R"({"model":"command-a-reasoning-1","messages":[],"thinking":{"type":"disabled"}})"},
        {"command-a", R"({"model":"x","messages":[],"n":2})",
         R"({"model":"command-a","messages":[],"num_generations":2})"},
    };
    const openai::Dialect dialect = own_dialect();
    for (const Case& one : kCases) {
        const openai::Request request(one.given, one.model, 0);
        bay::Dropped dropped;
        const auto body = write_chat(request.event, dialect, dropped);
        ASSERT_TRUE(body) << one.given;
        EXPECT_EQ(boost::json::parse(*body), boost::json::parse(one.made)) << *body;
    }
}

TEST(CohereRequest, WhatItHasNotIsNamed) {
    const openai::Request request(
        R"({"model":"x","messages":[],"thinking":{"type":"enabled"},"logprobs":true,"response_format":{"type":"text"}})",
        "command-a", 0);
    bay::Dropped dropped;
    const auto body = write_chat(request.event, own_dialect(), dropped);
    ASSERT_FALSE(body);
    EXPECT_NE(body.error().message.find("['thinking', 'logprobs', 'response_format']"),
              std::string::npos)
        << body.error().message;
}

TEST(CohereRequest, AThoughtThatIsDroppedIsNotAsked) {
    const openai::Request request(R"({"model":"x","messages":[],"reasoning_effort":"low"})",
                                  "command-a", BAY_REQ_DROP_PARAMS);
    bay::Dropped dropped;
    const auto body = write_chat(request.event, own_dialect(), dropped);
    ASSERT_TRUE(body);
    EXPECT_EQ(*body, R"({"model":"command-a","messages":[]})");
}

TEST(CohereEmbeddings, InputsAreTextsOrPictures) {
    struct Embeddings {
        const char* given;
        const char* made;  ///< nullptr: refused
    };
    constexpr Embeddings kCases[] = {
        {R"({"input":"a"})", R"({"model":"m","texts":["a"],"input_type":"search_document"})"},
        {R"({"input":["data:image/png;base64,QQ=="],"user":"u","dimensions":null})",
         R"({"model":"m","images":["data:image/png;base64,QQ=="],"input_type":"image"})"},
        {R"({"input":["data:image/png;base64,QQ==","a"]})",
         R"({"model":"m","texts":["data:image/png;base64,QQ==","a"],"input_type":"search_document"})"},
        {R"({"inputs":[{"content":[]}],"input_type":"search_query"})",
         R"({"model":"m","inputs":[{"content":[]}],"input_type":"search_query"})"},
        {R"({"input":[[1,2]]})", nullptr},
        {R"({"input":[]})", nullptr},
        {R"({"input":3})", nullptr},
        {R"({})", nullptr},
    };
    for (const Embeddings& one : kCases) {
        const openai::Request request(one.given, "m", 0);
        const auto body = write_embeddings(request.event);
        ASSERT_EQ(body.has_value(), one.made != nullptr) << one.given;
        if (body) {
            EXPECT_EQ(boost::json::parse(*body), boost::json::parse(one.made)) << *body;
        } else {
            EXPECT_EQ(body.error().param, "input") << one.given;
        }
    }
}

}  // namespace
}  // namespace patchbay::cohere
