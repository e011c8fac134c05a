// SPDX-License-Identifier: Apache-2.0
#include "test_support.hpp"

namespace patchbay::anthropic {
namespace {

TEST(Messages, SystemTextsAreBlocks) {
    const auto body = translated(R"({"messages":[{"role":"system","content":"Be brief."},
        {"role":"user","content":"hi"}]})");
    EXPECT_JSON(body.at("system"), R"([{"type":"text","text":"Be brief."}])");
    EXPECT_JSON(body.at("messages"),
                R"([{"role":"user","content":[{"type":"text","text":"hi"}]}])");
}

TEST(Messages, SystemAtTheBeginningKeepsCacheControlAndOrderInBlocks) {
    const auto body = translated(R"({"messages":[
        {"role":"system","content":[{"type":"text","text":"a","cache_control":{"type":"ephemeral"}}]},
        {"role":"developer","content":"b","cache_control":{"type":"ephemeral","ttl":"1h"}},
        {"role":"system","content":" "},{"role":"user","content":"hi"}]})");
    EXPECT_JSON(body.at("system"), R"([
        {"type":"text","text":"a","cache_control":{"type":"ephemeral"}},
        {"type":"text","text":"b","cache_control":{"type":"ephemeral","ttl":"1h"}}])");
}

TEST(Messages, NeighboursOfOneRoleBecomeOneTurn) {
    EXPECT_JSON(
        messages_of(R"([{"role":"user","content":"a"},{"role":"user","content":"b"},
        {"role":"assistant","content":"c"},{"role":"assistant","content":""},
        {"role":"user","content":"d"}])"),
        R"([{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},
        {"role":"assistant","content":[{"type":"text","text":"c"}]},
        {"role":"user","content":[{"type":"text","text":"d"}]}])");
}

TEST(Messages, ABlankTurnBetweenJoinsItsNeighbours) {
    EXPECT_JSON(
        messages_of(R"([{"role":"user","content":"a"},{"role":"assistant","content":null},
        {"role":"user","content":"b"}])"),
        R"([{"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]}])");
}

TEST(Messages, ImagesOfTheSystemBeginTheConversation) {
    const auto body = translated(R"({"messages":[{"role":"system","content":[
        {"type":"text","text":"Mind this."},{"type":"image_url","image_url":"https://x.test/a.png"}]},
        {"role":"user","content":"hi"}]})");
    EXPECT_JSON(body.at("system"), R"([{"type":"text","text":"Mind this."}])");
    EXPECT_JSON(body.at("messages"), R"([{"role":"user","content":[
        {"type":"image","source":{"type":"url","url":"https://x.test/a.png"}},
        {"type":"text","text":"hi"}]}])");
}

TEST(Messages, LaterSystemMessagesStayInTheirPlace) {
    const auto body = translated(R"({"messages":[{"role":"system","content":"Be brief."},
        {"role":"user","content":"a"},{"role":"assistant","content":"b"},
        {"role":"system","content":"Be rude."},{"role":"user","content":"c"},
        {"role":"developer","content":""}]})");
    EXPECT_JSON(body.at("system"), R"([{"type":"text","text":"Be brief."}])");
    EXPECT_JSON(body.at("messages").at(2), R"({"role":"user","content":[
        {"type":"text","text":"Operator note (not from the user): the following was originally a mid-conversation system-role reminder."},
        {"type":"text","text":"Be rude."},{"type":"text","text":"c"}]})");
    EXPECT_EQ(body.at("messages").as_array().size(), 3u);
}

TEST(Messages, NoMessageIsRefused) {
    const char* why = R"("messages: Anthropic needs a user message that is not empty")";
    EXPECT_JSON(messages_of("[]"), why);
    EXPECT_JSON(messages_of(R"([{"role":"system","content":"s"}])"), why);
    EXPECT_JSON(messages_of(R"([{"role":"assistant","content":""}])"), why);
}

