#include "engine/call/enforced_params.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "engine/access/access_sample.hpp"
#include "engine/call/test_support.hpp"

namespace patchbay {
namespace {

class EnforcedParamsTest : public testing::Test {
  protected:
    /// The first that is missing of a request with these members; empty: none is.
    std::string missing(std::vector<std::string> params, const std::string& members,
                        std::span<const std::string> headers = {}) {
        const std::string body = R"({"model":"m","messages":[])" + members + "}";
        const auto scan = scan_request(body, kMessagesForm);
        EXPECT_TRUE(scan) << body;
        const std::string* const found = missing_param(params, scan->members, caller, headers);
        return found ? *found : std::string();
    }
    std::optional<Error> check(const Surface& surface, std::string_view body) {
        Call call(fixture.engine, surface, caller, "id");
        call.principal = principal;
        EXPECT_FALSE(surface.read({body, {}, {}, caller}, call.ask)) << body;
        return check_enforced(call);
    }

    test::EngineFixture fixture;
    Caller caller;
    std::shared_ptr<const access::Principal> principal;
};

TEST_F(EnforcedParamsTest, are_members_and_what_stands_inside_of_them) {
    const std::string name = "metadata.generation_name";
    const struct {
        std::vector<std::string> params;
        const char* members;
        const char* expected;
    } rows[] = {
        {{}, "", ""},
        {{"seed"}, "", "seed"},
        {{"seed"}, R"(,"seed":1)", ""},
        {{"seed"}, R"(,"seed":null)", "seed"},
        {{"seed"}, R"(,"seed":1,"seed":null)", "seed"},
        {{"seed"}, R"(,"s\u0065ed":1)", "seed"},
        {{"seed", "top_p"}, R"(,"seed":1)", "top_p"},
        {{name}, "", "metadata.generation_name"},
        {{name}, R"(,"metadata":{})", "metadata.generation_name"},
        {{name}, R"(,"metadata":"generation_name")", "metadata.generation_name"},
        {{name}, R"(,"metadata":{"generation_name":null})", "metadata.generation_name"},
        {{name}, R"(,"metadata":{"generation_name":"a"})", ""},
        {{name}, R"(,"metadata":{},"litellm_metadata":{"generation_name":"a"})", ""},
        {{"metadata"}, R"(,"litellm_metadata":{"x":1})", ""},
        {{"metadata.a.b"}, R"(,"metadata":{"a":{"c":1}})", "metadata.a.b"},
        {{"metadata.a.b"}, R"(,"metadata":{"a":{"b":0}})", ""},
        {{"metadata."}, R"(,"metadata":{})", ""},
        {{""}, R"(,"seed":1)", ""},
    };
    for (const auto& row : rows) {
        if (row.params == std::vector<std::string>{""}) {
            const std::string body = R"({"model":"m","messages":[]})";
            const auto scan = scan_request(body, kMessagesForm);
            EXPECT_NE(missing_param(row.params, scan->members, caller, {}), nullptr);
            continue;
        }
        EXPECT_EQ(missing(row.params, row.members), row.expected) << row.members;
    }
}

TEST_F(EnforcedParamsTest, the_user_may_be_named_where_customers_are) {
    EXPECT_EQ(missing({"user"}, ""), "user");
    EXPECT_EQ(missing({"user"}, R"(,"user":"")"), "");
    EXPECT_EQ(missing({"user"}, R"(,"metadata":{"user_id":"ann"})"), "");
    const http::Header headers[] = {{"x-person", "ann"}};
    caller.headers = headers;
    const std::vector<std::string> named{"X-Person"};
    EXPECT_EQ(missing({"user"}, ""), "user");
    EXPECT_EQ(missing({"user"}, "", named), "");
    EXPECT_EQ(missing({"metadata"}, "", named), "metadata");
}

TEST_F(EnforcedParamsTest, hold_on_every_surface_that_has_a_body) {
    fixture.snapshot->config.general.enforced_params = {"metadata.app"};
    const struct {
        const Surface* surface;
        const char* body;
    } rows[] = {
        {&kChatSurface, R"({"model":"m","messages":[])"},
        {&kCompletionsSurface, R"({"model":"m","prompt":"a")"},
        {&kResponsesSurface, R"({"model":"m","input":"a")"},
        {&kEmbeddingsSurface, R"({"model":"m","input":"a")"},
        {&kModerationsSurface, R"({"model":"m","input":"a")"},
        {&kSpeechSurface, R"({"model":"m","input":"a","voice":"b")"},
        {&kImagesSurface, R"({"model":"m","prompt":"a")"},
        {&kRerankSurface, R"({"model":"m","query":"a","documents":["b"])"},
        {&kMessagesSurface, R"({"model":"m","max_tokens":1,"messages":[])"},
        {&kCountTokensSurface, R"({"model":"m","messages":[])"},
        {&kGenerateSurface, R"({"model":"m","contents":[])"},
        {&kStreamGenerateSurface, R"({"model":"m","contents":[])"},
        {&kConverseSurface, R"({"model":"m","messages":[])"},
        {&kConverseStreamSurface, R"({"model":"m","messages":[])"},
    };
    for (const auto& [surface, body] : rows) {
        const auto refused = check(*surface, std::string(body) + "}");
        ASSERT_TRUE(refused) << surface->route;
        EXPECT_EQ(refused->status(), 400);
        EXPECT_EQ(refused->param, "metadata.app");
        EXPECT_EQ(refused->message,
                  "BadRequest please pass param=[metadata][app] in request body. This is a "
                  "required param");
        EXPECT_FALSE(check(*surface, std::string(body) + R"(,"metadata":{"app":"x"}})"))
            << surface->route;
    }
    EXPECT_FALSE(check(kGetResponseSurface, "")) << "there is no place to say it";
}

TEST_F(EnforcedParamsTest, are_those_of_the_key_and_its_team_too) {
    access::SubjectTable subjects;
    auto record = access::test::member_record(R"({"metadata":{"enforced_params":["seed"]}})");
    record.team.doc = R"({"metadata":{"enforced_params":["user", 7]}})";
    principal = access::test::principal_of(record, subjects);
    const auto refused = check(kChatSurface, R"({"model":"m","messages":[]})");
    ASSERT_TRUE(refused);
    EXPECT_EQ(refused->message,
              "BadRequest please pass param=seed in request body. This is a required param");
    EXPECT_EQ(check(kChatSurface, R"({"model":"m","messages":[],"seed":1})")->param, "user");
    EXPECT_EQ(check(kChatSurface, R"({"model":"m","messages":[],"seed":1,"user":"a"})")->param, "7")
        << "what is no name is had by no request";
}

TEST_F(EnforcedParamsTest, tags_of_clients_are_refused_where_the_configuration_says_so) {
    const char* const bodies[] = {
        R"({"model":"m","messages":[],"tags":["a"]})",
        R"({"model":"m","messages":[],"metadata":{"tags":["a"]}})",
        R"({"model":"m","messages":[],"litellm_metadata":{"tags":["a"]}})"};
    for (const char* body : bodies) EXPECT_FALSE(check(kChatSurface, body));
    fixture.snapshot->config.general.reject_clientside_metadata_tags = true;
    for (const char* body : bodies) {
        const auto refused = check(kChatSurface, body);
        ASSERT_TRUE(refused) << body;
        EXPECT_EQ(refused->status(), 400);
        EXPECT_EQ(refused->param, "metadata.tags");
    }
    EXPECT_FALSE(check(kChatSurface, R"({"model":"m","messages":[],"metadata":{"tags":[]}})"));
    const http::Header headers[] = {{"x-litellm-tags", "a"}};
    caller.headers = headers;
    EXPECT_TRUE(check(kChatSurface, R"({"model":"m","messages":[]})"));
}

}  // namespace
}  // namespace patchbay
