#include "engine/links/request_links.hpp"

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay {
namespace {

namespace json = boost::json;
using testing::ElementsAre;
using testing::IsEmpty;

const std::vector<std::string> kBoth{"http", "https"};

std::vector<std::string> places(std::string_view body,
                                const std::vector<std::string>& schemes = kBoth) {
    json::value tree = json::parse(body);
    std::vector<std::string> found;
    for (const auto& link : find_links(tree.as_object(), schemes)) {
        found.push_back(link.place + " " + link.url);
    }
    return found;
}

/// The only part of a message when its file is there.
std::string part_with(std::string_view part, const LinkedFile& file) {
    json::value tree =
        json::parse(R"({"messages":[{"role":"user","content":[)" + std::string(part) + "]}]}");
    for (const auto& link : find_links(tree.as_object(), kBoth)) link.put(file);
    return json::serialize(tree.at_pointer("/messages/0/content/0"));
}

TEST(RequestLinks, are_found_in_every_form_with_their_place) {
    EXPECT_THAT(places(R"({"messages":[{"content":"http://a/b"},{"content":[
                    {"type":"image_url","image_url":{"url":"http://a/1"}},
                    {"type":"image_url","image_url":"HTTPS://a/2"},
                    {"type":"video_url","video_url":{"url":"https://a/3"}},
                    {"type":"file","file":{"file_id":"https://a/4"}},
                    {"type":"file","file":{"file_data":"https://a/5"}},
                    {"type":"document","source":{"type":"url","url":"https://a/6"}},
                    {"type":"tool_result","content":[
                        {"type":"image","source":{"type":"url","url":"https://a/7"}}]}]}]})"),
                ElementsAre("messages[1].content[0].image_url.url http://a/1",
                            "messages[1].content[1].image_url HTTPS://a/2",
                            "messages[1].content[2].video_url.url https://a/3",
                            "messages[1].content[3].file.file_id https://a/4",
                            "messages[1].content[4].file.file_data https://a/5",
                            "messages[1].content[5].source.url https://a/6",
                            "messages[1].content[6].content[0].source.url https://a/7"));
    EXPECT_THAT(places(R"({"input":[{"role":"user","content":[
                    {"type":"input_image","image_url":"https://a/1"},
                    {"type":"input_file","file_url":"https://a/2"}]},
                    {"type":"function_call_output","output":[
                    {"type":"input_image","image_url":"https://a/3"}]}]})"),
                ElementsAre("input[0].content[0].image_url https://a/1",
                            "input[0].content[1].file_url https://a/2",
                            "input[1].output[0].image_url https://a/3"));
}