TEST(Messages, AUserMessageWithoutWordsKeepsItsTurn) {
    const char* kept =
        R"x({"role":"user","content":[{"type":"text","text":"[System: Empty message content sanitised to satisfy protocol]"}]})x";
    for (const char* content :
         {R"("")", R"(" \n")", "null", "[]", R"([{"type":"text","text":" "}])"}) {
        const std::string blank = R"({"role":"user","content":)" + std::string(content) + "}";
        EXPECT_JSON(messages_of("[" + blank + "]"), "[" + std::string(kept) + "]");
        const auto messages = messages_of(
            R"([{"role":"user","content":"a"},{"role":"assistant","content":"b"},)" + blank + "]");
        ASSERT_EQ(messages.as_array().size(), 3u);
        EXPECT_JSON(messages.at(2), kept);
    }
}

TEST(Messages, ImagesFromDataUrlsAndLinks) {
    EXPECT_JSON(messages_of(R"([{"role":"user","content":[
        {"type":"image_url","image_url":{"url":"data:image/jpg;base64,QUJD","detail":"low"}},
        {"type":"image_url","image_url":"https://x.test/a.png","cache_control":{"type":"ephemeral"}}]}])"),
                R"([{"role":"user","content":[
        {"type":"image","source":{"type":"base64","media_type":"image/jpeg","data":"QUJD"}},
        {"type":"image","source":{"type":"url","url":"https://x.test/a.png"},
         "cache_control":{"type":"ephemeral"}}]}])");
}

TEST(Messages, FilesBecomeDocuments) {
    EXPECT_JSON(messages_of(R"([{"role":"user","content":[
        {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,QUJD"}},
        {"type":"file","file":{"file_data":"data:text/plain;base64,aGk="}},
        {"type":"file","file":{"file_id":"file_1"}},
        {"type":"file","file":{"file_id":"file_2","format":"image/png"}},
        {"type":"file","file":{"file_id":"https://x.test/a.pdf"}}]}])"),
                R"([{"role":"user","content":[
        {"type":"document","title":"a.pdf",
         "source":{"type":"base64","media_type":"application/pdf","data":"QUJD"}},
        {"type":"document","source":{"type":"text","media_type":"text/plain","data":"hi"}},
        {"type":"document","source":{"type":"file","file_id":"file_1"}},
        {"type":"image","source":{"type":"file","file_id":"file_2"}},
        {"type":"document","source":{"type":"url","url":"https://x.test/a.pdf"}}]}])");
}

TEST(Messages, UploadedFilesNeedTheirFeature) {
    const auto call = translate_request(R"({"messages":[{"role":"user","content":[
        {"type":"file","file":{"file_id":"file_1"}}]}]})",
                                        test_options());
    ASSERT_TRUE(call);
    EXPECT_EQ(call->betas.joined(), "files-api-2025-04-14");
}

TEST(Messages, NativeBlocksPassAsTheyAre) {
    EXPECT_JSON(messages_of(
                    R"([{"role":"user","content":[{"type":"document","citations":{"enabled":true},
        "source":{"type":"text","media_type":"text/plain","data":"x"}}]}])"),
                R"([{"role":"user","content":[{"type":"document","citations":{"enabled":true},
        "source":{"type":"text","media_type":"text/plain","data":"x"}}]}])");
}

TEST(Messages, ToolCallsAndTheirResults) {
    EXPECT_JSON(messages_of(R"([{"role":"user","content":"weather?"},
        {"role":"assistant","content":"Let me see.","tool_calls":[
            {"id":"call.1","type":"function","function":{"name":"w","arguments":"{\"c\":\"Rome\"}"}},
            {"id":"b","type":"function","function":{"name":"now","arguments":""}}]},
        {"role":"tool","tool_call_id":"call.1","content":"sunny"},
        {"role":"tool","tool_call_id":"b","is_error":true,"content":[
            {"type":"text","text":"no clock","cache_control":{"type":"ephemeral"}},
            {"type":"image_url","image_url":"data:image/png;base64,QUJD"}]},
        {"role":"user","content":"so?"}])"),
                R"([{"role":"user","content":[{"type":"text","text":"weather?"}]},
        {"role":"assistant","content":[{"type":"text","text":"Let me see."},
            {"type":"tool_use","id":"call_1","name":"w","input":{"c":"Rome"}},
            {"type":"tool_use","id":"b","name":"now","input":{}}]},
        {"role":"user","content":[
            {"type":"tool_result","tool_use_id":"call_1","content":"sunny"},
            {"type":"tool_result","tool_use_id":"b","is_error":true,
             "cache_control":{"type":"ephemeral"},
             "content":[{"type":"text","text":"no clock"},
                {"type":"image","source":{"type":"base64","media_type":"image/png","data":"QUJD"}}]},
            {"type":"text","text":"so?"}]}])");
}

