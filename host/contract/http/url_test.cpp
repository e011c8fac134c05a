#include "contract/http/url.hpp"

#include <string>

#include <gtest/gtest.h>

namespace patchbay::http {
namespace {

struct Good {
    std::string_view text;
    bool tls;
    std::string_view host;
    int port;
    std::string_view authority;
    std::string_view target;
};

constexpr Good kGood[] = {
    {"http://example.com", false, "example.com", 80, "example.com", "/"},
    {"https://example.com", true, "example.com", 443, "example.com", "/"},
    {"HTTPS://Example.COM/V1", true, "Example.COM", 443, "Example.COM", "/V1"},
    {"https://api.openai.com/v1/chat/completions", true, "api.openai.com", 443, "api.openai.com",
     "/v1/chat/completions"},
    {"http://localhost:11434/", false, "localhost", 11434, "localhost:11434", "/"},
    {"http://a:1", false, "a", 1, "a:1", "/"},
    {"http://a:65535/x", false, "a", 65535, "a:65535", "/x"},
    {"http://a:00080/x", false, "a", 80, "a:00080", "/x"},
    {"https://a:/x", true, "a", 443, "a", "/x"},
    {"http://10.0.0.1:8000/v1?x=1&y=%20", false, "10.0.0.1", 8000, "10.0.0.1:8000",
     "/v1?x=1&y=%20"},
    {"http://h/?q=a/b?c:d@e", false, "h", 80, "h", "/?q=a/b?c:d@e"},
    {"http://h/p@q:r", false, "h", 80, "h", "/p@q:r"},
    {"http://h#frag", false, "h", 80, "h", "/"},
    {"http://h/p?q#frag/x?y", false, "h", 80, "h", "/p?q"},
    {"http://h//double//", false, "h", 80, "h", "//double//"},
    {"http://my_service.ns.svc./x", false, "my_service.ns.svc.", 80, "my_service.ns.svc.", "/x"},
    {"http://[::1]", false, "::1", 80, "[::1]", "/"},
    {"https://[2001:db8::A]:8443/x", true, "2001:db8::A", 8443, "[2001:db8::A]:8443", "/x"},
    {"http://[::ffff:192.0.2.1]:/x", false, "::ffff:192.0.2.1", 80, "[::ffff:192.0.2.1]", "/x"},
    {"https://h/models/{id}|x^y", true, "h", 443, "h", "/models/{id}|x^y"},
};

TEST(ParseUrl, takes_absolute_http_urls_apart) {
    for (const Good& good : kGood) {
        SCOPED_TRACE(good.text);
        const auto url = parse_url(good.text);
        ASSERT_TRUE(url);
        EXPECT_EQ(url->tls, good.tls);
        EXPECT_EQ(url->host, good.host);
        EXPECT_EQ(url->port, good.port);
        EXPECT_EQ(url->authority, good.authority);
        EXPECT_EQ(url->target, good.target);
    }
}

constexpr std::string_view kBad[] = {
    "",
    "h",
    "http",
    "http:",
    "http:/",
    "http://",
    "https://",
    "http:///x",
    "http://?q",
    "http://#f",
    "http://:80/",
    "http:/h/x",
    "httpx://h",
    "httpss://h",
    "ftp://h/x",
    "ws://h/x",
    "//h/x",
    "/x",
    "h:80/x",
    " http://h",
    "http://h ",
    "http://h/a b",
    "http://h/a\tb",
    "http://h/a\r\nHost: x",
    "http://h/\x7f",
    "http://h/\xc3\xbc",
    "http://\xc3\xbc/",
    "http://h/a\\b",
    "http://h\\x",
    "http://h/\"x\"",
    "http://user@h/",
    "http://user:pass@h/",
    "http://@h/",
    "http://h@/",
    "http://h:80@x/",
    "http://h%41/",
    "http://h,i/",
    "http://h:x/",
    "http://h:-1/",
    "http://h:+1/",
    "http://h:0/",
    "http://h:65536/",
    "http://h:18446744073709551617/",
    "http://h:80:80/",
    "http://::1/",
    "http://[::1",
    "http://[/",
    "http://[]/",
    "http://]/",
    "http://[::1]x/",
    "http://[::1]80/",
    "http://[::1]]/",
    "http://[[::1]]/",
    "http://[:::1]/",
    "http://[g::1]/",
    "http://[1.2.3.4]/",
    "http://[fe80::1%25eth0]/",
    "http://[v1.x]/",
    "http://[1111:2222:3333:4444:5555:6666:7777:8888:9999]/",
    "http://[0000000000000000000000000000000000000000000000000::1]/",
    "http://x[::1]/",
    "http://h?q",
    "http://h:80?q=1",
};

TEST(ParseUrl, refuses_everything_else) {
    for (const std::string_view text : kBad) EXPECT_FALSE(parse_url(text)) << text;
    EXPECT_FALSE(parse_url(std::string_view("http://h\0/x", 11)));
    EXPECT_FALSE(parse_url(std::string_view("http://h/x\0", 11)));
    EXPECT_FALSE(parse_url(std::string_view("http://[::1\0]/", 14)));
}

TEST(ParseUrl, survives_every_prefix_and_every_changed_byte) {
    for (const Good& good : kGood) {
        const std::string whole(good.text);
        for (std::size_t length = 0; length <= whole.size(); ++length) {
            const std::string prefix = whole.substr(0, length);
            if (const auto url = parse_url(prefix)) {
                EXPECT_FALSE(url->host.empty()) << prefix;
                EXPECT_NE(url->port, 0) << prefix;
            }
        }
        for (std::size_t at = 0; at < whole.size(); ++at) {
            for (int byte = 0; byte < 256; ++byte) {
                std::string changed = whole;
                changed[at] = static_cast<char>(byte);
                const auto url = parse_url(changed);
                if (!url) continue;
                EXPECT_TRUE(url->target.starts_with('/')) << changed;
                EXPECT_EQ(url->target.find_first_of("\r\n \t#"), std::string_view::npos) << changed;
                EXPECT_EQ(url->host.find_first_of("\r\n @/?#[]"), std::string_view::npos)
                    << changed;
            }
        }
    }
}

TEST(BaseUrl, a_fragment_is_a_fault_because_the_path_would_be_lost_in_it) {
    for (const char* good : {"http://h", "https://h/v1", "http://h:80/v1/?a=b", "http://[::1]/x"}) {
        EXPECT_EQ(base_url_fault(good), "") << good;
    }
    for (const char* bad : {"http://h/v1#eu", "http://h/#", "http://h/v1?a=b#c"}) {
        EXPECT_NE(base_url_fault(bad).find("fragment"), std::string::npos) << bad;
    }
}

TEST(BaseUrl, a_missing_scheme_is_guessed_and_nothing_else_is_repeated) {
    const auto hint = [](const char* text) {
        const std::string fault = base_url_fault(text);
        EXPECT_TRUE(fault.starts_with("is not an http or https URL")) << text;
        const auto at = fault.find("did you mean ");
        return at == std::string::npos ? std::string() : fault.substr(at + 13);
    };
    EXPECT_EQ(hint("localhost:8000/v1"), "http://localhost:8000/v1?");
    EXPECT_EQ(hint("10.0.0.1/v1"), "http://10.0.0.1/v1?");
    EXPECT_EQ(hint("ollama:11434"), "http://ollama:11434?");
    EXPECT_EQ(hint("api.example.com/v1"), "https://api.example.com/v1?");
    for (const char* none : {"sk-secret", "user:pass@host/v1", "ftp://h/x", "h.example/v1?key=x",
                             "${HOST}/v1", "http//h", "http:/h.example"}) {
        EXPECT_EQ(hint(none), "") << none;
    }
}

}  // namespace
}  // namespace patchbay::http
