#include "row.hpp"

#include <fstream>
#include <sstream>

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay::openai {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

std::vector<std::string> pointers(const RowResult& row) {
    std::vector<std::string> out;
    for (const RowProblem& problem : row.problems) out.push_back(problem.pointer);
    return out;
}

boost::json::object shipped_rows() {
    std::ifstream file(PATCHBAY_ROWS_FILE);
    std::stringstream text;
    text << file.rdbuf();
    return boost::json::parse(text.str()).as_object();
}

TEST(Row, EveryShippedRowIsValid) {
    const boost::json::object rows = shipped_rows();
    EXPECT_GE(rows.size(), 60u);
    for (const auto& [prefix, row] : rows) {
        const boost::json::object config{{"prefix", prefix}, {"row", row}};
        const RowResult result = read_row(boost::json::serialize(config));
        EXPECT_THAT(pointers(result), IsEmpty()) << prefix;
        EXPECT_EQ(result.dialect.provider, std::string_view(prefix));
    }
}

TEST(Row, ShippedRowsWithoutAnAddressNameAVariableForIt) {
    for (const auto& [prefix, row] : shipped_rows()) {
        const auto& object = row.as_object();
        EXPECT_TRUE(object.contains("base_url") || object.contains("api_base_env")) << prefix;
    }
}

TEST(Row, MinimalRowIsPlainOpenAi) {
    const RowResult row = read_row(R"({"prefix":"x","row":{"base_url":"https://x.test/v1"}})");
    EXPECT_THAT(row.problems, IsEmpty());
    ASSERT_EQ(row.dialect.operations.size(), 1u);
    EXPECT_EQ(row.dialect.operations[0].id, "chat.completions");
    EXPECT_EQ(row.dialect.operations[0].path, "");
    EXPECT_EQ(row.dialect.supported, base_params());
    EXPECT_TRUE(row.dialect.stream_options);
    EXPECT_TRUE(row.dialect.answers.shape);
    EXPECT_FALSE(row.dialect.messages.keep_developer);
}

TEST(Row, ReportsEveryProblemWithItsPointer) {
    const RowResult row = read_row(R"({"prefix":"x","row":{
        "base_url":"ftp://x",
        "pathe":"/x",
        "key_optional":"yes",
        "headers":{"a b":"c","ok":1},
        "params":{"supported":"some","rename":{"a":2},"unsupported":["temprature"]},
        "models":[{"match":[]},3],
        "temperature":{"min":2,"max":1},
        "tool_choice":{"required":"maybe"},
        "answers":{"shape":1},
        "thinking":"deep"}})");
    EXPECT_THAT(
        pointers(row),
        ::testing::UnorderedElementsAre(
            "/row/base_url", "/row/pathe", "/row/key_optional", "/row/headers", "/row/headers/ok",
            "/row/params/supported", "/row/params/rename/a", "/row/params/unsupported",
            "/row/models/0/match", "/row/models/1", "/row/temperature/min",
            "/row/tool_choice/required", "/row/answers/shape", "/row/thinking"));
}

TEST(Row, OperationsAreNamesOrObjects) {
    const RowResult row = read_row(R"({"prefix":"x","row":{"path":"/v1/chat","operations":[
        "chat.completions",
        {"id":"embeddings","path":"/v2/embed","unsupported":["dimensions"],"unsupported_by":["a*"],
         "features":["batch"],"rename":{"input":"inputs"}},
        {"id":"moderations","path":"/m"}]}})");
    EXPECT_THAT(row.problems, IsEmpty());
    ASSERT_EQ(row.dialect.operations.size(), 3u);
    EXPECT_EQ(row.dialect.find("chat.completions")->path, "/v1/chat");
    const OperationRule& embeddings = *row.dialect.find("embeddings");
    EXPECT_EQ(embeddings.path, "/v2/embed");
    EXPECT_THAT(embeddings.unsupported, ElementsAre("dimensions"));
    EXPECT_THAT(embeddings.unsupported_by, ElementsAre("a*"));
    ASSERT_EQ(embeddings.renames.size(), 1u);
    EXPECT_EQ(embeddings.renames[0].to, "inputs");
    EXPECT_EQ(row.dialect.find("rerank"), nullptr);
}

TEST(Row, OperationsThatAreNoneAreProblems) {
    const RowResult row = read_row(R"({"prefix":"x","row":{"operations":[
        "embedings", 3, {"path":"x"}, {"id":"rerank","dimensions":1}]}})");
    EXPECT_THAT(pointers(row),
                ElementsAre("/row/operations/0", "/row/operations/1", "/row/operations/2/path",
                            "/row/operations/2", "/row/operations/3/dimensions"));
    EXPECT_THAT(pointers(read_row(R"({"prefix":"x","row":{"operations":"rerank"}})")),
                ElementsAre("/row/operations"));
}