TEST(Messages, ToolResultsStandBeforeOtherBlocks) {
    const auto messages = messages_of(R"([{"role":"user","content":"q"},
        {"role":"assistant","tool_calls":[{"id":"a","function":{"name":"f","arguments":"{}"}}]},
        {"role":"user","content":"meanwhile"},{"role":"tool","tool_call_id":"a","content":""}])");
    EXPECT_JSON(messages.at(2), R"({"role":"user","content":[
        {"type":"tool_result","tool_use_id":"a","content":""},{"type":"text","text":"meanwhile"}]})");
}

TEST(Messages, LegacyFunctionCallsGetIds) {
    EXPECT_JSON(messages_of(R"([{"role":"user","content":"q"},
        {"role":"assistant","content":null,"function_call":{"name":"f","arguments":"{\"a\":1}"}},
        {"role":"function","name":"f","content":"1"}])"),
                R"([{"role":"user","content":[{"type":"text","text":"q"}]},
        {"role":"assistant","content":[
            {"type":"tool_use","id":"function_call_1","name":"f","input":{"a":1}}]},
        {"role":"user","content":[
            {"type":"tool_result","tool_use_id":"function_call_1","content":"1"}]}])");
}

TEST(Messages, ThinkingIsReplayedBeforeTheTextAndOnlySigned) {
    EXPECT_JSON(messages_of(R"([{"role":"user","content":"q"},
        {"role":"assistant","content":"a","reasoning_content":"hm","thinking_blocks":[
            {"type":"thinking","thinking":"hm","signature":"sig","index":0},
            {"type":"thinking","thinking":"unsigned"},
            {"type":"redacted_thinking","data":"xyz"}]},
        {"role":"user","content":"r"}])")
                    .at(1),
                R"({"role":"assistant","content":[
        {"type":"thinking","thinking":"hm","signature":"sig"},
        {"type":"redacted_thinking","data":"xyz"},{"type":"text","text":"a"}]})");
}

TEST(Messages, ASummaryOfTheConversationIsReplayedInFront) {
    EXPECT_JSON(messages_of(R"([{"role":"user","content":"q"},
        {"role":"assistant","content":"a","thinking_blocks":[
            {"type":"thinking","thinking":"hm","signature":"sig"}],
         "provider_specific_fields":{"compaction_blocks":[
            {"type":"compaction","content":"Summary"},{"type":"text","text":"x"},null]}},
        {"role":"user","content":"r"}])")
                    .at(1),
                R"({"role":"assistant","content":[{"type":"compaction","content":"Summary"},
        {"type":"thinking","thinking":"hm","signature":"sig"},{"type":"text","text":"a"}]})");
}

