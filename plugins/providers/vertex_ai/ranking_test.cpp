// SPDX-License-Identifier: Apache-2.0
#include "ranking.hpp"

#include <gtest/gtest.h>

namespace patchbay::vertex_ai {
namespace {

namespace json = boost::json;

TEST(Ranking, HasARecordForEachDocument) {
    const auto call = ranking_request(
        R"({"query":"q","documents":["one  two three four",{"text":"t"},{"title":"T","text":"t"},
            {"title":"T","year":1}],"top_n":2,"labels":{"team":"a"},"max_tokens_per_doc":9})",
        "m");
    ASSERT_TRUE(call);
    EXPECT_EQ(json::parse(call->body), json::parse(R"({"model":"m","query":"q","records":[
        {"id":"0","title":"one two three","content":"one  two three four"},
        {"id":"1","title":"t","content":"t"},{"id":"2","title":"T","content":"t"},
        {"id":"3","title":"T","content":"{\"title\":\"T\",\"year\":1}"}],
        "topN":2,"userLabels":{"team":"a"},"ignoreRecordDetailsInResponse":true})"));
    EXPECT_EQ(call->dropped.names(), std::vector<std::string>{"max_tokens_per_doc"});
    EXPECT_TRUE(call->documents.empty());
    for (const auto* wrong :
         {"{}", "[]", R"({"query":"q"})", R"({"query":"q","documents":[]})",
          R"({"query":"","documents":["a"]})", R"({"query":"q","documents":["a",1]})"}) {
        EXPECT_FALSE(ranking_request(wrong, "m")) << wrong;
    }
}

TEST(Ranking, IsToldInCoheresForm) {
    auto call = ranking_request(
        R"({"query":"q","documents":["a",{"text":"b"}],"return_documents":true})", "m");
    ASSERT_TRUE(call);
    const auto answer =
        ranking_answer(R"({"records":[{"id":"0"},{"id":"1","score":0.5}]})", *call, "r");
    ASSERT_TRUE(answer);
    EXPECT_EQ(json::parse(*answer), json::parse(R"({"id":"r","results":[
        {"index":1,"relevance_score":0.5,"document":{"text":"b"}},
        {"index":0,"relevance_score":0.0,"document":{"text":"a"}}],
        "meta":{"billed_units":{"search_units":1}}})"));
    for (const auto* wrong :
         {"{}", "", R"({"records":[{"id":"2"}]})", R"({"records":[{"id":"1x"}]})",
          R"({"records":[{"id":""}]})", R"({"records":[1]})"}) {
        EXPECT_FALSE(ranking_answer(wrong, *call, "r")) << wrong;
    }
    call->records = 101;
    const auto many = ranking_answer(R"({"records":[]})", *call, "r");
    EXPECT_EQ(json::parse(*many).at("meta").at("billed_units").at("search_units"), 2);
}

}  // namespace
}  // namespace patchbay::vertex_ai
