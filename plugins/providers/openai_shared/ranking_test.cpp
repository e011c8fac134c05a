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
        {"nvidia",
         R"({"query":"q","documents":["a",{"text":"b"}],"top_n":1,"return_documents":false,"truncate":"END"})",
         R"({"model":"m","query":{"text":"q"},"passages":[{"text":"a"},{"text":"b"}],"top_k":1,"truncate":"END"})"},
    };
    for (const auto& [form, client, sent] : cases) {
        auto ranking = shared::Ranking::read(client);
        ASSERT_TRUE(ranking) << client;
        const auto body = write_ranking(*ranking, *find_ranking_form(form), "m");
        ASSERT_TRUE(body) << client;
        EXPECT_EQ(boost::json::parse(*body), boost::json::parse(sent)) << form;
    }
}

TEST(Ranking, OfWhatIsNoTextIsNotAskedWhereTextsAreWanted) {
    auto ranking = shared::Ranking::read(R"({"query":"q","documents":["a",{"title":"b"}]})");
    const auto body = write_ranking(*ranking, *find_ranking_form("nvidia"), "m");
    ASSERT_FALSE(body);
    EXPECT_EQ(body.error().param, "documents[1]");
    EXPECT_EQ(find_ranking_form("nobody's"), nullptr);
}

TEST(Ranking, NumbersInNamesHaveTwoForms) {
    EXPECT_EQ(with_numbers("nvidia/llama-3_2-nv_rerank-1b_v2", '_', '.'),
              "nvidia/llama-3.2-nv_rerank-1b_v2");
    EXPECT_EQ(with_numbers("llama-3.2.1", '.', '_'), "llama-3_2_1");
    EXPECT_EQ(with_numbers("_3", '_', '.'), "_3");
}

struct Told {
    std::string results;
    std::string meta;
    std::uint64_t read;
};

Told told(std::string_view form, std::string_view answer, std::uint64_t most,
          std::string_view client = R"({"query":"q","documents":["z"]})") {
    const RankingForm& own = *find_ranking_form(form);
    RankingReader reader(own, "demo", most, told_documents(*shared::Ranking::read(client), own));
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

    EXPECT_EQ(told("vllm", R"({"results":[],"usage":{"total_tokens":9}})", 0).meta,
              R"({"billed_units":{"total_tokens":9},"tokens":{"input_tokens":9}})");

    constexpr auto kLogits = R"({"rankings":[{"index":0,"logit":-1.5},{"index":1,"logit":2.5}]})";
    const auto documents =
        told("nvidia", kLogits, 1, R"({"query":"q","documents":["a",{"text":"b"}]})");
    EXPECT_EQ(documents.results, R"([{"index":1,"relevance_score":2.5,"document":{"text":"b"}}])");
    EXPECT_EQ(documents.meta, R"({"billed_units":{"total_tokens":0}})");
    EXPECT_EQ(told("nvidia", kLogits, 1,
                   R"({"query":"q","documents":["a","b"],"return_documents":false})")
                  .results,
              R"([{"index":1,"relevance_score":2.5}])");
    EXPECT_EQ(
        told("fireworks", R"({"data":[],"usage":{"total_tokens":9}})", 0).meta,
        R"({"billed_units":{"search_units":9},"tokens":{"input_tokens":9,"output_tokens":0}})");
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
