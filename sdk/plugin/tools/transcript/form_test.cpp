// Requests of several parts, and calls whose bodies have some.
#include "form.hpp"

#include <gtest/gtest.h>

#include "player_case.hpp"
#include "write.hpp"

namespace patchbay::transcript {
namespace {

std::string request(const std::string& model) {
    return "== target\n{\"model\":\"" + model +
           "\",\"base_url\":\"https://up\"}\n== request operation=audio.transcriptions\n"
           "== part\ncontent-disposition: form-data; name=\"model\"\n\nmine\n"
           "== part base64\nContent-Disposition: form-data; name=file; filename=\"a b.wav\"\n"
           "content-type: audio/wav\n\nAP93\n"
           "== expect http POST https://up\n\n";
}

class FormTest : public ::testing::TestWithParam<Case> {};

TEST_P(FormTest, plays) {
    expect_as_told(GetParam());
}

INSTANTIATE_TEST_SUITE_P(
    Requests, FormTest,
    ::testing::Values(
        Case{"parts_are_shown", "uploads_parts",
             request("bytes") +
                 "base64:\nMSBtb2RlbHx8fDQ6IG1pbmUKMiBmaWxlfGEgYi53YXZ8YXVkaW8vd2F2fDMgZmls"
                 "ZTogAP93\n",
             ""},
        Case{"parts_are_blobs", "uploads_parts",
             request("blob") +
                 "base64:\nMSBtb2RlbHx8fDQ6IG1pbmUKMiBmaWxlfGEgYi53YXZ8YXVkaW8vd2F2fDMgZmlsZ"
                 "TogAP93\n",
             ""},
        Case{"and_are_sent_in_base64", "uploads_parts",
             request("base64") +
                 "bytes:\n1 model|||4: bWluZQ==\n2 file|a b.wav|audio/wav|3 file: AP93\n",
             ""},
        Case{"no_part_more_than_there_are", "uploads_parts", request("no_such"),
             "got refused not valid: http 1 POST https://up"},
        Case{"no_byte_more_than_there_are", "uploads_parts", request("beyond"),
             "got refused not valid: http 1 POST https://up"}),
    [](const auto& one) { return one.param.name; });

TEST(Form, a_part_that_cannot_be_read_is_named) {
    const std::string disposition = "content-disposition: form-data; name=a\n";
    const struct {
        std::string text;
        std::string fault;
    } cases[] = {
        {"== request\n== part\n" + disposition + "\nx\n== part base64\n" + disposition +
             "\n\nAAEC\n",
         "none"},
        {"== request\n{}\n== part\n" + disposition + "\nx\n",
         "f:3: a body that is made of parts has no other text"},
        {"== request\n== expect http POST http://x\n\n{}\n== part\n" + disposition + "\nx\n",
         "f:5: a body that is made of parts has no other text"},
        {"== request\n== expect done\n== part\n" + disposition + "\nx\n",
         "f:3: '== part' belongs behind '== request' or '== expect http'"},
        {"== request\n== part\n" + disposition,
         "f:2: '== part' needs header lines, a blank line and the data"},
        {"== request\n== part quoted\n" + disposition + "\nx\n",
         "f:2: unknown word 'quoted' in '== part'"},
        {"== request\n== part base64\n" + disposition + "\nAA\n?\n",
         "f:6: not base64: a character that is none of its alphabet"},
    };
    for (const auto& one : cases) EXPECT_EQ(fault_of(one.text), one.fault) << one.text;
    EXPECT_THAT(fault_of("== request\n== part\ncontent-type: text/plain\n\nx\n"),
                ::testing::HasSubstr("f:2: "))
        << "the gateway's reader has the words";
}

const Headers kHeaders{{"Content-Type", "multipart/form-data; boundary=b"}};

std::string composed(const std::string& sections) {
    const Transcript t = parse_transcript("== request\n" + sections, "f");
    return t.request;
}

TEST(Form, differences_are_told_part_by_part) {
    const std::string expected = composed(
        "== part\ncontent-disposition: form-data; name=a\n\n1\n"
        "== part\ncontent-disposition: form-data; name=f; filename=x\ncontent-type: t/u\n\n2\n");
    const std::string good =
        "--b\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n"
        "--b\r\nContent-Type: t/u\r\nContent-Disposition: form-data; filename=\"x\"; name=\"f\"\r\n"
        "\r\n2\r\n--b--\r\n";
    EXPECT_THAT(diff_form(expected, kHeaders, good), ::testing::IsEmpty());
    const struct {
        std::string from, to, said;
    } cases[] = {
        {"name=\"a\"", "name=\"c\"", "part 1: name:\n      expected a\n      got      c"},
        {"filename=\"x\"; ", "", "part 2: it is no file"},
        {"t/u", "t/v", "part 2: content type:\n      expected t/u\n      got      t/v"},
        {"\r\n2\r\n", "\r\n\1\r\n", "part 2: data:\n      expected 2\n      got      base64 AQ=="},
    };
    for (const auto& one : cases) {
        std::string got = good;
        got.replace(got.find(one.from), one.from.size(), one.to);
        EXPECT_THAT(diff_form(expected, kHeaders, got), ::testing::Contains(one.said));
    }
    EXPECT_THAT(diff_form(expected, kHeaders,
                          "--b\r\nContent-Disposition: form-data; "
                          "name=\"a\"\r\n\r\n1\r\n--b--\r\n"),
                ::testing::ElementsAre("expected 2 parts, got 1"));
    EXPECT_THAT(diff_form(expected, {}, good).at(0),
                ::testing::HasSubstr("the body is no multipart/form-data"));
    EXPECT_THAT(diff_form(expected, kHeaders, "x").at(0),
                ::testing::HasSubstr("the body is no multipart/form-data"));
}

TEST(Form, sections_that_are_written_say_the_same) {
    const std::string body =
        "--b\r\nContent-Disposition: form-data; name=\"a \\\"q\\\" b\"\r\n\r\n1\n2\r\n"
        "--b\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x.bin\"\r\nContent-Type: "
        "t/u\r\n\r\n" +
        std::string("\0\xFF", 2) + "\r\n--b--\r\n";
    const std::string sections = form_sections(kHeaders, body);
    EXPECT_EQ(sections,
              "== part\ncontent-disposition: form-data; name=\"a \\\"q\\\" b\"\n\n1\n2\n"
              "== part base64\ncontent-disposition: form-data; name=\"f\"; filename=\"x.bin\"\n"
              "content-type: t/u\n\nAP8=\n");
    EXPECT_THAT(diff_form(composed(sections), kHeaders, body), ::testing::IsEmpty());
    EXPECT_EQ(form_sections({}, body), "");
}

TEST(Form, parts_of_the_request_stay_when_expectations_are_written) {
    PluginFile file = load("uploads_parts");
    const std::string text = request("base64");
    const std::string written =
        with_expectations(text, play(file, parse_transcript(text, "f"), {}));
    EXPECT_EQ(written.substr(0, text.find("== expect")), text.substr(0, text.find("== expect")));
    EXPECT_EQ(first_problem(file, parse_transcript(written, "f")), "");
}

}  // namespace
}  // namespace patchbay::transcript
