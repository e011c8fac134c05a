#include <gtest/gtest.h>

#include "request.hpp"
#include "written_body.hpp"

namespace patchbay::openai {
namespace {

TEST(WriteBody, RequiredToolChoiceAsAMessage) {
    Dialect dialect = groq();
    dialect.tool_choice.required = ChoiceAction::as_message;
    const auto body = boost::json::parse(
        write(
            dialect, "m",
            R"({"model":"m","messages":[{"role":"user","content":"hi"}],"tool_choice":"required"})")
            .body);
    EXPECT_FALSE(body.as_object().contains("tool_choice"));
    EXPECT_EQ(body.at("messages").as_array().size(), 2u);
}

TEST(WriteBody, OpenAisModelsGetNoStateOfOthersBehindIds) {
    Dialect dialect = groq();
    dialect.openai_families = true;
    const auto given = [](const std::string& id) {
        return R"([{"role":"assistant","tool_calls":[{"id":")" + id +
               R"(","type":"function","function":{"name":"f","arguments":"{}"}}]},)" +
               R"({"role":"tool","tool_call_id":")" + id + R"(","content":"r"}])";
    };
    const auto sent = [&](const std::string& model, const std::string& id) {
        return boost::json::parse(
                   write(dialect, model, R"({"model":"m","messages":)" + given(id) + "}").body)
            .at("messages");
    };
    const std::string id = "call_1__thought__" + std::string(60, 'A');
    EXPECT_EQ(sent("gpt-4o", id), boost::json::parse(given("call_1")));
    EXPECT_EQ(sent("o3", id), boost::json::parse(given("call_1")));
    // What it takes stays, and what is behind an address of one's own may know the state.
    EXPECT_EQ(sent("gpt-4o", "a__thought__AA"), boost::json::parse(given("a__thought__AA")));
    EXPECT_EQ(sent("gemini-3-pro", id), boost::json::parse(given(id)));
    dialect.base_model = true;  // as at Azure, where names say nothing
    EXPECT_EQ(sent("mine", id), boost::json::parse(given("call_1")));
}

TEST(WriteBody, ContentListsBecomeStrings) {
    Dialect dialect = groq();
    dialect.messages.text_parts_to_string = true;
    EXPECT_EQ(
        write(
            dialect, "m",
            R"({"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}]})")
            .body,
        R"({"model":"m","messages":[{"role":"user","content":"ab"}]})");
    const std::string image =
        R"({"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"u"}}]}]})";
    EXPECT_EQ(write(dialect, "m", image).body, image);
}

TEST(WriteBody, RolesMayGoByAnotherName) {
    Dialect dialect = groq();
    dialect.messages.roles = {{"system", "assistant"}, {"assistant", "model"}};
    const std::string given =
        R"({"model":"m","messages":[{"role":"developer","content":"a"},{"role":"user","content":"b"},)"
        R"({"role":"assistant","content":"c"}]})";
    EXPECT_EQ(
        boost::json::parse(write(dialect, "m", given).body).at("messages"),
        boost::json::parse(R"([{"role":"assistant","content":"a"},{"role":"user","content":"b"},)"
                           R"({"role":"model","content":"c"}])"));
    const std::string user = R"({"model":"m","messages":[{"role":"user","content":"b"}]})";
    EXPECT_EQ(write(dialect, "m", user).body, user);
}

TEST(WriteBody, CacheControlMarksAreRemoved) {
    EXPECT_EQ(
        write(
            groq(), "m",
            R"({"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}}]}],"tools":[{"type":"function","function":{"name":"f"},"cache_control":{}}]})")
            .body,
        R"({"model":"m","messages":[{"role":"user","content":[{"type":"text","text":"a"}]}],"tools":[{"type":"function","function":{"name":"f"}}]})");
    Dialect keeps = groq();
    keeps.messages.keep_cache_control = true;
    const std::string marked =
        R"({"model":"m","messages":[{"role":"user","content":"a","cache_control":{}}]})";
    EXPECT_EQ(write(keeps, "m", marked).body, marked);
}