// The pieces of a stream, collected one by one: docs of clients say to send them back so.
TEST(Messages, PiecesOfAThoughtAreJoinedToTheBlockTheSignatureBelongsTo) {
    struct Replay {
        const char* blocks;
        const char* sent;
    };
    const Replay replays[] = {
        {R"([{"type":"thinking","thinking":"a ","signature":""},
             {"type":"thinking","thinking":"b","signature":null},
             {"type":"thinking","thinking":"","signature":"s"}])",
         R"([{"type":"thinking","thinking":"a b","signature":"s"}])"},
        {R"([{"type":"thinking","thinking":"a"},{"type":"thinking","thinking":"","signature":"s"},
             {"type":"redacted_thinking","data":"d"},{"type":"thinking","thinking":"b"},
             {"type":"thinking","thinking":"","signature":"t"}])",
         R"([{"type":"thinking","thinking":"a","signature":"s"},
             {"type":"redacted_thinking","data":"d"},
             {"type":"thinking","thinking":"b","signature":"t"}])"},
        {R"([{"type":"thinking","thinking":"whole","signature":"s"},
             {"type":"thinking","thinking":"also","signature":"t"}])",
         R"([{"type":"thinking","thinking":"whole","signature":"s"},
             {"type":"thinking","thinking":"also","signature":"t"}])"},
        {R"([{"type":"thinking","thinking":"","signature":"s"}])",
         R"([{"type":"thinking","thinking":"a b","signature":"s"}])"},
        {R"([{"type":"thinking","thinking":"","signature":"s"},
             {"type":"thinking","thinking":"","signature":"t"}])",
         R"([{"type":"thinking","thinking":"","signature":"s"},
             {"type":"thinking","thinking":"","signature":"t"}])"},
        {R"([{"type":"thinking","thinking":"a b","signature":""}])", "[]"},
        {R"([{"type":"thinking","thinking":"a b","signature":"pb1.responses.Zm9v.8c736521"},
             {"type":"redacted_thinking","data":"pb1.responses.Zm9v.8c736521"},
             {"type":"thinking","thinking":"own","signature":"s"}])",
         R"([{"type":"thinking","thinking":"own","signature":"s"}])"},
    };
    for (const auto& [blocks, sent] : replays) {
        auto content = messages_of(R"([{"role":"user","content":"q"},{"role":"assistant",
            "content":"x","reasoning_content":"a b","thinking_blocks":)" +
                                   std::string(blocks) + R"(},{"role":"user","content":"r"}])")
                           .at(1)
                           .at("content")
                           .as_array();
        content.pop_back();
        EXPECT_JSON(content, sent);
    }
}

struct Arguments {
    const char* written;  ///< the member, as JSON
    const char* input;
};

class HistoryArguments : public testing::TestWithParam<Arguments> {};

// What a model once wrote must not end the conversation: it comes back in every turn.
TEST_P(HistoryArguments, BecomeAnObjectAndKeepTheirResult) {
    const auto call = translate_request(
        R"({"messages":[{"role":"user","content":"q"},{"role":"assistant","tool_calls":[
            {"id":"a","type":"function","function":{"name":"f")" +
            std::string(GetParam().written) +
            R"(}}]},{"role":"tool","tool_call_id":"a","content":"r"},{"role":"user","content":"go on"}]})",
        test_options());
    ASSERT_TRUE(call) << call.error().message;
    EXPECT_NE(call->body.find(std::string("\"input\":") + GetParam().input + "}"),
              std::string::npos)
        << call->body;
    EXPECT_JSON(json::parse(call->body).at("messages").at(2).at("content").at(0),
                R"({"type":"tool_result","tool_use_id":"a","content":"r"})");
}

const std::string kDeep = std::string(R"(,"arguments":")") + std::string(600, '[') + "\"";
const std::string kDeepInput = R"({"arguments":")" + std::string(600, '[') + "\"}";

