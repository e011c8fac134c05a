#include "ranking.hpp"

#include <gtest/gtest.h>

namespace patchbay::shared {
namespace {

TEST(SharedRanking, has_a_query_and_documents) {
    const auto ranking =
        Ranking::read(R"({"query":"q","documents":["a",{"text":"b"}],"top_n":1,"x":2})");
    ASSERT_TRUE(ranking);
    EXPECT_EQ(ranking->query(), "q");
    EXPECT_EQ(ranking->documents(), json::parse(R"(["a",{"text":"b"}])").get_array());
    EXPECT_EQ(ranking->most(), 1u);
    EXPECT_EQ(ranking->members().size(), 4u);
    EXPECT_EQ(Ranking::read(R"({"query":"q","documents":["a"],"top_n":null})")->most(), 0u);
}

TEST(SharedRanking, says_what_it_lacks) {
    const struct {
        std::string_view client;
        std::string_view param;
        std::string_view message;
    } cases[] = {
        {"", "body", "body: must be a JSON object"},
        {"[]", "body", "body: must be a JSON object"},
        {R"({"documents":["a"]})", "query", "query: must be a text"},
        {R"({"query":"","documents":["a"]})", "query", "query: must be a text"},
        {R"({"query":["q"],"documents":["a"]})", "query", "query: must be a text"},
        {R"({"query":"q"})", "documents", "documents: must be a list that holds a document"},
        {R"({"query":"q","documents":[]})", "documents",
         "documents: must be a list that holds a document"},
        {R"({"query":"q","documents":"a"})", "documents",
         "documents: must be a list that holds a document"},
    };
    for (const auto& [client, param, message] : cases) {
        const auto ranking = Ranking::read(client);
        ASSERT_FALSE(ranking) << client;
        EXPECT_EQ(ranking.error().cls, BAY_ERR_BAD_REQUEST) << client;
        EXPECT_EQ(ranking.error().param, param) << client;
        EXPECT_EQ(ranking.error().message, message) << client;
    }
}

TEST(SharedRanking, is_told_with_the_best_first_and_what_is_billed) {
    auto results = json::parse(R"([{"index":0,"relevance_score":0.5},
        {"index":1,"relevance_score":0.9},{"index":2,"relevance_score":0.5}])")
                       .get_array();
    sort_ranks(results);
    EXPECT_EQ(json::value(told_ranking("r", results, 100)),
              json::parse(R"({"id":"r","results":[{"index":1,"relevance_score":0.9},
        {"index":0,"relevance_score":0.5},{"index":2,"relevance_score":0.5}],
        "meta":{"billed_units":{"search_units":1}}})"));
    EXPECT_EQ(told_ranking("r", {}, 101).at("meta").at("billed_units").at("search_units"), 2);
}

}  // namespace
}  // namespace patchbay::shared