TEST(WriteBody, MarksAreFoundWhateverStandsBeforeThem) {
    for (const std::string_view before : {"", "_", "a_b", R"(\"cache_contro_l)", "_________"}) {
        for (const std::size_t times : {1u, 3u, 1000u}) {
            SCOPED_TRACE(std::string(before) + " x " + std::to_string(times));
            std::string text;
            for (std::size_t i = 0; i < times; ++i) text += before;
            const std::string head =
                R"({"model":"m","messages":[{"role":"user","content":")" + text + R"("})";
            EXPECT_EQ(write(groq(), "m", head + R"(,{"role":"user","cache_control":{}}]})").body,
                      head + R"(,{"role":"user"}]})");
            EXPECT_EQ(write(groq(), "m", head + "]}").body, head + "]}");
        }
    }
}

TEST(WriteBody, ErrorsOfToolsAreTextOnly) {
    EXPECT_EQ(
        write(
            openai(), "m",
            R"({"model":"m","messages":[{"role":"tool","tool_call_id":"a","is_error":true,"content":"Error: no"}]})")
            .body,
        R"({"model":"m","messages":[{"role":"tool","tool_call_id":"a","content":"Error: no"}]})");
}

TEST(WriteBody, RolesAndNamesOfMessages) {
    Dialect dialect = groq();
    dialect.messages.named_roles = std::vector<std::string>{"user"};
    EXPECT_EQ(
        write(
            dialect, "m",
            R"({"model":"m","messages":[{"role":"developer","content":"a","name":"n"},{"role":"user","content":"b","name":"n"},{"role":"tool","content":"c","name":"n"}]})")
            .body,
        R"({"model":"m","messages":[{"role":"system","content":"a"},{"role":"user","content":"b","name":"n"},{"role":"tool","content":"c"}]})");
}

TEST(WriteBody, AssistantsAnswerTools) {
    Dialect dialect = groq();
    const std::string head = R"({"model":"m","messages":[{"role":"system"},{"role":"tool"},)";
    const std::string done = R"({"role":"assistant","content":"Done."},)";
    const std::string user = R"({"role":"user","content":"b"},)";
    const std::string system = R"({"role":"system","content":"b"},)";
    const std::string tail =
        R"({"role":"tool"},{"role":"assistant","content":"d"},{"role":"user"}]})";
    EXPECT_EQ(write(dialect, "m", head + user + tail).body, head + user + tail);
    dialect.messages.ordered_roles = true;
    EXPECT_EQ(write(dialect, "m", head + tail).body, head + tail);
    EXPECT_EQ(write(dialect, "m", head + user + user + tail).body,
              head + done + user + user + tail);
    EXPECT_EQ(write(dialect, "m", head + system + system + tail).body,
              head + done + user + system + tail);
    EXPECT_EQ(write(dialect, "m", head + done + system + tail).body, head + done + user + tail);
}

TEST(WriteBody, CallsOfAModelThatThinksHaveAThought) {
    Dialect dialect = groq();
    dialect.supported.add({Param::thinking});
    dialect.messages.thoughts_with_calls = true;
    const std::string messages =
        R"("messages":[{"role":"assistant","tool_calls":[{"id":"1"}]},{"role":"assistant","content":"x"}])";
    const std::string with =
        R"("messages":[{"role":"assistant","tool_calls":[{"id":"1"}],"reasoning_content":" "},{"role":"assistant","content":"x"}])";
    EXPECT_EQ(write(dialect, "m", "{\"model\":\"m\"," + messages + "}").body,
              "{\"model\":\"m\"," + messages + "}");
    EXPECT_EQ(
        write(dialect, "m", R"({"model":"m","thinking":{"type":"enabled"},)" + messages + "}").body,
        R"({"model":"m","thinking":{"type":"enabled"},)" + with + "}");
    dialect.models.push_back({.match = {"m"}, .thinks = true});
    EXPECT_EQ(write(dialect, "m", "{\"model\":\"m\"," + messages + "}").body,
              "{\"model\":\"m\"," + with + "}");
}

}  // namespace
}  // namespace patchbay::openai