TEST(RequestLinks, are_no_texts_arguments_data_or_other_schemes) {
    EXPECT_THAT(places(R"({"messages":[{"content":[
                    {"type":"text","text":"http://a"},
                    {"type":"image_url","image_url":{"url":"data:image/png;base64,AA"}},
                    {"type":"image_url","image_url":{"url":"s3://a/b"}},
                    {"type":"image_url","image_url":{"url":"https:/a"}},
                    {"type":"image_url","image_url":{"url":"https://"}},
                    {"type":"image_url","image_url":7},{"type":"image_url"},7,
                    {"type":"file","file":{"file_id":"file-1"}},
                    {"type":"document","source":{"type":"file","file_id":"https://a"}},
                    {"type":"tool_use","input":{"type":"image_url","image_url":"http://a/b"}}],
                    "tool_calls":[{"type":"image_url","image_url":"http://a/b"}]}],
                    "tools":[{"type":"image_url","image_url":"http://a/b"}],
                    "metadata":{"content":[{"type":"image_url","image_url":"http://a/b"}]}})"),
                IsEmpty());
    const std::string_view two = R"({"messages":[{"content":[
                    {"type":"image_url","image_url":"https://a/b"},
                    {"type":"image_url","image_url":"http://a/b"}]}]})";
    EXPECT_THAT(places(two, {"http"}), ElementsAre("messages[0].content[1].image_url http://a/b"));
    EXPECT_THAT(places(R"({"messages":"http://a/b","input":"http://a/b"})"), IsEmpty());
}

TEST(RequestLinks, nesting_has_an_end) {
    std::string body = R"({"type":"image_url","image_url":"http://a/b"})";
    for (int i = 0; i < 12; ++i) body = R"({"content":[)" + body + "]}";
    EXPECT_THAT(places(R"({"messages":[)" + body + "]}"), IsEmpty());
}

TEST(RequestLinks, give_way_to_the_file_in_the_form_that_they_had) {
    const LinkedFile pixel{"image/png", "abc", "p.png"};
    EXPECT_EQ(
        part_with(R"({"type":"image_url","image_url":{"url":"http://a/p.png","detail":"low"}})",
                  pixel),
        R"({"type":"image_url","image_url":{"url":"data:image/png;base64,YWJj","detail":"low"}})");
    EXPECT_EQ(part_with(R"({"type":"input_image","image_url":"http://a/p.png"})", pixel),
              R"({"type":"input_image","image_url":"data:image/png;base64,YWJj"})");
    EXPECT_EQ(
        part_with(R"({"type":"image","source":{"type":"url","url":"http://a/p.png"}})", pixel),
        R"({"type":"image","source":{"type":"base64","media_type":"image/png","data":"YWJj"}})");
    EXPECT_EQ(
        part_with(R"({"type":"document","source":{"type":"url","url":"http://a/n"}})",
                  {"text/plain",
                   "Gr\xc3\xbc\xc3\x9f"
                   "e",
                   "n"}),
        R"({"type":"document","source":{"type":"text","media_type":"text/plain","data":"Grüße"}})");
    EXPECT_EQ(
        part_with(R"({"type":"document","source":{"type":"url","url":"http://a/n"}})",
                  {"text/plain", "\xff", "n"}),
        R"({"type":"document","source":{"type":"base64","media_type":"text/plain","data":"/w=="}})")
        << "no UTF-8";
    EXPECT_EQ(
        part_with(R"({"type":"file","file":{"file_id":"http://a/p.png"}})", pixel),
        R"({"type":"file","file":{"filename":"p.png","file_data":"data:image/png;base64,YWJj"}})");
    EXPECT_EQ(
        part_with(R"({"type":"input_file","filename":"mine","file_url":"http://a/p.png"})", pixel),
        R"({"type":"input_file","filename":"mine","file_data":"data:image/png;base64,YWJj"})");
}

// Whoever takes the place of the outer address moves what stands within the part.
TEST(RequestLinks, of_a_part_that_has_one_within_another_both_give_way) {
    EXPECT_EQ(
        part_with(
            R"({"type":"input_file","file_url":"http://a/1","source":{"type":"url","url":"http://a/2"}})",
            {"image/png", "abc", "p.png"}),
        R"({"type":"input_file","filename":"p.png",)"
        R"("source":{"type":"base64","media_type":"image/png","data":"YWJj"},)"
        R"("file_data":"data:image/png;base64,YWJj"})");
}

TEST(RequestLinks, a_look_costs_nothing_where_there_is_nothing) {
    EXPECT_FALSE(may_have_links(R"({"messages":[{"content":"see http://a"}]})", kBoth));
    EXPECT_FALSE(may_have_links(R"({"url":"http://a"})", {}));
    EXPECT_TRUE(may_have_links(R"({"url":"http://a"})", kBoth));
    EXPECT_TRUE(may_have_links(R"({"url":"HTTPS:\/\/a"})", kBoth));
}

TEST(LinkedFile, the_first_bytes_say_what_it_is) {
    using std::string_view_literals::operator""sv;
    EXPECT_EQ(media_type_of_bytes("\x89PNG\r\n\x1a\n..."), "image/png");
    EXPECT_EQ(media_type_of_bytes("\xff\xd8\xff\xe0"), "image/jpeg");
    EXPECT_EQ(media_type_of_bytes("GIF89a"), "image/gif");
    EXPECT_EQ(media_type_of_bytes("RIFF\0\0\0\0WEBPVP8 "sv), "image/webp");
    EXPECT_EQ(media_type_of_bytes("%PDF-1.7"), "application/pdf");
    EXPECT_EQ(media_type_of_bytes("RIFF\0\0\0\0WAVE"sv), "");
    EXPECT_EQ(media_type_of_bytes("RIFF"), "");
    EXPECT_EQ(media_type_of_bytes(""), "");
}

TEST(LinkedFile, a_listed_host_has_any_port_or_the_one_that_is_named) {
    LinkSettings settings;
    settings.allowed_hosts = {"files.example", "Other.Example:8443", "[::1]:80"};
    const auto listed = [&](std::string_view url) {
        return is_listed_host(settings, http::parse_url(url).value());
    };
    EXPECT_TRUE(listed("https://FILES.example/a"));
    EXPECT_TRUE(listed("http://files.example:8080/a"));
    EXPECT_TRUE(listed("https://other.example:8443/a"));
    EXPECT_TRUE(listed("http://[::1]:80/a"));
    EXPECT_FALSE(listed("https://other.example/a"));
    EXPECT_FALSE(listed("https://a.files.example/a"));
    EXPECT_FALSE(listed("https://files.example.evil/a"));
    EXPECT_FALSE(listed("http://[::1]:81/a"));
}

}  // namespace
}  // namespace patchbay
