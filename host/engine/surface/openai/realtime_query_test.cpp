#include "engine/surface/openai/realtime_query.hpp"

#include <gtest/gtest.h>

namespace patchbay {
namespace {

std::optional<Error> read_query(std::string_view query, Ask& ask) {
    const Caller caller;
    return read_realtime_query({.body = {}, .query = query, .path_model = {}, .caller = caller},
                               ask);
}

TEST(RealtimeQuery, is_a_request_body_with_its_members) {
    Ask ask;
    ASSERT_FALSE(read_query("model=openai%2Fgpt+x&&intent=%22a%26&flag&model=second", ask));
    EXPECT_EQ(ask.model, "second");
    EXPECT_EQ(ask.own, R"({"model":"openai/gpt x","intent":"\"a&","flag":"","model":"second"})");
    ASSERT_EQ(ask.scan.members.size(), 4u);
    for (const bay_member& member : ask.scan.members) {
        EXPECT_EQ(member.name.ptr, ask.own.data() + member.name_off + 1);
        EXPECT_EQ(member.value.ptr, ask.own.data() + member.value_off);
    }
    EXPECT_EQ(std::string_view(ask.scan.members[1].name.ptr, 6), "intent");
    EXPECT_EQ(ask.body.data(), ask.own.data());
}

TEST(RealtimeQuery, refuses_what_cannot_be_served) {
    std::string many = "model=m";
    for (std::size_t i = 0; i < kMaxRealtimeParameters; ++i) {
        many += "&p" + std::to_string(i) + "=1";
    }
    for (const std::string& text :
         {std::string(), std::string("model="), std::string("intent=x"), std::string("model=%ff"),
          many, std::string("model=m&api_base=http://evil.example"),
          std::string("model=m&api_key=sk-1"), std::string("model=m&key=sk-1"),
          std::string("model=m&access%5ftoken=sk-1")}) {
        Ask ask;
        const auto refused = read_query(text, ask);
        ASSERT_TRUE(refused) << text;
        EXPECT_EQ(refused->status(), 400) << text;
    }
}

TEST(RealtimeQuery, azures_version_is_no_secret) {
    Ask ask;
    EXPECT_FALSE(read_query("model=m&api-version=2024-10-01-preview&deployment=m", ask));
}

}  // namespace
}  // namespace patchbay
