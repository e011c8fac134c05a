#include "engine/records/requester.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "patchbay/json_tree.hpp"

namespace patchbay {
namespace {

namespace json = boost::json;

Requester read(const char* request, const char* headers = "[]") {
    const json::value body = json_tree::read(request).value;
    return read_requester(&body.as_object(), json::parse(headers).as_array());
}

struct RequesterRow {
    const char* request;
    const char* headers;
    const char* expected;  ///< [trace_id, session_id, end_user, tags, spend_logs_metadata]
};

TEST(Requester, every_place_that_speaks_of_the_record) {
    for (const RequesterRow& row : std::vector<RequesterRow>{
             {"{}", "[]", "[null,null,null,[],null]"},
             {"{}", R"([["x-litellm-trace-id","t"]])", R"(["t",null,null,[],null])"},
             {"{}", R"([["X-LiteLLM-Trace-Id","t"]])", R"(["t",null,null,[],null])"},
             {"{}", R"([["langfuse_trace_id","t"]])", R"(["t",null,null,[],null])"},
             {R"({"litellm_trace_id":"t"})", "[]", R"(["t",null,null,[],null])"},
             {R"({"metadata":{"trace_id":"t"}})", "[]", R"(["t",null,null,[],null])"},
             {R"({"litellm_metadata":{"trace_id":"t"}})", "[]", R"(["t",null,null,[],null])"},
             {R"({"metadata":"{\"trace_id\":\"t\"}"})", "[]", R"(["t",null,null,[],null])"},
             {"{}", R"([["x-litellm-session-id","s"]])", R"([null,"s",null,[],null])"},
             {"{}", R"([["langfuse_session_id","s"]])", R"([null,"s",null,[],null])"},
             {R"({"litellm_session_id":"s"})", "[]", R"([null,"s",null,[],null])"},
             {R"({"metadata":{"session_id":"s"}})", "[]", R"([null,"s",null,[],null])"},
             {"{}", R"([["x-litellm-end-user-id","e"]])", R"([null,null,"e",[],null])"},
             {"{}", R"([["x-litellm-customer-id","e"]])", R"([null,null,"e",[],null])"},
             {R"({"user":"e"})", "[]", R"([null,null,"e",[],null])"},
             {R"({"user":7})", "[]", R"([null,null,"7",[],null])"},
             {R"({"metadata":{"user_id":"e"}})", "[]", R"([null,null,"e",[],null])"},
             {R"({"litellm_metadata":{"user":"e"}})", "[]", R"([null,null,"e",[],null])"},
             {R"({"safety_identifier":"e"})", "[]", R"([null,null,"e",[],null])"},
             {"{}", R"([["x-litellm-tags","red, blue,,red"]])",
              R"([null,null,null,["red","blue"],null])"},
             {R"({"tags":["red","blue"]})", "[]", R"([null,null,null,["red","blue"],null])"},
             {R"({"metadata":{"tags":["red"]}})", "[]", R"([null,null,null,["red"],null])"},
             {"{}", R"([["langfuse_tags","red,blue"]])", R"([null,null,null,["red","blue"],null])"},
             {"{}", R"([["x-litellm-spend-logs-metadata","{\"team\":\"a\"}"]])",
              R"([null,null,null,[],{"team":"a"}])"},
             {"{}", R"([["x-litellm-spend-logs-metadata","{\"team\":\"\\ud83d\"}"]])",
              "[null,null,null,[],{\"team\":\"\uFFFD\"}]"},
             {R"({"user":12345678901234567890123})", "[]",
              R"([null,null,"12345678901234567890123",[],null])"},
             {R"({"metadata":{"spend_logs_metadata":{"team":"a"}}})", "[]",
              R"([null,null,null,[],{"team":"a"}])"},
         }) {
        const Requester said = read(row.request, row.headers);
        const auto* session = said.metadata.if_contains("session_id");
        const json::array found{said.trace_id, session ? *session : json::value(nullptr),
                                said.end_user, said.tags, said.spend_logs_metadata};
        EXPECT_EQ(json::serialize(found), row.expected) << row.request << ' ' << row.headers;
        EXPECT_TRUE(said.ignored.empty()) << json::serialize(said.ignored);
    }
}

