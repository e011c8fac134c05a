#include "sts.hpp"

#include <gtest/gtest.h>

namespace patchbay::aws {
namespace {

// The answer of AWS's reference of AssumeRole, shortened.
constexpr std::string_view kAnswer =
    R"(<AssumeRoleResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
  <AssumeRoleResult>
    <AssumedRoleUser><AssumedRoleId>ARO:me</AssumedRoleId></AssumedRoleUser>
    <Credentials>
      <AccessKeyId>ASIAEXAMPLE</AccessKeyId>
      <SecretAccessKey>wJalrXUtnFEMI/K7MDENG/b&amp;PxRfi</SecretAccessKey>
      <SessionToken>AQoDYXdzEPT//////////wEXAMPLE+a==</SessionToken>
      <Expiration>2026-01-01T01:00:00Z</Expiration>
    </Credentials>
  </AssumeRoleResult>
</AssumeRoleResponse>)";

TEST(Sts, ReadsARolesSession) {
    const auto read = read_assumed_role(kAnswer);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->session.access_key_id, "ASIAEXAMPLE");
    EXPECT_EQ(read->session.secret_access_key, "wJalrXUtnFEMI/K7MDENG/b&PxRfi");
    EXPECT_EQ(read->session.session_token, "AQoDYXdzEPT//////////wEXAMPLE+a==");
    EXPECT_EQ(read->ends_ms, 1'767'229'200'000);
}

TEST(Sts, ReadsTheSessionOfAWebIdentity) {
    std::string answer(kAnswer);
    for (auto at = answer.find("AssumeRoleRe"); at != std::string::npos;
         at = answer.find("AssumeRoleRe")) {
        answer.replace(at, 12, "AssumeRoleWithWebIdentityRe");
    }
    ASSERT_TRUE(read_assumed_role(answer));
}

TEST(Sts, WhatIsNoSessionIsRefusedAndNotRepeated) {
    std::string without_end(kAnswer);
    without_end.replace(without_end.find("2026"), 4, "soon");
    for (const std::string& other :
         {std::string(), std::string("<a>"), std::string("canary"), std::string("{}"), without_end,
          std::string("<AssumeRoleResponse/>"), std::string(40'000, '<')}) {
        const auto read = read_assumed_role(other);
        ASSERT_FALSE(read);
        EXPECT_EQ(read.error().cls, BAY_ERR_AUTH);
        EXPECT_EQ(read.error().message.find("canary"), std::string::npos);
    }
}

TEST(Sts, WritesItsFormsWithEveryValueEncoded) {
    EXPECT_EQ(assume_role_form({"arn:aws:iam::1:role/r", "me", "e&x", ""}),
              "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A1%3Arole%2Fr"
              "&RoleSessionName=me&ExternalId=e%26x");
    EXPECT_EQ(assume_role_form({"r", "me", "unused", "a.b=c"}),
              "Action=AssumeRoleWithWebIdentity&Version=2011-06-15&RoleArn=r&RoleSessionName=me"
              "&WebIdentityToken=a.b%3Dc");
}

TEST(Sts, TellsTheCodeOfAnError) {
    constexpr std::string_view kError =
        R"(<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code><Message>no</Message></Error></ErrorResponse>)";
    EXPECT_EQ(error_code(kError), "AccessDenied");
    EXPECT_EQ(error_code("<ErrorResponse><Error><Code>a secret</Code></Error></ErrorResponse>"),
              "");
    EXPECT_EQ(error_code("no"), "");
}

}  // namespace
}  // namespace patchbay::aws
