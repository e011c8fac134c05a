#include "login.hpp"

#include <gtest/gtest.h>

namespace patchbay::openai {
namespace {

TEST(Login, TheTokenServerIsAtTheHostOrBesideAPartOfTheAddress) {
    Dialect dialect;
    dialect.login = LoginRule{"/oidc/v1/token", "all", ""};
    EXPECT_EQ(login_url(dialect, "https://h.test/x/serving-endpoints"),
              "https://h.test/oidc/v1/token");
    dialect.login->beside = "/serving-endpoints";
    EXPECT_EQ(login_url(dialect, "https://h.test/x/serving-endpoints"),
              "https://h.test/x/oidc/v1/token");
    EXPECT_EQ(login_url(dialect, "https://h.test/serving-endpoints/chat/completions"),
              "https://h.test/oidc/v1/token");
    EXPECT_EQ(login_url(dialect, "https://h.test/v1"), "https://h.test/oidc/v1/token");
}

TEST(Login, ADeploymentsClientGoesBeforeTheRows) {
    Dialect dialect;
    EXPECT_FALSE(client_of(dialect, "{}").exists());
    dialect.settings = {{"client_id", "i"}, {"client_secret", "s"}};
    EXPECT_TRUE(client_of(dialect, "{}").exists());
    EXPECT_EQ(client_of(dialect, R"({"client_id":"own"})").id, "own");
    EXPECT_EQ(client_of(dialect, R"({"client_id":"own"})").secret, "s");
}

}  // namespace
}  // namespace patchbay::openai
