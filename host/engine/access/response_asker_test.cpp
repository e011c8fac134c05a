#include "engine/access/response_asker.hpp"

#include <gtest/gtest.h>

#include "engine/access/access_sample.hpp"

namespace patchbay::access {
namespace {

using test::key_record;
using test::member_record;
using test::principal_of;

class ResponseAskerTest : public testing::Test {
  protected:
    ResponseAskerTest() { settings.master_key = Secret("sk-master"); }
    ResponseAsker of(const store::KeyRecord& record) {
        return response_asker(principal_of(record, subjects).get(), settings, "sk-x");
    }

    GeneralSettings settings;
    SubjectTable subjects;
};

TEST_F(ResponseAskerTest, is_the_user_else_the_team_else_the_key) {
    const auto another = [](store::KeyRecord record) {
        record.hash.fill(0xcd);
        return record;
    };
    const store::KeyRecord member = member_record();
    store::KeyRecord elsewhere = another(member);
    elsewhere.team = {};
    EXPECT_EQ(of(member).owner, of(elsewhere).owner) << "the user's other key, in no team";

    store::KeyRecord service = member;
    service.user = {};
    EXPECT_EQ(of(service).owner, of(another(service)).owner) << "of the same team";
    EXPECT_NE(of(service).owner, of(member).owner);

    EXPECT_NE(of(key_record()).owner, of(another(key_record())).owner);
    store::KeyRecord named_as_team = key_record();
    named_as_team.user.id = 2;
    named_as_team.user.name = service.team.name;
    EXPECT_NE(of(named_as_team).owner, of(service).owner) << "a user of the team's name";
    for (const auto& record : {member, service, key_record()}) {
        EXPECT_TRUE(of(record).known);
        EXPECT_FALSE(of(record).all);
    }
}

TEST_F(ResponseAskerTest, uses_those_of_all_with_the_master_key_and_as_administrator) {
    const ResponseAsker master = response_asker(nullptr, settings, "sk-master");
    EXPECT_TRUE(master.known && master.all);
    store::KeyRecord admin = key_record();
    admin.user.id = 3;
    admin.user.name = "root";
    admin.role = "proxy_admin";
    EXPECT_TRUE(of(admin).all);
    EXPECT_TRUE(master.may_use(of(key_record()).owner));
    EXPECT_FALSE(of(key_record()).may_use(master.owner));
    EXPECT_TRUE(of(key_record()).may_use({})) << "made before ids named their owners";
    settings.disable_responses_id_security = true;
    EXPECT_TRUE(of(key_record()).may_use(master.owner));
}

TEST_F(ResponseAskerTest, is_not_known_where_there_is_no_master_key) {
    settings.master_key = Secret();
    settings.disable_responses_id_security = true;
    const ResponseAsker one = response_asker(nullptr, settings, "sk-one");
    const ResponseAsker other = response_asker(nullptr, settings, "sk-other");
    EXPECT_FALSE(one.known || one.all);
    EXPECT_NE(one.owner, other.owner);
    EXPECT_TRUE(one.may_use(other.owner));
}

}  // namespace
}  // namespace patchbay::access
