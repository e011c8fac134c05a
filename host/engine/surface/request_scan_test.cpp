#include "engine/surface/request_scan.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace patchbay {
namespace {

std::string_view view(const bay_str& s) {
    return {s.ptr, s.len};
}

TEST(ScanChatRequest, gives_members_model_and_flags) {
    const std::string body =
        " {\"model\" : \"gpt-x\",\n\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}],"
        "\"stream\":true,\"stream_options\":{\"include_usage\":true},\"temperature\":0.5}\n";
    const auto scan = scan_request(body, kMessagesForm);
    ASSERT_TRUE(scan) << scan.error().message;
    EXPECT_EQ(scan->model(), "gpt-x");
    EXPECT_EQ(body.substr(scan->model_off, scan->model_len), "\"gpt-x\"");
    EXPECT_EQ(scan->content, "[{\"role\":\"user\",\"content\":\"hi\"}]");
    EXPECT_TRUE(scan->stream);
    EXPECT_TRUE(scan->include_usage);

    const std::vector<std::pair<std::string_view, std::string_view>> expected = {
        {"model", "\"gpt-x\""},
        {"messages", "[{\"role\":\"user\",\"content\":\"hi\"}]"},
        {"stream", "true"},
        {"stream_options", "{\"include_usage\":true}"},
        {"temperature", "0.5"}};
    ASSERT_EQ(scan->members.size(), expected.size());
    for (std::size_t i = 0; i < expected.size(); ++i) {
        const bay_member& m = scan->members[i];
        EXPECT_EQ(view(m.name), expected[i].first);
        EXPECT_EQ(view(m.value), expected[i].second);
        EXPECT_EQ(body[m.name_off], '"');
        EXPECT_EQ(body.data() + m.name_off + 1, m.name.ptr);
        EXPECT_EQ(body.data() + m.value_off, m.value.ptr);
    }
}

TEST(ScanChatRequest, takes_null_and_absent_flags_as_false) {
    for (const std::string_view flags :
         {"", ",\"stream\":null", ",\"stream\":false", ",\"stream_options\":null",
          ",\"stream_options\":{}", ",\"stream_options\":{\"include_usage\":null}",
          ",\"stream_options\":{\"include_usage\":false,\"x\":[1]}"}) {
        const std::string body = R"({"model":"m","messages":[])" + std::string(flags) + "}";
        const auto scan = scan_request(body, kMessagesForm);
        ASSERT_TRUE(scan) << body;
        EXPECT_FALSE(scan->stream) << body;
        EXPECT_FALSE(scan->include_usage) << body;
    }
}

TEST(ScanChatRequest, the_last_of_two_members_counts_and_both_are_listed) {
    const std::string body =
        R"({"model":1,"stream":true,"messages":{},"model":"last","messages":[1],"stream":false,)"
        R"("stream_options":{"include_usage":false,"include_usage":true}})";
    const auto scan = scan_request(body, kMessagesForm);
    ASSERT_TRUE(scan) << scan.error().message;
    EXPECT_EQ(scan->model(), "last");
    EXPECT_EQ(scan->model_off, body.find("\"last\""));
    EXPECT_EQ(scan->content, "[1]");
    EXPECT_FALSE(scan->stream);
    EXPECT_TRUE(scan->include_usage);
    EXPECT_EQ(scan->members.size(), 7u);
}

TEST(ScanChatRequest, decodes_escapes_in_the_model_and_in_names) {
    const std::string body = R"({"mod\u0065l":"a\/b\u00e9","\u006dessages":[],"str\\eam":true})";
    const auto scan = scan_request(body, kMessagesForm);
    ASSERT_TRUE(scan) << scan.error().message;
    EXPECT_EQ(scan->model(), "a/b\xC3\xA9");
    EXPECT_EQ(body.substr(scan->model_off, scan->model_len), R"("a\/b\u00e9")");
    EXPECT_EQ(view(scan->members[0].name), R"(mod\u0065l)");
    EXPECT_FALSE(scan->stream);
}

TEST(ScanChatRequest, model_survives_copies_and_moves) {
    const std::string body = R"({"model":"\u0061","messages":[]})";
    auto scan = scan_request(body, kMessagesForm);
    ASSERT_TRUE(scan);
    const RequestScan copy = *scan;
    const RequestScan moved = std::move(*scan);
    scan = scan_request("", kMessagesForm);
    EXPECT_EQ(copy.model(), "a");
    EXPECT_EQ(moved.model(), "a");
}

TEST(ScanChatRequest, takes_many_members_but_not_any_number) {
    std::string body = R"({"model":"m","messages":[])";
    for (std::size_t i = 2; i < kMaxMembers; ++i) body += ",\"p" + std::to_string(i) + "\":1";
    const auto scan = scan_request(body + "}", kMessagesForm);
    ASSERT_TRUE(scan);
    EXPECT_EQ(scan->members.size(), kMaxMembers);
    EXPECT_FALSE(scan_request(body + ",\"one more\":1}", kMessagesForm));
}

TEST(ScanChatRequest, passes_numbers_and_strings_that_are_not_its_business) {
    EXPECT_TRUE(scan_request(
        R"({"model":"m","messages":["\ud83d"],"seed":123456789012345678901234567890,"x":1e999})",
        kMessagesForm));
}

struct Refused {
    std::string_view body;
    std::string_view code;
    std::string_view param;
    std::string_view message;
};

constexpr Refused kRefused[] = {
    {"", "invalid_json", "", "The request body is empty."},
    {" \n", "invalid_json", "", "The request body is empty."},
    {"{", "invalid_json", "",
     "The request body is not valid JSON: a member name expected at byte 1."},
    {R"({"model":"m",})", "invalid_json", "",
     "The request body is not valid JSON: a member name expected at byte 13."},
    {R"({"model":"m" "x":1})", "invalid_json", "",
     "The request body is not valid JSON: ',' or '}' expected at byte 13."},
    {R"({"model" "m"})", "invalid_json", "",
     "The request body is not valid JSON: ':' expected at byte 9."},
    {R"({"model":"m","messages":[}})", "invalid_json", "",
     "The request body is not valid JSON: a value expected at byte 25."},
    {R"({"model":"m","messages":[]} x)", "invalid_json", "",
     "The request body is not valid JSON: end expected at byte 28."},
    {"{\"model\":\"\xFF\",\"messages\":[]}", "invalid_json", "",
     "The request body is not valid UTF-8."},
    {"[1,", "invalid_json", "", "The request body is not valid JSON: a value expected at byte 3."},
    {"[]", "invalid_type", "", "The request body must be a JSON object."},
    {"\"x\"", "invalid_type", "", "The request body must be a JSON object."},
    {R"({"messages":[]})", "missing_required_parameter", "model",
     "The required parameter 'model' is missing."},
    {R"({"model":null,"messages":[]})", "invalid_type", "model",
     "The parameter 'model' must be a string, not null."},
    {R"({"model":["m"],"messages":[]})", "invalid_type", "model",
     "The parameter 'model' must be a string, not an array."},
    {R"({"model":7,"messages":[]})", "invalid_type", "model",
     "The parameter 'model' must be a string, not a number."},
    {R"({"model":"","messages":[]})", "invalid_value", "model",
     "The parameter 'model' must not be empty."},
    {R"({"model":"\ud83d","messages":[]})", "invalid_value", "model",
     "The parameter 'model' holds half of a surrogate pair."},
    {R"({"model":"m"})", "missing_required_parameter", "messages",
     "The required parameter 'messages' is missing."},
    {R"({"model":"m","messages":null})", "invalid_type", "messages",
     "The parameter 'messages' must be an array, not null."},
    {R"({"model":"m","messages":"hi"})", "invalid_type", "messages",
     "The parameter 'messages' must be an array, not a string."},
    {R"({"model":"m","messages":[],"stream":1})", "invalid_type", "stream",
     "The parameter 'stream' must be a boolean, not a number."},
    {R"({"model":"m","messages":[],"stream_options":true})", "invalid_type", "stream_options",
     "The parameter 'stream_options' must be an object, not a boolean."},
    {R"({"model":"m","messages":[],"stream_options":{"include_usage":{}}})", "invalid_type",
     "stream_options.include_usage",
     "The parameter 'stream_options.include_usage' must be a boolean, not an object."},
};

TEST(ScanChatRequest, refuses_with_the_place_and_the_parameter) {
    for (const Refused& refused : kRefused) {
        const auto scan = scan_request(refused.body, kMessagesForm);
        ASSERT_FALSE(scan) << refused.body;
        const Error& error = scan.error();
        EXPECT_EQ(error.cls, ErrorClass::bad_request) << refused.body;
        EXPECT_EQ(error.status(), 400) << refused.body;
        EXPECT_EQ(error.type, "invalid_request_error") << refused.body;
        EXPECT_EQ(error.code, refused.code) << refused.body;
        EXPECT_EQ(error.param, refused.param) << refused.body;
        EXPECT_EQ(error.message, refused.message) << refused.body;
    }
}

TEST(ScanChatRequest, refuses_every_prefix_without_reading_behind_it) {
    const std::string body =
        R"({"model":"m\n","messages":[{"role":"user","content":"h\u00e9 \\"}],"stream":true,"x":-1.5e3})";
    for (std::size_t length = 0; length < body.size(); ++length) {
        const std::vector<char> prefix(body.begin(),
                                       body.begin() + static_cast<std::ptrdiff_t>(length));
        EXPECT_FALSE(scan_request({prefix.data(), prefix.size()}, kMessagesForm)) << length;
    }
    EXPECT_TRUE(scan_request(body, kMessagesForm));
}

}  // namespace
}  // namespace patchbay
