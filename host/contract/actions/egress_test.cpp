#include "contract/actions/egress.hpp"

#include <boost/json.hpp>
#include <gmock/gmock.h>

namespace patchbay {
namespace {

using From = EgressList::From;
using testing::HasSubstr;

EgressList list(const std::vector<std::string>& entries, From from = From::operators) {
    EgressList made;
    for (const std::string& entry : entries) EXPECT_EQ(made.add(entry, from), "") << entry;
    return made;
}

TEST(Egress, an_empty_list_allows_the_base_url_alone) {
    const EgressList none;
    EXPECT_FALSE(none.allows("https://a.example/x", ""));
    EXPECT_TRUE(none.allows("https://a.example/x", "https://a.example/v1"));
    EXPECT_TRUE(none.allows("https://a.example", "https://a.example"));
    EXPECT_TRUE(none.allows("https://a.example/?q", "https://a.example"));
    EXPECT_TRUE(none.allows("https://A.example:443/x", "https://a.example/v1"));
    EXPECT_FALSE(none.allows("https://a.example:444/x", "https://a.example/v1"));
    EXPECT_FALSE(none.allows("http://a.example/x", "https://a.example/v1"));
    EXPECT_FALSE(none.allows("http://a.example:443/x", "https://a.example/v1"));
}

TEST(Egress, what_only_begins_like_the_base_url_is_another_origin) {
    const EgressList none;
    for (const char* url : {"https://a.example.evil.org/", "https://a.examplex/",
                            "https://a.example:8443/", "https://a.example-b/"}) {
        EXPECT_FALSE(none.allows(url, "https://a.example")) << url;
    }
}

TEST(Egress, origins_are_compared_as_such) {
    const EgressList made = list({"https://api.example.com", "http://[::1]:8080"});
    EXPECT_TRUE(made.allows("https://API.example.COM:443/v1?x=1", ""));
    EXPECT_TRUE(made.allows("http://[::1]:8080/", ""));
    EXPECT_FALSE(made.allows("http://[::1]:8081/", ""));
    EXPECT_FALSE(made.allows("https://x.api.example.com/", ""));
    EXPECT_FALSE(made.allows("https://example.com/", ""));
}

TEST(Egress, websockets_go_where_http_may_go) {
    const EgressList made = list({"https://api.example.com", "wss://live.example.com"});
    EXPECT_TRUE(made.allows("wss://API.example.com/v1/realtime?model=m", ""));
    EXPECT_TRUE(made.allows("https://live.example.com/", ""));
    EXPECT_TRUE(made.allows("WSS://live.example.com:443/", ""));
    EXPECT_FALSE(made.allows("ws://api.example.com/", ""));
    EXPECT_FALSE(made.allows("wss://api.example.com:8443/", ""));
    EXPECT_FALSE(made.allows("wss://example.com/", ""));
    EXPECT_TRUE(made.allows("wss://own.example/v1", "https://own.example/v1"));
    EXPECT_TRUE(made.allows("https://own.example/v1", "wss://own.example/v1"));
    EXPECT_FALSE(made.allows("wss://own.example.evil.org/", "https://own.example"));
}

TEST(Egress, a_star_stands_for_names_below) {
    const EgressList made = list({"https://*.example.com", "https://*.example.org:8443"});
    EXPECT_TRUE(made.allows("https://a.example.com/", ""));
    EXPECT_TRUE(made.allows("https://a.b.EXAMPLE.com/", ""));
    EXPECT_FALSE(made.allows("https://example.com/", ""));
    EXPECT_FALSE(made.allows("https://.example.com.evil.org/", ""));
    EXPECT_FALSE(made.allows("https://notexample.com/", ""));
    EXPECT_FALSE(made.allows("http://a.example.com/", ""));
    EXPECT_TRUE(made.allows("https://a.example.org:8443/", ""));
    EXPECT_FALSE(made.allows("https://a.example.org/", ""));
}

TEST(Egress, a_list_made_again_from_its_entries_allows_the_same) {
    EgressList first = list({"https://*.b.example", "http://c.example:8080", "https://[::1]:444"});
    EXPECT_TRUE(first.add_url("file:///var/log/calls.jsonl"));
    EgressList second;
    for (const std::string& entry : first.entries()) second.again(entry);
    for (const char* url :
         {"https://a.b.example/x", "https://b.example/x", "http://c.example:8080/x",
          "http://c.example/x", "https://[::1]:444/x", "https://[::1]/x",
          "file:///var/log/calls.jsonl", "file:///etc/passwd"}) {
        EXPECT_EQ(second.allows(url, ""), first.allows(url, "")) << url;
    }
    EXPECT_TRUE(second.allows("https://[::1]:444/x", ""));
    EXPECT_TRUE(second.allows("file:///var/log/calls.jsonl", ""));
    EgressList everything;
    for (const std::string& entry : list({"*"}).entries()) everything.again(entry);
    EXPECT_TRUE(everything.allows("https://any.example", ""));
}

TEST(Egress, everything_is_the_operators_to_allow) {
    EgressList made;
    EXPECT_THAT(made.add("*", From::manifest), HasSubstr("only the operator"));
    EXPECT_FALSE(made.allows("https://a.example/", ""));
    EXPECT_EQ(made.add("*", From::operators), "");
    EXPECT_TRUE(made.allows("https://a.example/", ""));
}

TEST(Egress, entries_that_are_no_origins_are_refused) {
    for (const char* entry :
         {"", "api.example.com", "ftp://example.com", "https://", "https://*", "https://*.",
          "https://*.*.example.com", "https://a.*.example.com", "https://example.com/v1",
          "https://user@example.com", "https://example.com?x", "https://example.com:0",
          "https://exa mple.com", "**", "${base_urls}"}) {
        EgressList made;
        EXPECT_NE(made.add(entry, From::operators), "") << entry;
        EXPECT_NE(made.add(entry, From::manifest), "") << entry;
    }
    EgressList made;
    EXPECT_EQ(made.add("${base_url}", From::manifest), "");
    EXPECT_NE(made.add("${base_url}", From::operators), "");
    EXPECT_EQ(made.add("https://example.com/", From::manifest), "");
}

TEST(Egress, configured_urls_are_found_where_the_schema_marks_them) {
    const auto schema = boost::json::parse(R"({"properties": {
        "host": {"type": "string", "x-bay-url": true},
        "name": {"type": "string"},
        "more": {"items": {"properties": {"url": {"x-bay-url": true}}}},
        "list": {"items": {"x-bay-url": true}}}})");
    const auto config = boost::json::parse(R"({"host": "http://h", "name": "http://n",
        "more": [{"url": "http://m"}, {"x": 1}], "list": ["http://l", 5]})");
    std::vector<std::string> found;
    for (const auto& one : configured_urls(schema.get_object(), config.get_object())) {
        found.push_back(one.pointer + " " + one.url);
    }
    EXPECT_THAT(found, testing::UnorderedElementsAre("/host http://h", "/more/0/url http://m",
                                                     "/list/0 http://l"));
}

TEST(Egress, refused_origins_are_told_once_and_bounded) {
    RefusedOrigins refused;
    EXPECT_EQ(refused.first_time("https://A.example/x"), "https://a.example");
    EXPECT_EQ(refused.first_time("https://a.example/y"), "");
    for (std::size_t i = 1; i < RefusedOrigins::kMax; ++i) {
        EXPECT_NE(refused.first_time("https://h" + std::to_string(i)), "");
    }
    EXPECT_EQ(refused.first_time("https://one.more"), "");
}

}  // namespace
}  // namespace patchbay
