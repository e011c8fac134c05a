#include "engine/surface/hub/call_names.hpp"

#include <string>

#include <gtest/gtest.h>

namespace patchbay::surface {

namespace {

TEST(CallNames, IdsThatAreTakenGoAsTheyAre) {
    for (const std::string_view id : {"toolu_01A", "call_1", "tc-2", "9"}) {
        EXPECT_EQ(chat_call_id(id), id);
        EXPECT_EQ(messages_call_id(id), id);
        EXPECT_EQ(converse_call_id(id), id);
    }
    EXPECT_EQ(converse_call_id("functions.f:0"), "functions.f:0");
    EXPECT_EQ(chat_call_id(std::string(64, 'x')), std::string(64, 'x'));
    EXPECT_EQ(chat_call_id("functions.f:0"), "functions.f:0");
}

TEST(CallNames, OthersAreMadeOfTheirText) {
    const std::string empty = "tc_e3b0c44298fc1c149afbf4c8996fb92427ae41e4";
    EXPECT_EQ(messages_call_id(""), empty);
    EXPECT_EQ(converse_call_id(""), empty);
    EXPECT_EQ(converse_call_id(std::string(65, 'x')), chat_call_id(std::string(65, 'x')));
    EXPECT_EQ(converse_call_id("f(0)").size(), 43u);
    const auto made = messages_call_id("functions.f:0");
    EXPECT_EQ(made.size(), 43u);
    EXPECT_EQ(messages_call_id("functions.f:0"), made);
    EXPECT_NE(messages_call_id("functions.f:1"), made);
    EXPECT_EQ(messages_call_id(made), made);
    EXPECT_EQ(chat_call_id(std::string(65, 'x')).size(), 43u);
    EXPECT_NE(chat_call_id(std::string(65, 'x')), chat_call_id(std::string(66, 'x')));
}

TEST(CallNames, SignaturesBehindIdsStayWhole) {
    const std::string plain = "call_1__thought__" + std::string(100, 'A') + "+/==";
    const std::string sent = "call_1__thought__" + std::string(100, 'A') + "-_";
    EXPECT_EQ(chat_call_id(plain), plain);
    EXPECT_EQ(messages_call_id(plain), sent);
    EXPECT_EQ(converse_call_id(plain), sent);
    EXPECT_EQ(messages_call_id(sent), sent);
    EXPECT_EQ(chat_call_id(sent), sent);
    EXPECT_EQ(messages_call_id("f(0)__thought__AA"), messages_call_id("f(0)") + "__thought__AA");
    EXPECT_EQ(messages_call_id("a__thought__no base64").size(), 43u);
}

TEST(CallNames, LongNamesComeBack) {
    ChatNames names;
    const std::string longest(64, 'n');
    EXPECT_EQ(names.shorten(longest), longest);
    EXPECT_EQ(names.original(longest), longest);
    const std::string too_long(65, 'n');
    const auto sent = names.shorten(too_long);
    EXPECT_EQ(sent.size(), 64u);
    EXPECT_EQ(names.shorten(too_long), sent);
    EXPECT_EQ(names.original(sent), too_long);
    // Two names with the same beginning stay two names.
    const auto other = names.shorten(std::string(65, 'n') + "b");
    EXPECT_NE(other, sent);
    EXPECT_EQ(names.original("unknown"), "unknown");
}

TEST(CallNames, OtherCharactersAreReplaced) {
    ChatNames names;
    const auto dotted = names.shorten("server.tool:a");
    EXPECT_EQ(dotted.substr(0, 14), "server_tool_a_");
    EXPECT_EQ(dotted.size(), 22u);
    EXPECT_EQ(names.original(dotted), "server.tool:a");
    EXPECT_NE(names.shorten("server_tool_a"), dotted);
    EXPECT_NE(names.shorten("server:tool.a"), dotted);
}

TEST(CallNames, NoCharacterIsCut) {
    ChatNames names;
    std::string name(54, 'n');
    for (int i = 0; i < 8; ++i) name += "\xc3\xa9";
    const auto sent = names.shorten(name);
    EXPECT_EQ(sent.substr(0, 55), std::string(54, 'n') + "_");
}

TEST(CallNames, ToolsOfAGroupAreNamedAfterIt) {
    ChatNames names;
    EXPECT_EQ(names.shorten("find", "crm"), "crm__find");
    EXPECT_EQ(names.shorten("find", "mcp__x__"), "mcp__x__find");
    EXPECT_EQ(names.shorten("find"), "find");
    EXPECT_EQ(names.original("crm__find"), "find");
    EXPECT_EQ(names.group("crm__find"), "crm");
    EXPECT_EQ(names.original("mcp__x__find"), "find");
    EXPECT_EQ(names.group("mcp__x__find"), "mcp__x__");
    EXPECT_EQ(names.group("find"), "");
    const auto dotted = names.shorten("a.b", "crm");
    EXPECT_EQ(dotted.substr(0, 9), "crm__a_b_");
    EXPECT_EQ(names.shorten("a.b", "crm"), dotted);
    EXPECT_EQ(names.original(dotted), "a.b");
    EXPECT_EQ(names.group(dotted), "crm");
}

// Compared one with another they would take minutes.
TEST(CallNames, VeryManyNamesAreNoTrouble) {
    constexpr int kNames = 200'000;
    ChatNames names;
    std::string sent;
    for (int i = 0; i < kNames; ++i) sent = names.shorten("server.tool" + std::to_string(i));
    EXPECT_EQ(names.original(sent), "server.tool" + std::to_string(kNames - 1));
    EXPECT_EQ(names.shorten("server.tool" + std::to_string(kNames - 1)), sent);
}

}  // namespace

}  // namespace patchbay::surface
