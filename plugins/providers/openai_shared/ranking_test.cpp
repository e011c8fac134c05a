#include "ranking.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "json/access.hpp"
#include "patchbay/json_tree.hpp"

namespace patchbay::openai {
namespace {

TEST(Ranking, RequestsAreInTheWordsOfTheForm) {
    const struct {
        std::string_view form;
        std::string_view client;
        std::string_view sent;
    } cases[] = {
        {"together", R"({"model":"x","query":"q","documents":["a",{"text":"b"}],"top_n":1})",
         R"({"model":"m","query":"q","documents":["a",{"text":"b"}],"top_n":1})"},
        {"voyage", R"({"query":"q","documents":["a"],"top_n":1,"return_documents":true,"x":null})",
         R"({"model":"m","query":"q","documents":["a"],"top_k":1,"return_documents":true})"},
        {"deepinfra", R"({"query":"q","documents":["a","b"],"top_n":1,"instruction":"i"})",
         R"({"queries":["q","q"],"documents":["a","b"],"instruction":"i"})"},
    };
    for (const auto& [form, client, sent] : cases) {
        const auto body = write_ranking(client, *find_ranking_form(form), "m");
        ASSERT_TRUE(body) << client;
        EXPECT_EQ(boost::json::parse(*body), boost::json::parse(sent)) << form;
    }
}

TEST(Ranking, WithoutAQueryOrDocumentsNothingIsAsked) {
    const auto* form = find_ranking_form("voyage");
    for (const std::string_view client :
         {R"({"documents":["a"]})", R"({"query":"","documents":["a"]})", R"({"query":"q"})",
          R"({"query":"q","documents":[]})", "[]"}) {
        const auto body = write_ranking(client, *form, "m");
        ASSERT_FALSE(body) << client;
        EXPECT_EQ(body.error().cls, BAY_ERR_BAD_REQUEST);
    }
    EXPECT_EQ(find_ranking_form("nobody's"), nullptr);
}

struct Told {
    std::string results;
    std::string meta;
    std::uint64_t read;
};

Told told(std::string_view form, std::string_view answer, std::uint64_t most) {
    RankingReader reader(*find_ranking_form(form), "demo", most);
    const auto made = reader.whole(shared::parse_json(answer)->get_object());
    EXPECT_TRUE(made) << answer;
    EXPECT_FALSE(made->at("id").as_string().empty());
    return {json_tree::write(made->at("results")), json_tree::write(made->at("meta")),
            reader.usage()->input_tokens};
}

TEST(Ranking, AnswersHaveCoheresForm) {
    const auto objects = told("infinity", R"({"id":"i","results":[
        {"index":0,"relevance_score":0.1,"document":"a"},{"index":1,"relevance_score":0.9,"document":{}}],
        "usage":{"prompt_tokens":20,"total_tokens":20}})",
                              0);
    EXPECT_EQ(objects.results, R"([{"index":1,"relevance_score":0.9},)"
                               R"({"index":0,"relevance_score":0.1,"document":{"text":"a"}}])");
    EXPECT_EQ(
        objects.meta,
        R"({"billed_units":{"total_tokens":20},"tokens":{"input_tokens":20,"output_tokens":0}})");
    EXPECT_EQ(objects.read, 20u);

    const auto scores =
        told("deepinfra", R"({"scores":[0.1,0.9,0.5],"input_tokens":7,"request_id":"d"})", 2);
    EXPECT_EQ(scores.results,
              R"([{"index":1,"relevance_score":0.9},{"index":2,"relevance_score":0.5}])");
    EXPECT_EQ(scores.read, 7u);

    const auto sum = told("together", R"({"results":[],"usage":{"total_tokens":9}})", 0);
    EXPECT_EQ(sum.meta, R"({"billed_units":{"total_tokens":9},"tokens":{}})");
    EXPECT_EQ(sum.read, 9u);
}

TEST(Ranking, WhatIsNoneIsUnreadable) {
    for (const std::string_view answer :
         {R"({})", R"({"results":{}})", R"({"results":[{"index":1}]})", R"({"results":["a"]})"}) {
        RankingReader reader(*find_ranking_form("jina"), "demo", 0);
        const auto made = reader.whole(shared::parse_json(answer)->get_object());
        ASSERT_FALSE(made) << answer;
        EXPECT_EQ(made.error().http_status, 502);
    }
}

}  // namespace
}  // namespace patchbay::openai
