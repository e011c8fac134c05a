#include "engine/call/earlier_answer.hpp"

#include <gtest/gtest.h>

#include "engine/access/access_sample.hpp"
#include "engine/call/test_support.hpp"
#include "engine/kept/test_support.hpp"
#include "engine/surface/openai/response_id.hpp"

namespace patchbay {
namespace {

using test::asker;

class EarlierAnswerTest : public testing::Test {
  protected:
    EarlierAnswerTest() {
        home.id = "home";
        group.name = "m";
        group.deployments = {&home};
    }
    /// Why a request with this member is refused; an empty message: it is not.
    Error find(const ResponseAsker& who, const std::string& members) {
        Call call(fixture.engine, kResponsesSurface, caller, "id");
        const std::string body = R"({"model":"m","input":"a",)" + members + "}";
        AskParts parts{.body = body, .query = {}, .path_model = {}, .caller = caller};
        parts.kept = ClientResponses(&kept, who);
        EXPECT_FALSE(kResponsesSurface.read(parts, call.ask)) << body;
        auto refused = find_earlier(call, group);
        found = call.ask.previous;
        return refused ? std::move(*refused) : Error{};
    }
    Error goes_on(const ResponseAsker& who, const std::string& quoted) {
        return find(who, R"("previous_response_id":)" + quoted);
    }
    Error get(const ResponseAsker& who, const std::string& quoted) {
        Call call(fixture.engine, kGetResponseSurface, caller, "id");
        call.ask.resource = quoted.substr(1, quoted.size() - 2);
        call.ask.kept = ClientResponses(&kept, who);
        return find_home(call).error();
    }
    std::string sealed(const std::optional<ResponseOwner>& owner, std::string_view place = "home") {
        return seal_response_id(fixture.snapshot->resource_key, place, R"("resp_up")", owner);
    }

    test::EngineFixture fixture;
    Caller caller;
    Deployment home;
    ModelGroup group;
    KeptResponses kept{{}};
    std::optional<EarlierAnswer> found;
    const ResponseAsker ann = asker(1), bob = asker(2);
};

TEST_F(EarlierAnswerTest, is_its_owners_and_who_may_use_those_of_all) {
    ResponseAsker admin = asker(3);
    admin.all = true;
    const std::string id = sealed(ann.owner);
    for (const ResponseAsker& who : {ann, admin, ResponseAsker{}}) {
        EXPECT_EQ(goes_on(who, id).message, "");
        ASSERT_TRUE(found);
        EXPECT_EQ(found->id, "resp_up");
        EXPECT_EQ(get(who, id).status(), 404) << "no such deployment in this world";
    }
    for (const Error& refused : {goes_on(bob, id), get(bob, id)}) {
        EXPECT_EQ(refused.status(), 403);
        EXPECT_TRUE(refused.message.starts_with("Forbidden. The response id is not associated"));
    }
    EXPECT_EQ(goes_on(bob, sealed(std::nullopt)).message, "") << "of before";
    EXPECT_EQ(goes_on(bob, sealed(ann.owner, "gone")).status(), 403) << "before all else";
    EXPECT_EQ(goes_on(ann, sealed(ann.owner, "gone")).status(), 400);
}

TEST_F(EarlierAnswerTest, a_conversation_is_named_by_those_who_may_use_all) {
    ResponseAsker admin = asker(3);
    admin.all = true;
    for (const char* named : {R"("conversation":"conv_1")", R"("conversation":{"id":"conv_1"})",
                              R"("conv\u0065rsation":"conv_1")"}) {
        EXPECT_EQ(find(ann, named).status(), 403) << named;
        EXPECT_EQ(find(admin, named).message, "") << named;
        EXPECT_EQ(find(ResponseAsker{}, named).message, "") << named;
    }
    EXPECT_EQ(find(ann, R"("conversation":null)").message, "");
}

TEST_F(EarlierAnswerTest, that_this_gateway_did_not_make_is_nobodys) {
    ResponseAsker admin = asker(3);
    admin.all = true;
    for (const char* id : {R"("resp_68a1c0f0c4d88190a3e2b7f5d1c09e8f68a1c0f0c4d88190")", R"("x")",
                           R"("resp_\u0061")", "7", R"({"a":1})"}) {
        EXPECT_EQ(goes_on(admin, id).message, "") << id;
        EXPECT_EQ(goes_on({}, id).message, "") << id;
        const Error refused = goes_on(ann, id);
        EXPECT_EQ(refused.status(), 403) << id;
        EXPECT_TRUE(refused.message.starts_with("Forbidden. This response id was not issued by"));
    }
    EXPECT_EQ(goes_on(ann, "null").message, "");
    fixture.snapshot->config.general.allow_unmanaged_response_ids = true;
    EXPECT_EQ(goes_on(ann, R"("resp_x")").message, "");
    EXPECT_FALSE(found);
}

TEST_F(EarlierAnswerTest, that_is_kept_here_is_its_owners) {
    KeptResponse response;
    response.id = "resp_" + KeptResponses::new_id();
    const std::string quoted = "\"" + response.id + "\"";
    kept.keep(ann.owner, std::move(response), KeptResponses::Clock::now());
    EXPECT_EQ(goes_on(ann, quoted).message, "");
    EXPECT_EQ(goes_on(bob, quoted).status(), 403);
    const Error gone = goes_on(ann, "\"resp_" + KeptResponses::new_id() + "\"");
    EXPECT_EQ(gone.status(), 400);
    EXPECT_EQ(gone.code, "previous_response_not_found") << "clients then send the conversation";
}

TEST_F(EarlierAnswerTest, that_chat_names_is_for_administrators) {
    access::SubjectTable subjects;
    auto record = access::test::key_record();
    const auto refused = [&](std::string_view member) {
        Call call(fixture.engine, kChatSurface, caller, "id");
        call.principal = access::test::principal_of(record, subjects);
        const std::string body = R"({"model":"m","messages":[],)" + std::string(member) + "}";
        EXPECT_FALSE(kChatSurface.read({body, {}, {}, caller}, call.ask)) << body;
        const auto error = find_earlier(call, group);
        return error ? error->status() : 0;
    };
    for (const char* member :
         {R"("previous_response_id":"resp_x")", R"("previous_response_i\u0064":"resp_x")",
          R"("previous_response_id":"resp_x","previous_response_id":null)"}) {
        EXPECT_EQ(refused(member), 403) << member;
    }
    const char* const named = R"("previous_response_id":"resp_x")";
    EXPECT_EQ(refused(R"("previous_response_id":null)"), 0);
    fixture.snapshot->config.general.allow_unmanaged_response_ids = true;
    EXPECT_EQ(refused(named), 0);
    fixture.snapshot->config.general.allow_unmanaged_response_ids = false;
    EXPECT_EQ(refused(named), 403);
    record.user.id = 3;
    record.role = "proxy_admin";
    EXPECT_EQ(refused(named), 0);
}

TEST_F(EarlierAnswerTest, is_named_once) {
    const std::string id = sealed(ann.owner);
    for (const std::string& members :
         {R"("previous_response_id":"resp_x","previous_response_id":)" + id,
          R"("previous_response_id":"resp_x","previous_response_id":null)" + std::string(),
          R"("previous_response_i\u0064":"resp_x","a":1)" + std::string()}) {
        const Error refused = find(ann, members);
        EXPECT_EQ(refused.status(), 400) << members;
        EXPECT_EQ(refused.param, "previous_response_id");
    }
}

}  // namespace
}  // namespace patchbay