TEST(Requester, headers_go_before_the_body_and_lists_are_put_together) {
    const Requester said = read(
        R"({"litellm_trace_id":"body","user":"body","tags":["b","c"],"metadata":{"trace_id":"meta","tags":["d"],)"
        R"("session_id":"meta","spend_logs_metadata":{"x":1,"y":1}},"litellm_session_id":"body"})",
        R"([["x-litellm-trace-id","head"],["x-litellm-end-user-id","head"],["x-litellm-tags","a,b"],)"
        R"(["x-litellm-spend-logs-metadata","{\"x\":2}"],["langfuse_session_id","head"]])");
    EXPECT_EQ(said.trace_id, "head");
    EXPECT_EQ(said.end_user, "head");
    EXPECT_EQ(json::serialize(said.tags), R"(["a","b","c","d"])");
    EXPECT_EQ(said.metadata.at("session_id"), "head");
    EXPECT_EQ(said.metadata.at("trace_id"), "meta") << "Langfuse's own goes before the record's";
    EXPECT_EQ(said.spend_logs_metadata.at("x"), 2);
    EXPECT_EQ(said.spend_logs_metadata.at("y"), 1);
}

TEST(Requester, langfuse_headers_are_members_of_metadata) {
    const Requester said = read(
        "{}",
        R"([["langfuse_trace_user_id","U-1"],["Langfuse_Trace_Name","n"],["langfuse_mask_input","true"],)"
        R"(["langfuse_update_trace_keys","name,output"],["langfuse_trace_metadata","{\"a\":1}"],["langfuse_","x"]])");
    EXPECT_EQ(json::serialize(said.metadata),
              R"({"trace_user_id":"U-1","trace_name":"n","mask_input":true,)"
              R"("update_trace_keys":["name","output"],"trace_metadata":{"a":1}})");
}

TEST(Requester, no_secret_gets_into_a_record) {
    const Requester said = read(
        R"({"metadata":{"langfuse_secret_key":"AAAA-1","a":{"password":{"b":"AAAA-2"}},)"
        R"("spend_logs_metadata":{"api_key":"AAAA-3"}}})",
        R"([["langfuse_secret_key","AAAA-4"],["langfuse_public_key","AAAA-5"],["langfuse_host","AAAA-6"],)"
        R"(["x-litellm-spend-logs-metadata","{\"token\":\"AAAA-7\"}"]])");
    const std::string all =
        json::serialize(said.metadata) + json::serialize(said.spend_logs_metadata);
    EXPECT_THAT(all, testing::Not(testing::HasSubstr("AAAA")));
    EXPECT_EQ(said.ignored.size(), 3u);
}

TEST(Requester, what_cannot_be_a_label_is_named_and_not_taken) {
    const std::string long_text(kMaxLabel + 1, 'x');
    const Requester said = read(
        (R"({"litellm_trace_id":{"a":1},"user":"a\nb","tags":[1,{},""],"litellm_session_id":")" +
         long_text + R"("})")
            .c_str(),
        R"([["x-litellm-spend-logs-metadata","not json"],["x-litellm-end-user-id"," "]])");
    EXPECT_EQ(json::serialize(said.ignored),
              R"(["x-litellm-end-user-id","x-litellm-spend-logs-metadata","litellm_trace_id",)"
              R"("litellm_session_id","user","tags"])");
    EXPECT_TRUE(said.trace_id.is_null() && said.end_user.is_null());
    EXPECT_EQ(json::serialize(said.tags), R"(["1"])");
}

TEST(Requester, tags_are_bounded) {
    std::string tags;
    for (int i = 0; i < 1000; ++i) tags += std::to_string(i) + ",";
    const Requester said = read("{}", (R"([["x-litellm-tags",")" + tags + R"("]])").c_str());
    EXPECT_EQ(said.tags.size(), kMaxTags);
    EXPECT_EQ(json::serialize(said.ignored), R"(["x-litellm-tags"])");
}

TEST(Requester, only_headers_that_speak_of_the_record_are_kept) {
    for (const char* name : {"x-litellm-tags", "X-LiteLLM-Trace-Id", "langfuse_session_id"}) {
        EXPECT_TRUE(is_record_header(name)) << name;
    }
    for (const char* name :
         {"authorization", "x-api-key", "x-litellm-api-key", "cookie", "langfuse"}) {
        EXPECT_FALSE(is_record_header(name)) << name;
    }
}

}  // namespace
}  // namespace patchbay
