#include "engine/call/end_user.hpp"

#include <gtest/gtest.h>

#include "engine/surface/request_scan.hpp"

namespace patchbay {
namespace {

struct EndUserRow {
    const char* name;
    std::vector<std::pair<std::string, std::string>> headers;
    const char* body;
    const char* expected;
};

// What every request has.
std::string request(const std::string& members) {
    return R"({"model":"m","messages":["hi"])" + std::string(members == "{}" ? "" : ",") +
           members.substr(1);
}

TEST(EndUser, is_what_the_first_of_its_places_says) {
    const std::vector<std::string> configured{"X-Person"};
    for (const EndUserRow& row : std::vector<EndUserRow>{
             {"nobody", {}, "{}", ""},
             {"user", {}, R"({"user":" ann "})", "ann"},
             {"a number", {}, R"({"user":12})", "12"},
             {"escapes", {}, R"({"user":"a\u006e\"n"})", "an\"n"},
             {"no text", {}, R"({"user":{"a":1},"safety_identifier":"s"})", "s"},
             {"control characters", {}, R"({"user":"a\nb","safety_identifier":"s"})", "s"},
             {"Anthropic's",
              {},
              R"({"metadata":{"a":[1,{"user_id":"no"}],"user_id":"ann"}})",
              "ann"},
             {"both holders",
              {},
              R"({"metadata":{"user":"m"},"litellm_metadata":{"user":"l"}})",
              "l"},
             {"an empty holder", {}, R"({"metadata":{},"safety_identifier":"s"})", "s"},
             {"user before the others", {}, R"({"metadata":{"user_id":"m"},"user":"u"})", "u"},
             {"a header", {{"X-LiteLLM-End-User-Id", "h"}}, R"({"user":"u"})", "h"},
             {"its other",
              {{"x-litellm-end-user-id", "e"}, {"x-litellm-customer-id", "c"}},
              "{}",
              "c"},
             {"the operator's", {{"x-litellm-customer-id", "c"}, {"x-person", "p"}}, "{}", "p"},
         }) {
        std::vector<http::Header> headers;
        for (const auto& [name, value] : row.headers) headers.push_back({name, value});
        Caller caller;
        caller.headers = headers;
        const std::string body = request(row.body);
        const auto scan = scan_request(body, kMessagesForm);
        ASSERT_TRUE(scan) << row.name;
        EXPECT_EQ(end_user_of(caller, scan->members, configured), row.expected) << row.name;
    }
    Caller nobody;
    const std::string body = request(R"({"user":")" + std::string(2000, 'x') + R"("})");
    EXPECT_EQ(end_user_of(nobody, scan_request(body, kMessagesForm)->members, {}), "")
        << "too long";
}

}  // namespace
}  // namespace patchbay
