#include "call_indexes.hpp"

#include <boost/json.hpp>
#include <gtest/gtest.h>

#include "answers.hpp"

namespace patchbay::openai {
namespace {

namespace json = boost::json;

struct JoinedCall {
    std::string id, name, arguments;
    bool operator==(const JoinedCall&) const = default;
};

/// What an id is that was made without a host, which has the digits.
const std::string kMade = "call_" + std::string(24, '0');

/// The calls of a stream whose chunks have these `tool_calls`, put together by index as OpenAI's SDKs
/// do; throws where there is none. Also whether every chunk kept its bytes.
std::vector<JoinedCall> joined(const std::vector<std::string>& pieces, bool* kept = nullptr) {
    AnswerRules rules;
    rules.shape = true;
    StreamState stream;
    std::vector<JoinedCall> calls;
    if (kept != nullptr) *kept = true;
    for (const std::string& piece : pieces) {
        const std::string given =
            R"({"choices":[{"index":0,"delta":{"tool_calls":)" + piece + "}}]}";
        const Answer answer = read_answer(rules, given, &stream);
        if (kept != nullptr) *kept = *kept && !answer.json;
        const json::value made = json::parse(answer.json.value_or(given));
        for (const json::value& call :
             made.at("choices").at(0).at("delta").at("tool_calls").as_array()) {
            const auto index = static_cast<std::size_t>(call.at("index").as_int64());
            if (calls.size() <= index) calls.resize(index + 1);
            const json::object& members = call.as_object();
            if (const auto* id = members.if_contains("id"); id != nullptr && id->is_string()) {
                calls[index].id += id->get_string();
            }
            const json::object& function = members.at("function").as_object();
            if (const auto* name = function.if_contains("name")) {
                calls[index].name += name->as_string();
            }
            calls[index].arguments += function.at("arguments").as_string();
        }
    }
    return calls;
}

TEST(CallIndexes, RightOnesKeepTheirBytes) {
    bool kept = false;
    const auto calls = joined(
        {R"([{"index":0,"id":"a","type":"function","function":{"name":"f","arguments":""}}])",
         R"([{"index":1,"id":"b","type":"function","function":{"name":"g","arguments":"{"}}])",
         R"([{"index":0,"function":{"arguments":"{}"}}])",
         R"([{"index":1,"id":"b","function":{"arguments":"}"}}])"},
        &kept);
    EXPECT_TRUE(kept);
    ASSERT_EQ(calls.size(), 2u);
    EXPECT_EQ(calls[0], (JoinedCall{"a", "f", "{}"}));
    EXPECT_EQ(calls[1].arguments, "{}");
}

TEST(CallIndexes, CallsWithoutAnIndexAreTold) {
    const std::vector<JoinedCall> both{{"a", "f", R"({"x":1})"}, {"b", "g", "{}"}};
    EXPECT_EQ(joined({R"([{"id":"a","function":{"name":"f","arguments":"{\"x\""}}])",
                      R"([{"function":{"arguments":":1}"}}])",
                      R"([{"id":"b","function":{"name":"g","arguments":"{}"}}])"}),
              both);
    EXPECT_EQ(joined({R"([{"id":"a","function":{"name":"f","arguments":"{\"x\":1}"}},)"
                      R"({"id":"b","function":{"name":"g","arguments":"{}"}}])"}),
              both);
    const std::vector<JoinedCall> nameless{{kMade, "f", "{}"}, {kMade, "f", "{}"}};
    EXPECT_EQ(joined({R"([{"function":{"name":"f","arguments":"{}"}}])",
                      R"([{"id":"","function":{"name":"f","arguments":"{"}}])",
                      R"([{"id":null,"index":null,"function":{"arguments":"}"}}])"}),
              nameless);
}

TEST(CallIndexes, CallsWithOneIndexAreTwo) {
    const std::vector<JoinedCall> both{{"a", "f", "{}"}, {"b", "g", "{}"}};
    EXPECT_EQ(joined({R"([{"index":0,"id":"a","function":{"name":"f","arguments":"{}"}}])",
                      R"([{"index":0,"id":"b","function":{"name":"g","arguments":"{"}}])",
                      R"([{"index":0,"function":{"arguments":"}"}}])"}),
              both);
}

TEST(CallIndexes, OfAServerWithoutIdsEachCallIsOneAndHasAnId) {
    const std::vector<JoinedCall> three{
        {kMade, "read", R"({"p":"}"})"}, {kMade, "write", "{}"}, {kMade, "write", R"({"p":{}})"}};
    EXPECT_EQ(joined({R"([{"index":0,"function":{"name":"read","arguments":"{\"p\":\"}\"}"}}])",
                      R"([{"index":0,"id":"","function":{"name":"write","arguments":"{}"}}])",
                      R"([{"index":0,"function":{"name":"write","arguments":"{\"p\":{"}},)"
                      R"({"index":0,"function":{"name":"write","arguments":"}}"}}])"}),
              three);
}

TEST(CallIndexes, AnIdThatComesLateOrIsBlankIsNotTheIdOfAnotherCall) {
    EXPECT_EQ(joined({R"([{"index":0,"function":{"name":"f","arguments":"{"}}])",
                      R"([{"index":0,"id":"a","function":{"arguments":"}"}}])"}),
              (std::vector<JoinedCall>{{kMade, "f", "{}"}}));
    EXPECT_EQ(joined({R"([{"index":0,"id":"a","function":{"name":"f","arguments":"{"}}])",
                      R"([{"index":0,"id":" ","function":{"arguments":"}"}}])"}),
              (std::vector<JoinedCall>{{"a", "f", "{}"}}));
}

TEST(CallIndexes, ANameThatComesWithEveryPieceIsToldOnce) {
    EXPECT_EQ(joined({R"([{"index":0,"id":"a","function":{"name":"f","arguments":""}}])",
                      R"([{"index":0,"function":{"name":"f","arguments":"{"}}])",
                      R"([{"index":0,"function":{"name":"f","arguments":"}"}}])"}),
              (std::vector<JoinedCall>{{"a", "f", "{}"}}));
    EXPECT_EQ(joined({R"([{"index":0,"id":"a","function":{"name":"get_","arguments":""}}])",
                      R"([{"index":0,"function":{"name":"time","arguments":"{}"}}])"}),
              (std::vector<JoinedCall>{{"a", "get_time", "{}"}}));
}

TEST(CallIndexes, AnIndexThatIsTextIsTheNumber) {
    const std::vector<JoinedCall> both{{"a", "f", "{}"}, {"b", "g", "{}"}};
    EXPECT_EQ(joined({R"([{"index":"0","id":"a","function":{"name":"f","arguments":"{}"}}])",
                      R"([{"index":"1","id":"b","function":{"name":"g","arguments":"{}"}}])"}),
              both);
}

}  // namespace
}  // namespace patchbay::openai