INSTANTIATE_TEST_SUITE_P(
    All, HistoryArguments,
    testing::Values(Arguments{"", "{}"}, Arguments{R"(,"arguments":null)", "{}"},
                    Arguments{R"(,"arguments":"")", "{}"}, Arguments{R"(,"arguments":" ")", "{}"},
                    Arguments{R"(,"arguments":"\"\"")", "{}"},
                    Arguments{R"(,"arguments":"null")", "{}"},
                    Arguments{R"(,"arguments":{"c":1})", R"({"c":1})"},
                    Arguments{R"(,"arguments":"{\"c\":1}")", R"({"c":1})"},
                    Arguments{R"(,"arguments":"{\"c\":1,\"c\":2}")", R"({"c":2})"},
                    Arguments{R"(,"arguments":"{\"c\": \"Par")",
                              R"({"arguments":"{\"c\": \"Par"})"},
                    Arguments{R"(,"arguments":"[1, 2]")", R"({"arguments":"[1, 2]"})"},
                    Arguments{R"(,"arguments":[1,2])", R"({"arguments":"[1,2]"})"},
                    Arguments{R"(,"arguments":"7")", R"({"arguments":"7"})"},
                    Arguments{R"(,"arguments":7)", R"({"arguments":"7"})"},
                    Arguments{R"(,"arguments":"1e999")", R"({"arguments":"1e999"})"},
                    Arguments{R"(,"arguments":true)", R"({"arguments":"true"})"},
                    Arguments{R"(,"arguments":"rm -rf")", R"({"arguments":"rm -rf"})"},
                    Arguments{R"(,"arguments":"{\"n\": 1e3, \"id\": 12345678901234567890123}")",
                              R"({"n":1e3,"id":12345678901234567890123})"},
                    Arguments{kDeep.c_str(), kDeepInput.c_str()}));

TEST(Messages, PrefillLosesWhiteSpaceAtItsEnd) {
    EXPECT_JSON(
        messages_of(R"([{"role":"user","content":"q"},{"role":"assistant","content":"{ \n"}])")
            .at(1),
        R"({"role":"assistant","content":[{"type":"text","text":"{"}]})");
}

TEST(Messages, PrefixIsKeptForTheAnswer) {
    const auto call = translate_request(R"({"messages":[{"role":"user","content":"q"},
        {"role":"assistant","content":"Well, ","prefix":true}]})",
                                        test_options());
    ASSERT_TRUE(call);
    EXPECT_EQ(call->prefix, "Well, ");
}

TEST(Messages, CacheControlOfAMessageMarksItsLastBlock) {
    EXPECT_JSON(messages_of(R"([{"role":"user","content":[{"type":"text","text":"a"},
        {"type":"text","text":"b"}],"cache_control":{"type":"ephemeral"}}])"),
                R"([{"role":"user","content":[{"type":"text","text":"a"},
        {"type":"text","text":"b","cache_control":{"type":"ephemeral"}}]}])");
}

struct Refused {
    const char* messages;
    const char* why;
};

class MalformedMessages : public testing::TestWithParam<Refused> {};

TEST_P(MalformedMessages, AreRefusedWithTheirPlace) {
    EXPECT_EQ(messages_of(GetParam().messages), json::value(GetParam().why));
}

INSTANTIATE_TEST_SUITE_P(
    All, MalformedMessages,
    testing::Values(
        Refused{R"({"role":"user"})", "messages: must be an array"},
        Refused{"[1]", "messages[0]: must be an object"},
        Refused{R"([{"role":"robot","content":"x"}])",
                "messages[0].role: must be system, developer, user, assistant, tool or "
                "function"},
        Refused{R"([{"role":"user","content":7}])",
                "messages[0].content: must be a string or an array"},
        Refused{R"([{"role":"user","content":[7]}])", "messages[0].content[0]: must be an object"},
        Refused{R"([{"role":"user","content":[{"type":"text","text":1}]}])",
                "messages[0].content[0].text: must be a string"},
        Refused{R"([{"role":"user","content":[{"text":"x"}]}])",
                "messages[0].content[0].type: must be a string"},
        Refused{R"([{"role":"user","content":[{"type":"input_audio"}]}])",
                "messages[0].content[0]: Anthropic takes no input_audio content"},
        Refused{R"([{"role":"user","content":[{"type":"image_url","image_url":"ftp://x"}]}])",
                "messages[0].content[0].image_url: must be an http(s) URL or a base64 data "
                "URL"},
        Refused{R"([{"role":"user","content":[{"type":"image_url"}]}])",
                "messages[0].content[0].image_url: must have a URL"},
        Refused{R"([{"role":"user","content":[{"type":"file","file":{}}]}])",
                "messages[0].content[0].file: must have file_data or file_id"},
        Refused{R"([{"role":"tool","content":"x"}])",
                "messages[0].tool_call_id: must be a string that is not empty"},
        Refused{R"([{"role":"assistant","tool_calls":{}}])",
                "messages[0].tool_calls: must be an array"},
        Refused{R"([{"role":"assistant","tool_calls":[{"id":"a"}]}])",
                "messages[0].tool_calls[0].function: must be an object"}));

}  // namespace
}  // namespace patchbay::anthropic
