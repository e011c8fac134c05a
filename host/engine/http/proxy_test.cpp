#include "engine/http/proxy.hpp"

#include <cstdlib>

#include <gtest/gtest.h>

namespace patchbay::http {
namespace {

TEST(Proxy, NoProxyNamesHosts) {
    struct Case {
        const char* host;
        std::uint16_t port;
        const char* list;
        bool bypassed;
    };
    const Case cases[] = {
        {"api.example.com", 443, "", false},
        {"api.example.com", 443, "*", true},
        {"api.example.com", 443, "example.com", true},
        {"api.example.com", 443, ".example.com", true},
        {"example.com", 443, ".example.com", true},
        {"badexample.com", 443, "example.com", false},
        {"example.com.evil.net", 443, "example.com", false},
        {"API.Example.COM", 443, "api.example.com", true},
        {"api.example.com.", 443, "example.com.", true},
        {"api.example.com", 443, "other.net, example.com", true},
        {"api.example.com", 443, "other.net\texample.com", true},
        {"api.example.com", 443, "other.net,,", false},
        {"api.example.com", 443, ".", false},
        {"api.example.com", 443, "example.com:443", true},
        {"api.example.com", 8443, "example.com:443", false},
        {"api.example.com", 443, "example.com:x", false},
        {"localhost", 80, "localhost,127.0.0.1", true},
        {"127.0.0.1", 80, "localhost,127.0.0.1", true},
        {"127.0.0.1", 80, "0.0.1", false},
        {"10.1.2.3", 80, "10.0.0.0/8", true},
        {"11.1.2.3", 80, "10.0.0.0/8", false},
        {"10.1.2.3", 80, "10.9.9.9/8", true},
        {"10.1.2.3", 80, "10.0.0.0/99", false},
        {"10.1.2.3", 80, "10.0.0.0/4294967304", false},
        {"10.1.2.3", 80, "::/0", false},
        {"10.1.2.3", 80, "::ffff:10.1.2.3", false},
        {"::ffff:10.1.2.3", 80, "10.0.0.0/8", false},
        {"::ffff:a01:203", 80, "::ffff:10.0.0.0/104", true},
        {"name.example", 80, "10.0.0.0/8", false},
        {"::1", 80, "::1", true},
        {"::1", 80, "[::1]", true},
        {"::1", 80, "[::1]:80", true},
        {"::1", 81, "[::1]:80", false},
        {"0:0:0:0:0:0:0:1", 80, "::1", true},
        {"fd00::5", 80, "fd00::/8", true},
        {"fe00::5", 80, "fd00::/8", false},
    };
    for (const Case& c : cases) {
        EXPECT_EQ(bypasses_proxy(c.host, c.port, c.list), c.bypassed)
            << c.host << ":" << c.port << " in '" << c.list << "'";
    }
}

TEST(Proxy, ReadsItsUrl) {
    const auto plain = parse_proxy("http://proxy.example:3128/");
    ASSERT_TRUE(plain);
    EXPECT_EQ(plain->host, "proxy.example");
    EXPECT_EQ(plain->port, 3128);
    EXPECT_EQ(plain->authorization, "");
    const auto user = parse_proxy("HTTP://us%40er:p%3Aw@[::1]:8080");
    ASSERT_TRUE(user);
    EXPECT_EQ(user->host, "::1");
    EXPECT_EQ(user->port, 8080);
    EXPECT_EQ(user->authorization, "Basic dXNAZXI6cDp3");
    EXPECT_EQ(parse_proxy("proxy.example")->port, 80);
    for (const char* bad :
         {"", "https://p:1", "socks5://p:1", "http://:80", "http://p:0", "http://p:99999",
          "http://u%4@p:1", "http://u%zz@p:1", "http://[::1", "http://p q:1", "http://[::1]x"}) {
        EXPECT_FALSE(parse_proxy(bad)) << bad;
    }
}

/// Sets variables of the environment for one test.
class Environment : public ::testing::Test {
  protected:
    void SetUp() override {
        for (const char* name : kNames) unsetenv(name);
    }
    void TearDown() override { SetUp(); }
    static constexpr const char* kNames[] = {
        "http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY",    "no_proxy",
        "NO_PROXY",   "all_proxy",  "ALL_PROXY",   "REQUEST_METHOD", "SSL_CERT_FILE"};
};

TEST_F(Environment, GivesProxiesInEitherCase) {
    setenv("HTTP_PROXY", "http://a:1", 1);
    setenv("HTTPS_PROXY", "http://b:1", 1);
    setenv("https_proxy", "http://c:1", 1);
    setenv("NO_PROXY", "x", 1);
    setenv("SSL_CERT_FILE", "/ca.pem", 1);
    const ClientOptions options = client_options_from_environment();
    EXPECT_EQ(options.http_proxy, "http://a:1");
    EXPECT_EQ(options.https_proxy, "http://c:1");
    EXPECT_EQ(options.no_proxy, "x");
    EXPECT_EQ(options.ca_file, "/ca.pem");
}

TEST_F(Environment, UpperCaseHttpProxyIsARequestHeaderUnderCgi) {
    setenv("REQUEST_METHOD", "GET", 1);
    setenv("HTTP_PROXY", "http://evil:1", 1);
    EXPECT_EQ(client_options_from_environment().http_proxy, "");
    setenv("http_proxy", "http://good:1", 1);
    EXPECT_EQ(client_options_from_environment().http_proxy, "http://good:1");
}

TEST_F(Environment, AllProxyIsTheFallback) {
    setenv("ALL_PROXY", "http://all:1", 1);
    setenv("http_proxy", "http://a:1", 1);
    EXPECT_EQ(client_options_from_environment().http_proxy, "http://a:1");
    EXPECT_EQ(client_options_from_environment().https_proxy, "http://all:1");
}

}  // namespace
}  // namespace patchbay::http
