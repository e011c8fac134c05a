#include "contract/framing/multipart.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace patchbay::http {
namespace {

using namespace std::string_literals;
using namespace std::string_view_literals;
using testing::HasSubstr;

TEST(Multipart, finds_the_boundary_of_a_content_type) {
    const struct {
        std::string_view content_type;
        std::string_view boundary;  // empty: refused
    } samples[] = {
        {"multipart/form-data; boundary=abc", "abc"},
        {"Multipart/Form-Data;BOUNDARY=\"a b?c\"", "a b?c"},
        {" multipart/form-data ; charset=utf-8 ;\tboundary=----WebKitFormBoundary7MA4 ",
         "----WebKitFormBoundary7MA4"},
        {"multipart/form-data", ""},
        {"multipart/form-data; boundary=", ""},
        {"multipart/form-data; boundary=\"\"", ""},
        {"multipart/form-data; boundary=\"a \"", ""},
        {"multipart/form-data; boundary=\"a", ""},
        {"multipart/form-data; boundary=\"a\r\nb\"", ""},
        {"multipart/form-data; boundary=a; boundary=a", ""},
        {"multipart/form-data; boundary=a?b", ""},
        {"multipart/form-data; boundary=a b", ""},
        {"multipart/form-data boundary=a", ""},
        {"multipart/form-datax; boundary=a", ""},
        {"multipart/mixed; boundary=a", ""},
        {"application/json", ""},
        {"", ""},
    };
    for (const auto& sample : samples) {
        // From storage of exactly its size: a sanitizer sees a read beyond it.
        const std::vector<char> text(sample.content_type.begin(), sample.content_type.end());
        EXPECT_EQ(form_boundary({text.data(), text.size()}).value_or(""), sample.boundary)
            << sample.content_type;
    }
    const std::string longest(70, 'x');
    EXPECT_EQ(form_boundary("multipart/form-data; boundary=" + longest), longest);
    EXPECT_FALSE(form_boundary("multipart/form-data; boundary=x" + longest));
}

TEST(Multipart, gives_views_of_the_parts) {
    const std::string body =
        "a preamble\r\n"
        "--b\r\n"
        "Content-Disposition: form-data; name=\"model\"\r\n"
        "\r\n"
        "whisper-1\r\n"
        "--b \t\r\n"
        "content-type:  audio/wav; x=\"y\" \r\n"
        "X-Other: 1\r\n"
        "CONTENT-DISPOSITION:form-data;filename=\"a.wav\" ; name=file\r\n"
        "Content-Transfer-Encoding: binary\r\n"
        "\r\n"
        "RIFF\r\n\0--\r\n--a\r\n\r\n"
        "--b\r\n"
        "Content-Disposition: form-data; name=\"\"; filename=\"\"\r\n"
        "\r\n"
        "\r\n"
        "--b--\r\n"
        "an epilogue\r\n--b\r\n"s;
    const auto form = parse_multipart(body, "b");
    ASSERT_TRUE(form) << form.error().text;
    ASSERT_EQ(form->parts.size(), 3u);
    const FormPart& field = form->parts[0];
    EXPECT_EQ(field.name, "model");
    EXPECT_FALSE(field.filename);
    EXPECT_EQ(field.content_type, "");
    EXPECT_EQ(field.data, "whisper-1");
    const FormPart& file = form->parts[1];
    EXPECT_EQ(file.name, "file");
    EXPECT_EQ(file.filename, "a.wav");
    EXPECT_EQ(file.content_type, "audio/wav; x=\"y\"");
    EXPECT_EQ(file.data, "RIFF\r\n\0--\r\n--a\r\n"sv);
    const FormPart& empty = form->parts[2];
    EXPECT_EQ(empty.name, "");
    EXPECT_EQ(empty.filename, "");
    EXPECT_EQ(empty.data, "");
    EXPECT_TRUE(form->decoded.empty());
    for (const std::string_view view : {field.data, file.name, file.data, empty.data}) {
        EXPECT_TRUE(view.data() >= body.data() && view.data() <= body.data() + body.size());
    }
}

TEST(Multipart, takes_a_form_without_parts_and_one_that_ends_with_its_boundary) {
    for (const std::string_view body : {"--b--", "--b--\r\n", "x\r\n--b-- \r\nx", "\r\n--b--"}) {
        const auto form = parse_multipart(body, "b");
        ASSERT_TRUE(form) << body << form.error().text;
        EXPECT_TRUE(form->parts.empty());
    }
}

TEST(Multipart, decodes_names) {
    const struct {
        std::string_view parameters;
        std::string_view name;
        std::string_view filename;
    } samples[] = {
        {"name=\"a b\"; filename=\"gr\xC3\xBC\xC3\x9F.wav\"", "a b", "gr\xC3\xBC\xC3\x9F.wav"},
        {R"(name="a\"b\\c"; filename="C:\temp\x;y.txt")", R"(a"b\c)", R"(C:\temp\x;y.txt)"},
        {R"(name=a; filename="a%22b")", "a", "a%22b"},
        {"name=a; filename*=UTF-8''gr%C3%bc%20x", "a", "gr\xC3\xBC x"},
        {"name=a; filename*=utf-8'en'x.txt; filename=\"other\"", "a", "x.txt"},
        {"name=a; filename=\"\"; filename*=UTF-8''y", "a", "y"},
        {"NAME=a; FileName=b; size=7", "a", "b"},
    };
    for (const auto& sample : samples) {
        const std::string body = "--b\r\nContent-Disposition: form-data; " +
                                 std::string(sample.parameters) + "\r\n\r\nx\r\n--b--";
        const auto form = parse_multipart(body, "b");
        ASSERT_TRUE(form) << sample.parameters << form.error().text;
        EXPECT_EQ(form->parts.at(0).name, sample.name);
        EXPECT_EQ(form->parts.at(0).filename, sample.filename);
    }
}

TEST(Multipart, refuses_with_the_place_what_could_be_read_in_two_ways) {
    const std::string head = "--b\r\nContent-Disposition: form-data; name=a\r\n";
    const std::string named = "--b\r\nContent-Disposition: form-data; name=a";
    const std::string tail = "\r\nx\r\n--b--";
    const struct {
        std::string body;
        std::size_t offset;
        std::string_view text;
    } samples[] = {
        {"", 0, "without its closing boundary"},
        {"--c--", 5, "without its closing boundary"},
        {"--b", 3, "something else than CRLF"},
        {"--b\n", 3, "something else than CRLF"},
        {"--bb\r\n", 3, "something else than CRLF"},
        {"--b- -", 3, "something else than CRLF"},
        {"--b--x", 5, "something else than CRLF"},
        {"x\n--b--", 1, "does not end in CRLF"},
        {"--b\r\n", 5, "ends within the headers"},
        {"--b\r\n\r\nx\r\n--b--", 5, "no Content-Disposition"},
        {"--b\r\nContent-Type: a/b\r\n" + tail, 5, "no Content-Disposition"},
        {head, head.size(), "ends within the headers"},
        {head + "\r\nx", head.size() + 3, "without its closing boundary"},
        {head + "\r\nx\n--b--", head.size() + 3, "does not end in CRLF"},
        {head + "\r\nx--b--", head.size() + 8, "without its closing boundary"},
        {head + "\r\n--b--", head.size() + 2, "no line between"},
        {head + "\r\nx\r\n--bx--", head.size() + 8, "something else than CRLF"},
        {head + "\r\nx\r\n--b\r\n", head.size() + 10, "ends within the headers"},
        {head + " folded: 1\r\n" + tail, head.size(), "folded"},
        {head + "X : 1\r\n" + tail, head.size(), "not \"name: value\""},
        {head + ": 1\r\n" + tail, head.size(), "not \"name: value\""},
        {head + "X\r\n" + tail, head.size(), "not \"name: value\""},
        {head + "X: a\nY: b\r\n" + tail, head.size() + 4, "control character"},
        {head + "X: a\rb\r\n" + tail, head.size() + 4, "control character"},
        {head + "Content-Disposition: form-data; name=a\r\n" + tail, head.size(), "twice"},
        {head + "Content-Type: a\r\ncontent-type: a\r\n" + tail, head.size() + 17, "twice"},
        {head + "Content-Transfer-Encoding: base64\r\n" + tail, head.size() + 27,
         "Content-Transfer-Encoding"},
        {"--b\r\nContent-Disposition: attachment; name=a\r\n" + tail, 26, "not form-data"},
        {"--b\r\nContent-Disposition: form-data\r\n" + tail, 26, "no name"},
        {named + "; name=b\r\n" + tail, named.size() + 2, "\"name\" twice"},
        {named + "; filename=b; FILENAME=c\r\n" + tail, named.size() + 14, "twice"},
        {named + "; filename*=UTF-8''b; filename*=UTF-8''b\r\n" + tail, named.size() + 22, "twice"},
        {named + "; filename*=latin1''b\r\n" + tail, named.size() + 12, "not in UTF-8"},
        {named + "; filename*=UTF-8''%C3\r\n" + tail, named.size() + 12, "not in UTF-8"},
        {named + "; filename*=UTF-8''%zz\r\n" + tail, named.size() + 12, "not in UTF-8"},
        {named + "; filename*=\"UTF-8''b\"\r\n" + tail, named.size() + 13, "not in UTF-8"},
        {named + "; filename=\"\xFC\"\r\n" + tail, named.size() + 12, "not in UTF-8"},
        {named + "; filename=\"a\r\n" + tail, named.size(), "makes no sense"},
        {named + "; filename=\"a\\\"\r\n" + tail, named.size(), "makes no sense"},
        {named + "; filename=a b\r\n" + tail, named.size() + 13, "makes no sense"},
        {named + ";\r\n" + tail, named.size(), "makes no sense"},
    };
    for (const auto& sample : samples) {
        const auto form = parse_multipart(sample.body, "b");
        ASSERT_FALSE(form) << sample.body;
        EXPECT_EQ(form.error().offset, sample.offset) << sample.body << form.error().text;
        EXPECT_THAT(form.error().text, HasSubstr(sample.text)) << sample.body;
    }
}

TEST(Multipart, every_beginning_of_a_form_is_refused) {
    const std::string body =
        "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n"
        "--b\r\nContent-Disposition: form-data; name=\"b\"; filename=c\r\n\r\ny\r\n--b--";
    ASSERT_TRUE(parse_multipart(body, "b"));
    for (std::size_t size = 0; size < body.size(); ++size) {
        const std::string begun = body.substr(0, size);
        const auto form = parse_multipart(begun, "b");
        ASSERT_FALSE(form) << size;
        EXPECT_LE(form.error().offset, size);
    }
}

TEST(Multipart, bounds_parts_and_their_headers) {
    const std::string part = "--b\r\nContent-Disposition: form-data; name=a\r\n\r\nx\r\n";
    std::string body;
    for (std::size_t i = 0; i < kMaxFormParts; ++i) body += part;
    auto form = parse_multipart(body + "--b--", "b");
    ASSERT_TRUE(form);
    EXPECT_EQ(form->parts.size(), kMaxFormParts);
    form = parse_multipart(body + part + "--b--", "b");
    ASSERT_FALSE(form);
    EXPECT_THAT(form.error().text, HasSubstr("more than 1000 parts"));
    EXPECT_EQ(form.error().offset, body.size() + 5);

    const auto with_header = [](std::size_t bytes) {
        const std::string disposition = "Content-Disposition: form-data; name=a\r\n";
        return "--b\r\n" + disposition +
               "x: " + std::string(bytes - disposition.size() - 3 - 4, 'x') + "\r\n\r\nx\r\n--b--";
    };
    EXPECT_TRUE(parse_multipart(with_header(kMaxPartHeaderBytes), "b"));
    form = parse_multipart(with_header(kMaxPartHeaderBytes + 1), "b");
    ASSERT_FALSE(form);
    EXPECT_THAT(form.error().text, HasSubstr("larger than 16384 bytes"));
    EXPECT_EQ(form.error().offset, 5u);
}

}  // namespace
}  // namespace patchbay::http
