#include "profile.hpp"

#include <gtest/gtest.h>

namespace patchbay::aws {
namespace {

const Session kEnvironment{"E", "ES", ""};

std::optional<Profile> profile_of(std::string credentials, std::string config,
                                  std::string_view name) {
    return find_profile({std::move(credentials), std::move(config)}, name, kEnvironment);
}

TEST(Profile, IsReadFromBothFiles) {
    const auto made = profile_of(
        "# a comment\n[other]\naws_access_key_id = X\n[ p ]\r\naws_access_key_id = A # mine\r\n"
        "aws_secret_access_key=S#1\naws_session_token =  T \n",
        "[profile p]\nregion = eu-west-1 ; there\naws_access_key_id = C\ns3 =\n  region = "
        "no\n[p]\nregion = no\n",
        "p");
    ASSERT_TRUE(made);
    EXPECT_EQ(made->keys.access_key_id, "A");
    EXPECT_EQ(made->keys.secret_access_key, "S#1");
    EXPECT_EQ(made->keys.session_token, "T");
    EXPECT_EQ(made->region, "eu-west-1");
    EXPECT_EQ(made->fault, "");
}

TEST(Profile, TheDefaultOneHasItsNameInBoth) {
    EXPECT_EQ(profile_of("", "[default]\nregion=a", "default")->region, "a");
    EXPECT_FALSE(profile_of("", "[profile default]\nregion=a", "default"));
    EXPECT_FALSE(profile_of("", "[p]\nregion=a", "p"));
    EXPECT_FALSE(profile_of("", "", "default"));
    EXPECT_FALSE(profile_of("[", "[profile", "p"));
}

TEST(Profile, ARoleIsTakenWithOthersKeys) {
    const std::string base = "[b]\naws_access_key_id=B\naws_secret_access_key=S\n";
    const std::string role = "[profile r]\nrole_arn=arn\nrole_session_name=n\nexternal_id=e\n";
    const auto by_profile = profile_of(base, role + "source_profile=b", "r");
    ASSERT_TRUE(by_profile);
    EXPECT_EQ(by_profile->role, "arn");
    EXPECT_EQ(by_profile->role_session_name, "n");
    EXPECT_EQ(by_profile->external_id, "e");
    EXPECT_EQ(by_profile->keys.access_key_id, "B");
    EXPECT_EQ(profile_of(base, role + "credential_source=Environment", "r")->keys.access_key_id,
              "E");
    EXPECT_EQ(
        profile_of(base, role + "credential_source=Ec2InstanceMetadata", "r")->keys.access_key_id,
        "");
    EXPECT_NE(profile_of("", role + "source_profile=b", "r")->fault, "");
    EXPECT_NE(profile_of(base, role + "source_profile=none", "r")->fault, "");
}

TEST(Profile, WhatIsNotDoneHereIsNamed) {
    for (const char* means : {"credential_process=/bin/x", "sso_session=s", "sso_start_url=u",
                              "web_identity_token_file=/f\nrole_arn=a"}) {
        const auto made = profile_of("", std::string("[profile p]\n") + means, "p");
        ASSERT_TRUE(made) << means;
        const auto name = std::string_view(means).substr(0, std::string_view(means).find('='));
        EXPECT_NE(made->fault.find(name), std::string::npos) << made->fault;
    }
    // Keys of its own are enough.
    EXPECT_EQ(profile_of("[p]\naws_access_key_id=A\naws_secret_access_key=S\ncredential_process=x",
                         "", "p")
                  ->fault,
              "");
}

}  // namespace
}  // namespace patchbay::aws
