#include "gateway/realtime_query.hpp"

#include <gtest/gtest.h>

namespace patchbay::gateway {
namespace {

TEST(RealtimeQuery, is_a_request_body_with_its_members) {
    RealtimeQuery query;
    ASSERT_FALSE(query.read("model=openai%2Fgpt+x&&intent=%22a%26&flag&model=second"));
    EXPECT_EQ(query.chat.model, "second");
    EXPECT_EQ(query.body, R"({"model":"openai/gpt x","intent":"\"a&","flag":"","model":"second"})");
    ASSERT_EQ(query.chat.scan.members.size(), 4u);
    for (const bay_member& member : query.chat.scan.members) {
        EXPECT_EQ(member.name.ptr, query.body.data() + member.name_off + 1);
        EXPECT_EQ(member.value.ptr, query.body.data() + member.value_off);
    }
    EXPECT_EQ(std::string_view(query.chat.scan.members[1].name.ptr, 6), "intent");
    EXPECT_EQ(query.chat.body.data(), query.body.data());
}

TEST(RealtimeQuery, refuses_what_cannot_be_served) {
    std::string many = "model=m";
    for (std::size_t i = 0; i < RealtimeQuery::kMaxParameters; ++i) {
        many += "&p" + std::to_string(i) + "=1";
    }
    for (const std::string& text :
         {std::string(), std::string("model="), std::string("intent=x"), std::string("model=%ff"),
          many, std::string("model=m&api_base=http://evil.example"),
          std::string("model=m&api_key=sk-1"), std::string("model=m&key=sk-1"),
          std::string("model=m&access%5ftoken=sk-1")}) {
        RealtimeQuery query;
        const auto refused = query.read(text);
        ASSERT_TRUE(refused) << text;
        EXPECT_EQ(refused->status(), 400) << text;
    }
}

TEST(RealtimeQuery, azures_version_is_no_secret) {
    RealtimeQuery query;
    EXPECT_FALSE(query.read("model=m&api-version=2024-10-01-preview&deployment=m"));
}

}  // namespace
}  // namespace patchbay::gateway