TEST(Row, RankingsHaveAFormThatIsKnownAndAPath) {
    const RowResult row = read_row(R"({"prefix":"x","row":{"operations":[
        {"id":"rerank","form":"voyage","path":"/v1/rerank"}]}})");
    EXPECT_THAT(row.problems, IsEmpty());
    EXPECT_EQ(row.dialect.find("rerank")->form, "voyage");
    EXPECT_THAT(
        pointers(read_row(R"({"prefix":"x","row":{"operations":[
        {"id":"rerank","form":"nobody's","path":"/v1/rerank"}, {"id":"rerank","form":"voyage"},
        {"id":"embeddings","form":"voyage","path":"/e"}]}})")),
        ElementsAre("/row/operations/0/form", "/row/operations/1/path", "/row/operations/2/form"));
}

TEST(Row, OperationsMayBeAtHostsOfTheRow) {
    const RowResult row = read_row(R"({"prefix":"x","row":{
        "base_url":"https://x.test/v1", "egress":["https://y.test"], "operations":[
        {"id":"embeddings","base_url":"https://y.test/v1"},{"id":"rerank","base_url":"https://z.test"}]}})");
    EXPECT_THAT(pointers(row), ElementsAre("/row/operations/1/base_url"));
    EXPECT_EQ(row.dialect.find("embeddings")->base_url, "https://y.test/v1");
}

TEST(Row, InputsOfSomeModelsHaveAPathAndAForm) {
    const RowResult row =
        read_row(R"({"prefix":"x","row":{"operations":[{"id":"embeddings","inputs":[
        {"match":"m-*","path":"/m","form":"contents"}, {"path":"c","form":"chunks"}, 7]}]}})");
    EXPECT_THAT(pointers(row),
                ElementsAre("/row/operations/0/inputs/1/match", "/row/operations/0/inputs/1/path",
                            "/row/operations/0/inputs/1/form", "/row/operations/0/inputs/2"));
    EXPECT_EQ(row.dialect.find("embeddings")->inputs[0].form, InputForm::contents);
}

TEST(Row, ALoginHasAPath) {
    const RowResult row = read_row(
        R"({"prefix":"x","row":{"login":{"path":"/token","scope":"all","beside":"/api"}}})");
    EXPECT_THAT(row.problems, IsEmpty());
    EXPECT_EQ(row.dialect.login->path, "/token");
    EXPECT_EQ(row.dialect.login->scope, "all");
    EXPECT_EQ(row.dialect.login->beside, "/api");
    EXPECT_THAT(pointers(read_row(R"({"prefix":"x","row":{"login":{"scop":"all"}}})")),
                ElementsAre("/row/login/path", "/row/login/scop"));
}

TEST(Row, MissingParts) {
    EXPECT_THAT(pointers(read_row("[]")), ElementsAre(""));
    EXPECT_THAT(pointers(read_row("{}")), ElementsAre("/prefix", "/row"));
    EXPECT_THAT(pointers(read_row(R"({"prefix":"x","row":[]})")), ElementsAre("/row"));
}

TEST(Row, SupportedListReplacesTheBaseList) {
    const RowResult row =
        read_row(R"({"prefix":"x","row":{"params":{"supported":["tools"],"also":["thinking"]}}})");
    EXPECT_TRUE(row.dialect.supported.has(Param::tools));
    EXPECT_TRUE(row.dialect.supported.has(Param::thinking));
    EXPECT_TRUE(row.dialect.supported.has(Param::stream));
    EXPECT_FALSE(row.dialect.supported.has(Param::temperature));
}

TEST(Row, RulesForSomeModels) {
    const RowResult row = read_row(R"({"prefix":"x","row":{"settings":{"region":"eu"},"models":[
        {"match":["a*"],"except":["*-x"],"ignored":["seed"],"thinks":true,"thinking":"budget",
         "response_format":"schema_in_message","reasoning_effort":{"*":"high"},"separator":"/",
         "model":"{3}","path":"/v/{2}"}]}})");
    EXPECT_THAT(row.problems, IsEmpty());
    EXPECT_EQ(find_model_rule(row.dialect, "a/b-x"), nullptr);
    EXPECT_EQ(find_model_rule(row.dialect, "a/b"), nullptr) << "it has two parts";
    const ModelRule* rule = find_model_rule(row.dialect, "a/b/c/d");
    ASSERT_NE(rule, nullptr);
    EXPECT_TRUE(rule->thinks);
    EXPECT_TRUE(rule->unsupported.has(Param::seed));
    EXPECT_EQ(rule->thinking, ThinkingRule::budget);
    EXPECT_EQ(rule->response_format, FormatRule::schema_in_message);
    const auto text = [&](std::string_view given, std::string_view settings) {
        return filled(given, row.dialect, rule, "a/b/c/d", settings);
    };
    EXPECT_EQ(text("/{1}/{2}/{3}", {}), "/a/b/c/d");
    EXPECT_EQ(text("x-{region}-{other}", {}), "x-eu-");
    EXPECT_EQ(text("{region}", R"({"region":"us"})"), "us");
}

TEST(Row, OtherMembersOfTheConfigAreNotItsBusiness) {
    EXPECT_THAT(read_row(R"({"prefix":"x","row":{},"timeout":3})").problems, IsEmpty());
}

}  // namespace
}  // namespace patchbay::openai
